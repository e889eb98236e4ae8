package io.modelbatch.warehouse.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.store.ObjectStores;
import io.modelbatch.warehouse.Extraction;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.ReadPosition;
import io.modelbatch.warehouse.RowReader;
import io.modelbatch.warehouse.Warehouse;
import io.modelbatch.warehouse.WarehouseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A query means locally what GoogleSQL's documentation says, or is refused with its place. */
class GoogleSqlTest {
    @TempDir
    private Path home;

    private Warehouse warehouse;

    @BeforeEach
    void tables() throws IOException {
        Path shop = Files.createDirectories(home.resolve("warehouse/shop"));
        Files.writeString(
                shop.resolve("lines.csv"),
                "id,text,n,price,day,user\n1,one,1,1.50,2026-03-01,u\n2,,2,2.25,2026-03-02,v\n3,three,,0.75,2026-04-01,w\n");
        warehouse = LocalWarehouse.of(
                home.resolve("warehouse"), home.resolve("pinned"), ObjectStores.folder(home.resolve("buckets")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '^',
            nullValues = "NULL",
            value = {
                // texts
                "\"text\" ~ text",
                "'it\\'s' ~ it's",
                "\"it's\" ~ it's",
                "'a\\tb' ~ ^a\tb^",
                "'\\x41\\u00e9\\U0001F388\\101' ~ A\u00e9\ud83c\udf88A",
                "r'\\d' ~ \\d",
                "R\"\\n\" ~ \\n",
                "'''it's ''fine'' ''' ~ ^it's ''fine'' ^",
                "\"\"\"a \"b\" c\"\"\" ~ a \"b\" c",
                "TO_HEX(b'\\xff\\x00') ~ ff00",
                "CAST(b'\\xe7\\x89\\x9b' AS STRING) ~ 牛",
                "'a' || 'b' || 'c' ~ abc",
                "'/* */ -- #' /* 'x' */ # y ~ /* */ -- #",
                // casts
                "CAST(1.0 AS STRING) ~ 1",
                "CAST(0.1 + 0.2 AS STRING) ~ 0.30000000000000004",
                "CAST(1e20 AS STRING) ~ 1e+20",
                "CAST(1 / 4 AS STRING) ~ 0.25",
                "CAST(true AS STRING) ~ true",
                "CAST(DATE '2026-03-01' AS STRING) ~ 2026-03-01",
                "CAST(TIMESTAMP '2026-03-01 09:00:00+09:00' AS STRING) ~ 2026-03-01 00:00:00+00",
                "CAST(NUMERIC '1.50' AS STRING) ~ 1.5",
                "CAST(CAST(2.5 AS INT64) AS STRING) ~ 3",
                "CAST(CAST('-7' AS INT64) AS STRING) ~ -7",
                "CAST(SAFE_CAST('7.5' AS INT64) AS STRING) ~ NULL",
                "CAST(SAFE_CAST('99999999999999999999' AS INT64) AS STRING) ~ NULL",
                "CAST(SAFE_CAST('yes' AS BOOL) AS STRING) ~ NULL",
                "CAST(SAFE_CAST('2026-02-30' AS DATE) AS STRING) ~ NULL",
                "CAST(SAFE_CAST('3/4/2026' AS DATE) AS STRING) ~ NULL",
                "CAST(CAST('1.5e3' AS FLOAT64) AS STRING) ~ 1500",
                // numbers
                "CAST(7 / 2 AS STRING) ~ 3.5",
                "CAST(DIV(-7, 2) AS STRING) ~ -3",
                "CAST(MOD(-7, 2) AS STRING) ~ -1",
                "CAST(SAFE_DIVIDE(1, 0) AS STRING) ~ NULL",
                "CAST(SAFE.DIV(1, 0) AS STRING) ~ NULL",
                "CAST(0x1F AS STRING) ~ 31",
                "CAST(LOG(8, 2) AS STRING) ~ 3",
                "CAST(ROUND(-2.5) AS STRING) ~ -3",
                "CAST(GREATEST(1, NULL, 3) AS STRING) ~ NULL",
                "CAST(LEAST(2, 1) AS STRING) ~ 1",
                "CAST(IF(1 > 2, 1, 2) AS STRING) ~ 2",
                // functions of texts
                "CONCAT('a', NULL) ~ NULL",
                "CONCAT('a', 'b', 'c') ~ abc",
                "SUBSTR('abc', 0, 2) ~ ab",
                "SUBSTR('abc', -2) ~ bc",
                "SUBSTR('abc', -5, 2) ~ ab",
                "CONCAT('[', TRIM(' \\t\\n\u3000x '), ']') ~ [x]",
                "LPAD('a', 3) ~ ^  a^",
                "SPLIT('a,b')[OFFSET(1)] ~ b",
                "SPLIT('a,b')[ORDINAL(1)] ~ a",
                "SPLIT('a,b')[SAFE_OFFSET(9)] ~ NULL",
                "SPLIT('a b', ' ')[0] ~ a",
                "REGEXP_REPLACE('a1b2', r'\\d', '') ~ ab",
                "REGEXP_EXTRACT('a1b2', r'\\d') ~ 1",
                "REGEXP_EXTRACT('a1b2', r'b(\\d)') ~ 2",
                "REGEXP_EXTRACT('a', r'\\d') ~ NULL",
                "CAST(REGEXP_CONTAINS('a1', r'\\d') AS STRING) ~ true",
                "CAST('a%' LIKE 'a\\\\%' AS STRING) ~ true",
                "CAST('ab' LIKE 'a\\\\%' AS STRING) ~ false",
                "CAST('ab' NOT LIKE 'a%' AS STRING) ~ false",
                "TO_HEX(MD5('a')) ~ 0cc175b9c0f1b6a831c399e269772661",
                "CAST(LENGTH('\u00e9') AS STRING) ~ 1",
                "CAST(BYTE_LENGTH('\u00e9') AS STRING) ~ 2",
                "CAST('a' IN UNNEST(['a', 'b']) AS STRING) ~ true",
                "CAST(2 IN UNNEST(GENERATE_ARRAY(1, 3)) AS STRING) ~ true",
                "CAST(ARRAY_LENGTH(SPLIT('a,b')) AS STRING) ~ 2",
                // days and times
                "CAST(DATE('2026-03-01') AS STRING) ~ 2026-03-01",
                "CAST(DATE(2026, 3, 1) AS STRING) ~ 2026-03-01",
                "CAST(DATE(TIMESTAMP '2026-03-01 20:00:00+00', 'Asia/Tokyo') AS STRING) ~ 2026-03-02",
                "CAST(DATE_SUB(DATE '2026-03-01', INTERVAL 1 DAY) AS STRING) ~ 2026-02-28",
                "CAST(DATE_ADD(DATE '2026-01-31', INTERVAL 2 - 1 MONTH) AS STRING) ~ 2026-02-28",
                "CAST(DATE_DIFF(DATE '2026-03-01', DATE '2026-02-27', DAY) AS STRING) ~ 2",
                "CAST(DATE_TRUNC(DATE '2026-03-15', MONTH) AS STRING) ~ 2026-03-01",
                "CAST(EXTRACT(DAYOFWEEK FROM DATE '2026-11-29') AS STRING) ~ 1",
                "CAST(EXTRACT(YEAR FROM DATE '2026-11-29') AS STRING) ~ 2026",
                "CAST(EXTRACT(HOUR FROM TIMESTAMP '2026-03-01 20:00:00' AT TIME ZONE 'Asia/Tokyo') AS STRING) ~ 5",
                "FORMAT_DATE('%Y%m%d', DATE '2026-03-01') ~ 20260301",
                "FORMAT_DATE('%F', DATE '2026-03-01') ~ 2026-03-01",
                "CAST(PARSE_DATE('%Y/%m/%d', '2026/03/01') AS STRING) ~ 2026-03-01",
                "CAST(SAFE.PARSE_DATE('%Y/%m/%d', 'x') AS STRING) ~ NULL",
                "CAST(CURRENT_DATE() = CURRENT_DATE AS STRING) ~ true",
                "CAST(TIMESTAMP_DIFF(TIMESTAMP '2026-03-01 10:11:00', TIMESTAMP '2026-03-01 09:30:00', HOUR) AS STRING) ~ 0",
            })
    void anExpressionMeansWhatItMeansInBigQuery(String expression, @Nullable String value) {
        assertThat(rows("SELECT 'k' AS k, " + expression + "\n AS v")).containsExactly(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '^',
            value = {
                "SELECT id AS k, text AS v FROM shop.lines WHERE text = \"one\" ~ one",
                "SELECT id AS k, text AS v FROM `shop.lines` WHERE text LIKE 'th%' ~ three",
                "SELECT k, v FROM (SELECT * EXCEPT (n, id), id AS k, text AS v FROM shop.lines) WHERE v = 'one' ~ one",
                "SELECT 1 AS k, STRING_AGG(COALESCE(text, '-'), ',' ORDER BY text) AS v FROM shop.lines ~ -,one,three",
                "SELECT id AS k, text AS v FROM shop.lines ORDER BY text LIMIT 1 ~ ^^",
                "SELECT id AS k, user AS v FROM shop.lines WHERE id = 1 ~ u",
                "SELECT 1 AS k, COUNTIF(n > 0) AS v FROM shop.lines ~ 2",
                "SELECT SUM(n) AS k, SUM(n) AS v FROM shop.lines ~ 3",
                "SELECT x AS k, CONCAT('v', CAST(x AS STRING)) AS v FROM UNNEST([7]) AS x ~ v7",
                "SELECT 1 AS k, w AS v FROM shop.lines AS l, UNNEST(SPLIT(l.text, 'h')) w WHERE w = 'ree' ~ ree",
                "SELECT CAST(n AS STRING) AS k, CAST(COUNT(*) AS STRING) AS v FROM shop.lines WHERE n = 1 GROUP BY CAST(n AS STRING) ~ 1",
                "SELECT id AS k, CAST(price AS STRING) AS v FROM shop.lines WHERE id = 1 ~ 1.50",
                "SELECT 1 AS k, 'a' AS v UNION DISTINCT SELECT 1, 'a' ~ a",
                "SELECT 1 AS k, 'a' AS v EXCEPT DISTINCT SELECT 2, 'a' ~ a",
                "SELECT id AS k, text AS v FROM shop.lines QUALIFY ROW_NUMBER() OVER (ORDER BY text DESC) = 1 ~ three",
                "SELECT id AS k, text AS v FROM shop.lines WHERE day BETWEEN DATE('2026-03-01') AND DATE_ADD('2026-03-01', INTERVAL 0 DAY) ~ one",
                "WITH a AS (SELECT id, text FROM shop.lines) SELECT id AS k, text AS v FROM a JOIN (SELECT 1 AS i) ON i = id ~ one",
            })
    void aQueryMeansWhatItMeansInBigQuery(String query, @Nullable String value) {
        assertThat(rows(query)).containsExactly("".equals(value) ? null : value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '^',
            value = {
                "SELECT id AS \"k\" FROM shop.lines ~ column 14 ~ `k`",
                "SELECT id AS 'k' FROM shop.lines ~ column 14 ~ `k`",
                "SELECT 'it''s' AS k ~ column 12 ~ \\'",
                "SELECT id::STRING AS k FROM shop.lines ~ column 10 ~ CAST(",
                "SELECT id AS k FROM 'shop/lines.csv' ~ column 21 ~ not a table",
                "SELECT id AS k FROM shop.lines WHERE text ILIKE 'O%' ~ column 43 ~ ILIKE",
                "SELECT FORMAT('%d', 1) AS k ~ column 8 ~ CONCAT and CAST",
                "SELECT list_value(1) AS k ~ column 8 ~ LIST_VALUE",
                "SELECT id AS k FROM read_csv('x.csv') ~ column 21 ~ READ_CSV",
                "SELECT 7 % 2 AS k ~ column 10 ~ %",
                "SELECT 1 & 3 | 1 AS k ~ column 10 ~ &",
                "SELECT * EXCLUDE (n) FROM shop.lines ~ column 10 ~ EXCEPT",
                "SELECT 1 AS k UNION SELECT 1 ~ column 15 ~ ALL or DISTINCT",
                "SELECT 1 AS k EXCEPT SELECT 1 ~ column 15 ~ DISTINCT",
                "SELECT DISTINCT ON (id) id AS k FROM shop.lines ~ column 17 ~ ROW_NUMBER",
                "SELECT id AS k FROM shop.lines NATURAL JOIN shop.lines ~ column 32 ~ NATURAL",
                "SELECT id AS k FROM shop.lines TABLESAMPLE SYSTEM (10 PERCENT) ~ column 32 ~ TABLESAMPLE",
                "SELECT CAST(id AS VARCHAR) AS k FROM shop.lines ~ column 19 ~ STRING, INT64",
                "SELECT '\\q' AS k ~ column 8 ~ escape",
                "SELECT E'\\' AS k --' ~ column 9 ~ follow E",
                "SELECT X'41' AS k ~ column 9 ~ follow X",
                "SELECT id.upper() AS k FROM shop.lines ~ column 11 ~ upper",
                "SELECT EXTRACT(WEEK FROM DATE '2026-03-01') AS k ~ column 16 ~ WEEK",
                "SELECT DATE_DIFF(DATE '2026-03-01', DATE '2026-02-27', WEEK) AS k ~ column 56 ~ WEEK",
                "SELECT FORMAT_DATE('%Q', DATE '2026-03-01') AS k ~ column 20 ~ %Y",
                "SELECT x AS k FROM UNNEST([1]) ~ column 30 ~ AS x",
                "SELECT UNNEST([1]) AS k ~ column 8 ~ FROM, JOIN or IN",
                "SELECT x AS k FROM UNNEST([1]) AS x WITH OFFSET ~ column 37 ~ OFFSET",
                "SELECT 1_000 AS k ~ column 8 ~ number",
                "SELECT 1e999 AS k ~ column 8 ~ too large",
                "SELECT 名前 AS k FROM shop.lines ~ column 8 ~ `名前`",
                "SELECT CURRENT_TIMESTAMP() AT TIME ZONE 'Asia/Tokyo' AS k ~ column 28 ~ EXTRACT",
                "SELECT $1 AS k ~ column 8 ~ $",
            })
    void whatWouldDifferIsRefusedWithItsPlace(String query, String place, String way) {
        assertThatThrownBy(() -> rows(query))
                .isInstanceOf(WarehouseException.class)
                .hasMessageStartingWith("The query cannot run in both environments: ")
                .hasMessageContainingAll("line 1, " + place, way);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 / 0",
                "DIV(1, 0)",
                "MOD(1, 0)",
                "CAST('7.5' AS INT64)",
                "CAST('yes' AS BOOL)",
                "CAST('3/4/2026' AS DATE)",
                "SPLIT('a')[OFFSET(1)]",
                "SPLIT('a')[1]",
                "REPEAT('a', -1)",
                "CAST('1e3' AS INT64)",
            })
    void whatFailsInBigQueryFails(String expression) {
        assertThatThrownBy(() -> rows("SELECT 'k' AS k, " + expression + " AS v"))
                .isInstanceOf(WarehouseException.class)
                .hasMessageStartingWith("The query cannot run: Invalid Input Error: ");
    }

    @Test
    void aPlaceIsThatOfTheJobFilesQuery() {
        assertThatThrownBy(() -> rows("SELECT id AS k, -- \ud83c\udf88\n  FORMAT('%d', 1) AS v\nFROM shop.lines"))
                .hasMessageContaining("(line 2, column 3 of the query)");
    }

    @Test
    void parametersStayWhereTheyAre() {
        PinnedInput input = warehouse.extract(extraction(
                "SELECT @a AS k, CONCAT(@b, CAST(@day AS STRING), CAST(@n / 2 AS STRING)) AS v",
                Map.of("a", "k", "b", "b", "day", LocalDate.of(2026, 3, 1), "n", 3L)));

        assertThat(values(input)).containsExactly("b2026-03-011.5");
    }

    private List<@Nullable String> rows(String query) {
        return values(warehouse.extract(extraction(query, Map.of())));
    }

    private static Extraction extraction(String query, Map<String, Object> parameters) {
        return new Extraction("x" + UUID.randomUUID(), query, parameters, "k", List.of(), 1, Extraction.Billing.NONE);
    }

    private List<@Nullable String> values(PinnedInput input) {
        List<@Nullable String> values = new ArrayList<>();
        try (RowReader reader = warehouse.read(input, 0, List.of("v"), ReadPosition.BEGINNING)) {
            reader.read(100, Long.MAX_VALUE).ifPresent(block -> values.addAll(block.column("v")));
        }
        return values;
    }
}
