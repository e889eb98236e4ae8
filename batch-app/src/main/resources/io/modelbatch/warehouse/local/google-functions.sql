-- Functions of GoogleSQL whose meaning no function of DuckDB has, as macros. A query calls google_x as X; it has no name for modelbatch_x.
-- FAIL('…') is an error. Each macro with one, and each cast, has a twin google_safe_x or modelbatch_safe_x, whose result is null instead.

CREATE MACRO modelbatch_null(x) AS NULL;
CREATE MACRO modelbatch_double(x) AS CAST(x AS DOUBLE);

-- Casts. DuckDB's own accept more texts, round otherwise and write numbers differently.
CREATE MACRO modelbatch_float_text(x) AS
  CASE WHEN x IS NULL THEN NULL WHEN isfinite(x) AND CAST(printf('%.15g', x) AS DOUBLE) = x THEN printf('%.15g', x)
    WHEN isfinite(x) THEN printf('%.17g', x) WHEN isnan(x) THEN 'nan' WHEN x > 0 THEN 'inf' ELSE '-inf' END;
CREATE MACRO modelbatch_cast_string(x) AS
  CASE WHEN typeof(x) IN ('DOUBLE', 'FLOAT') THEN modelbatch_float_text(TRY_CAST(x AS DOUBLE))
    WHEN typeof(x) LIKE 'DECIMAL%' AND contains(CAST(x AS VARCHAR), '.') THEN rtrim(rtrim(CAST(x AS VARCHAR), '0'), '.')
    WHEN typeof(x) = 'BLOB' THEN decode(TRY_CAST(x AS BLOB)) ELSE CAST(x AS VARCHAR) END;
CREATE MACRO modelbatch_cast_int64(x) AS
  CASE WHEN typeof(x) IN ('DOUBLE', 'FLOAT') THEN CAST(round(TRY_CAST(x AS DOUBLE)) AS BIGINT)
    WHEN typeof(x) = 'VARCHAR' AND NOT regexp_full_match(CAST(x AS VARCHAR), '\s*[-+]?[0-9]+\s*')
    THEN FAIL('The text ''' || CAST(x AS VARCHAR) || ''' is not an INT64') ELSE CAST(x AS BIGINT) END;
CREATE MACRO modelbatch_cast_float64(x) AS
  CASE WHEN typeof(x) = 'VARCHAR' AND NOT
      regexp_full_match(CAST(x AS VARCHAR), '(?i)\s*[-+]?(([0-9]+\.?[0-9]*|\.[0-9]+)(e[-+]?[0-9]+)?|inf|infinity|nan)\s*')
    THEN FAIL('The text ''' || CAST(x AS VARCHAR) || ''' is not a FLOAT64') ELSE CAST(x AS DOUBLE) END;
CREATE MACRO modelbatch_cast_bool(x) AS
  CASE WHEN typeof(x) = 'VARCHAR' AND NOT lower(CAST(x AS VARCHAR)) IN ('true', 'false')
    THEN FAIL('The text ''' || CAST(x AS VARCHAR) || ''' is not a BOOL') ELSE CAST(x AS BOOLEAN) END;
CREATE MACRO modelbatch_cast_date(x) AS
  CASE WHEN typeof(x) = 'VARCHAR' AND NOT regexp_full_match(CAST(x AS VARCHAR), '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}')
    THEN FAIL('The text ''' || CAST(x AS VARCHAR) || ''' is not a DATE, such as 2026-03-31') ELSE CAST(x AS DATE) END;
CREATE MACRO modelbatch_cast_datetime(x) AS
  CASE WHEN typeof(x) = 'VARCHAR' AND NOT regexp_full_match(CAST(x AS VARCHAR),
      '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([ Tt][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\.[0-9]{1,6})?)?')
    THEN FAIL('The text ''' || CAST(x AS VARCHAR) || ''' is not a DATETIME, such as 2026-03-31 10:00:00')
    ELSE CAST(x AS TIMESTAMP) END;
CREATE MACRO modelbatch_cast_timestamp(x) AS
  CASE WHEN typeof(x) = 'VARCHAR' AND NOT regexp_full_match(CAST(x AS VARCHAR),
      '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([ Tt][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\.[0-9]{1,6})?)?( ?(UTC|[Zz]|[-+][0-9]{1,2}(:[0-9]{2})?))?')
    THEN FAIL('The text ''' || CAST(x AS VARCHAR) || ''' is not a TIMESTAMP, such as 2026-03-31 10:00:00+09:00')
    ELSE CAST(x AS TIMESTAMPTZ) END;
CREATE MACRO modelbatch_cast_bytes(x) AS CASE WHEN typeof(x) = 'VARCHAR' THEN encode(CAST(x AS VARCHAR)) ELSE CAST(x AS BLOB) END;

-- Numbers.
CREATE MACRO modelbatch_quotient(a, b) AS CASE WHEN b = 0 THEN FAIL('division by zero') ELSE a / b END;
CREATE MACRO google_div(a, b) AS CASE WHEN b = 0 THEN FAIL('division by zero') ELSE a // b END;
CREATE MACRO google_mod(a, b) AS CASE WHEN b = 0 THEN FAIL('division by zero') ELSE a % b END;
CREATE MACRO google_round(x) AS round(CAST(x AS DOUBLE)), (x, n) AS round(CAST(x AS DOUBLE), CAST(n AS INTEGER));
CREATE MACRO google_trunc(x) AS trunc(CAST(x AS DOUBLE));
CREATE MACRO google_ceil(x) AS ceil(CAST(x AS DOUBLE));
CREATE MACRO google_floor(x) AS floor(CAST(x AS DOUBLE));
CREATE MACRO google_log(x) AS ln(x), (x, base) AS ln(x) / ln(base);
CREATE MACRO google_greatest(l) AS CASE WHEN list_count(l) = len(l) THEN list_max(l) END;
CREATE MACRO google_least(l) AS CASE WHEN list_count(l) = len(l) THEN list_min(l) END;

-- Texts.
CREATE MACRO modelbatch_like(x, pattern) AS like_escape(x, pattern, '\');
CREATE MACRO modelbatch_not_like(x, pattern) AS not_like_escape(x, pattern, '\');
CREATE MACRO google_concat(l) AS
  CASE WHEN typeof(l) NOT IN ('VARCHAR[]', 'INTEGER[]', '"NULL"[]') THEN FAIL('CONCAT takes texts here; cast its arguments to STRING')
    WHEN list_count(l) = len(l) THEN array_to_string(l, '') END;
CREATE MACRO google_substr(x, p) AS
    CASE WHEN typeof(x) <> 'VARCHAR' THEN FAIL('SUBSTR takes a text here')
      WHEN p < 0 AND -p <= length(CAST(x AS VARCHAR)) THEN substring(CAST(x AS VARCHAR), CAST(length(CAST(x AS VARCHAR)) + p + 1 AS BIGINT))
      ELSE substring(CAST(x AS VARCHAR), CAST(greatest(p, 1) AS BIGINT)) END,
  (x, p, n) AS
    CASE WHEN typeof(x) <> 'VARCHAR' THEN FAIL('SUBSTR takes a text here') WHEN n < 0 THEN FAIL('SUBSTR: the length is negative')
      WHEN p < 0 AND -p <= length(CAST(x AS VARCHAR)) THEN substring(CAST(x AS VARCHAR), CAST(length(CAST(x AS VARCHAR)) + p + 1 AS BIGINT), n)
      ELSE substring(CAST(x AS VARCHAR), CAST(greatest(p, 1) AS BIGINT), n) END;
CREATE MACRO google_trim(x) AS regexp_replace(x, '^[\s\v\x{85}\p{Z}]+|[\s\v\x{85}\p{Z}]+$', '', 'g'), (x, c) AS trim(x, c);
CREATE MACRO google_ltrim(x) AS regexp_replace(x, '^[\s\v\x{85}\p{Z}]+', ''), (x, c) AS ltrim(x, c);
CREATE MACRO google_rtrim(x) AS regexp_replace(x, '[\s\v\x{85}\p{Z}]+$', ''), (x, c) AS rtrim(x, c);
CREATE MACRO google_lpad(x, n) AS CASE WHEN n < 0 THEN FAIL('LPAD: the length is negative') ELSE lpad(x, CAST(n AS INTEGER), ' ') END,
  (x, n, p) AS CASE WHEN n < 0 OR p = '' THEN FAIL('LPAD: the length is negative or the pattern empty') ELSE lpad(x, CAST(n AS INTEGER), p) END;
CREATE MACRO google_rpad(x, n) AS CASE WHEN n < 0 THEN FAIL('RPAD: the length is negative') ELSE rpad(x, CAST(n AS INTEGER), ' ') END,
  (x, n, p) AS CASE WHEN n < 0 OR p = '' THEN FAIL('RPAD: the length is negative or the pattern empty') ELSE rpad(x, CAST(n AS INTEGER), p) END;
CREATE MACRO google_left(x, n) AS CASE WHEN n < 0 THEN FAIL('LEFT: the length is negative') ELSE left(x, n) END;
CREATE MACRO google_right(x, n) AS CASE WHEN n < 0 THEN FAIL('RIGHT: the length is negative') ELSE right(x, n) END;
CREATE MACRO google_repeat(x, n) AS CASE WHEN n < 0 THEN FAIL('REPEAT: the count is negative') ELSE repeat(x, n) END;
CREATE MACRO google_replace(x, a, b) AS CASE WHEN a = '' AND b IS NOT NULL THEN x ELSE replace(x, a, b) END;
CREATE MACRO google_length(x) AS CASE WHEN typeof(x) = 'BLOB' THEN octet_length(TRY_CAST(x AS BLOB)) ELSE length(CAST(x AS VARCHAR)) END;
CREATE MACRO google_byte_length(x) AS CASE WHEN typeof(x) = 'BLOB' THEN octet_length(TRY_CAST(x AS BLOB)) ELSE strlen(CAST(x AS VARCHAR)) END;
CREATE MACRO google_split(x) AS split(x, ','), (x, d) AS split(x, d);
CREATE MACRO google_regexp_contains(x, r) AS regexp_matches(x, r);
CREATE MACRO google_regexp_replace(x, r, w) AS regexp_replace(x, r, w, 'g');
CREATE MACRO google_regexp_extract(x, r) AS CASE WHEN regexp_matches(x, r) THEN regexp_extract(x, r, 0) END;
CREATE MACRO google_regexp_extract_group(x, r) AS CASE WHEN regexp_matches(x, r) THEN regexp_extract(x, r, 1) END;
CREATE MACRO google_md5(x) AS unhex(md5(x));
CREATE MACRO google_sha1(x) AS unhex(sha1(x));
CREATE MACRO google_sha256(x) AS unhex(sha256(x));
CREATE MACRO google_to_hex(x) AS lower(hex(CASE WHEN typeof(x) = 'BLOB' THEN x ELSE FAIL('TO_HEX takes BYTES') END));
CREATE MACRO google_json_value(x, p) AS CASE WHEN json_type(x, p) IN ('OBJECT', 'ARRAY') THEN NULL ELSE json_extract_string(x, p) END;

-- Arrays.
CREATE MACRO modelbatch_offset(l, i) AS CASE WHEN i < 0 OR i >= len(l) THEN FAIL('the array has no element ' || i) ELSE l[i + 1] END;
CREATE MACRO modelbatch_ordinal(l, i) AS CASE WHEN i < 1 OR i > len(l) THEN FAIL('the array has no element ' || i) ELSE l[i] END;

-- Days and times.
CREATE MACRO google_current_date() AS CAST(now() AS DATE), (zone) AS CAST(timezone(zone, now()) AS DATE);
CREATE MACRO google_current_datetime() AS CAST(now() AS TIMESTAMP), (zone) AS timezone(zone, now());
CREATE MACRO google_date(x) AS modelbatch_cast_date(x), (x, zone) AS CAST(timezone(zone, CAST(x AS TIMESTAMPTZ)) AS DATE),
  (y, m, d) AS make_date(y, m, d);
CREATE MACRO google_datetime(x) AS modelbatch_cast_datetime(x), (x, zone) AS timezone(zone, CAST(x AS TIMESTAMPTZ));
CREATE MACRO google_timestamp(x) AS modelbatch_cast_timestamp(x), (x, zone) AS timezone(zone, modelbatch_cast_datetime(x));
CREATE MACRO google_date_add(d, i) AS CAST(CAST(d AS DATE) + i AS DATE);
CREATE MACRO google_date_sub(d, i) AS CAST(CAST(d AS DATE) - i AS DATE);
CREATE MACRO google_datetime_add(d, i) AS CAST(d AS TIMESTAMP) + i;
CREATE MACRO google_datetime_sub(d, i) AS CAST(d AS TIMESTAMP) - i;
CREATE MACRO google_timestamp_add(d, i) AS CAST(d AS TIMESTAMPTZ) + i;
CREATE MACRO google_timestamp_sub(d, i) AS CAST(d AS TIMESTAMPTZ) - i;
CREATE MACRO google_date_diff(a, b, part) AS date_diff(part, CAST(b AS DATE), CAST(a AS DATE));
CREATE MACRO google_datetime_diff(a, b, part) AS date_diff(part, CAST(b AS TIMESTAMP), CAST(a AS TIMESTAMP));
CREATE MACRO google_timestamp_diff(a, b, part) AS date_sub(part, CAST(b AS TIMESTAMPTZ), CAST(a AS TIMESTAMPTZ));
CREATE MACRO google_date_trunc(d, part) AS CAST(date_trunc(part, CAST(d AS DATE)) AS DATE);
CREATE MACRO google_datetime_trunc(d, part) AS CAST(date_trunc(part, CAST(d AS TIMESTAMP)) AS TIMESTAMP);
CREATE MACRO google_timestamp_trunc(d, part) AS CAST(date_trunc(part, CAST(d AS TIMESTAMPTZ)) AS TIMESTAMPTZ);
CREATE MACRO google_format_date(f, d) AS strftime(CAST(d AS DATE), f);
CREATE MACRO google_format_timestamp(f, t) AS strftime(CAST(CAST(t AS TIMESTAMPTZ) AS TIMESTAMP), f);
CREATE MACRO google_format_datetime(f, t) AS strftime(CAST(t AS TIMESTAMP), f);
CREATE MACRO google_parse_date(f, x) AS CAST(strptime(x, f) AS DATE);
CREATE MACRO google_safe_divide(a, b) AS CASE WHEN b <> 0 THEN a / b END;
CREATE MACRO google_safe_parse_date(f, x) AS CAST(try_strptime(x, f) AS DATE);
CREATE MACRO google_unix_seconds(t) AS CAST(floor(epoch_us(CAST(t AS TIMESTAMPTZ)) / 1000000) AS BIGINT);
CREATE MACRO google_timestamp_seconds(n) AS make_timestamptz(CAST(n AS BIGINT) * 1000000);
CREATE MACRO google_timestamp_millis(n) AS make_timestamptz(CAST(n AS BIGINT) * 1000);
CREATE MACRO modelbatch_dayofweek(x) AS date_part('dayofweek', x) + 1;
