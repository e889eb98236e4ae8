package io.modelbatch.warehouse.local;

import static io.modelbatch.warehouse.local.LocalTable.CSV;
import static io.modelbatch.warehouse.local.LocalTable.JSONL;
import static io.modelbatch.warehouse.local.LocalTable.MANY;
import static io.modelbatch.warehouse.local.LocalTable.QUERY;
import static io.modelbatch.warehouse.local.LocalTable.SCHEMA;
import static io.modelbatch.warehouse.local.LocalTable.csv;
import static io.modelbatch.warehouse.local.LocalTable.jsonl;
import static io.modelbatch.warehouse.local.LocalTable.many;
import static io.modelbatch.warehouse.local.LocalTable.parquet;
import static io.modelbatch.warehouse.local.LocalTable.read;
import static io.modelbatch.warehouse.local.LocalTable.refused;
import static io.modelbatch.warehouse.local.LocalTable.refusedCsv;
import static io.modelbatch.warehouse.local.LocalTable.refusedJson;
import static io.modelbatch.warehouse.local.LocalTable.same;
import static io.modelbatch.warehouse.local.LocalTable.texts;
import static io.modelbatch.warehouse.local.LocalTable.values;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;

import io.modelbatch.warehouse.local.LocalTable.Content;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Tables as people have them. */
public final class CommonTables {
    private CommonTables() {}

    /** Those that are read, in any format. */
    public static Stream<LocalTable> readable() {
        return Stream.of(csvThatIsRead(), jsonThatIsRead(), parquetThatIsRead(), pathsThatArePaths())
                .flatMap(tables -> tables);
    }

    /** Those that are refused. */
    static Stream<LocalTable> refusable() {
        return Stream.concat(refusedFiles(), refusedForTheirSchema());
    }

    private static Stream<LocalTable> csvThatIsRead() {
        return Stream.of(
                csv("BOM", "\uFEFFid,text\na,x\n", "a", "x"),
                csv("BOM before a quoted name", "\uFEFF\"id\",text\na,x\n", "a", "x"),
                csv("CRLF", "id,text\r\na,x\r\nb,y\r\n", "a", "x", "b", "y"),
                csv("CR", "id,text\ra,x\rb,y\r", "a", "x", "b", "y"),
                csv("mixed line ends", "id,text\r\na,x\nb,y\rc,z\n", "a", "x", "b", "y", "c", "z"),
                csv("no newline at the end", "id,text\na,x\nb,y", "a", "x", "b", "y"),
                csv("no newline after an empty field", "id,text\na,x\nb,", "a", "x", "b", null),
                csv("no newline after a quoted field", "id,text\na,\"x\"", "a", "x"),
                csv("a row that begins with #", "id,text\n#1,x\n# 2,y\n", "#1", "x", "# 2", "y"),
                csv("a header that begins with #", "#,id,text\n1,a,x\n", "a", "x"),
                same("other quotes", "it's", "'hello'", "'tis", "`x`", "“x”", "\\", "\\n", "x\\", "\\'x\\'"),
                texts("quoted", "\"\"", "", "\"x\"", "x", "\"a \"\"b\"\" c\"", "a \"b\" c", "\"\"\"\"", "\""),
                texts("delimiter and quote inside quotes", "\"a, b\"", "a, b", "\"\"\",\"\"\"", "\",\""),
                texts(
                        "line breaks inside quotes",
                        "\"a\nb\"",
                        "a\nb",
                        "\"a\r\nb\"",
                        "a\r\nb",
                        "\"a\rb\n\n\"",
                        "a\rb\n\n"),
                same("a quote inside an unquoted field", "5\" pipe", "a\"b\"c", "x\"", " \"x\""),
                texts("empty and null", "", null, "\"\"", "", " ", " ", "NULL", "NULL", "NA", "NA", "null", "null"),
                same("blanks stay", " 7 ", " x", "x ", "\t", "\u00A0", "\u3000x\u3000"),
                csv("blanks around a key stay", "id,text\n 1,x\n2 ,y\n", " 1", "x", "2 ", "y"),
                csv("blank lines", "id,text\n\na,x\n\n\nb,y\n\n", "a", "x", "b", "y"),
                csv("header only", "id,text\n"),
                csv("header only, without a newline", "id,text"),
                csv("semicolons", "id;text\na;x, y\n", "a", "x, y"),
                csv("tabs", "id\ttext\na\tx, y; z\n", "a", "x, y; z"),
                csv("bars", "id|text\na|x, y\n", "a", "x, y"),
                csv("a delimiter inside a quoted name", "id;\"a,b\";text\na;1;x\n", "a", "x"),
                csv("quotes and delimiter inside a quoted name", "id;\"a \"\",\"\" b\";text\na;1;x\n", "a", "x"),
                csv("a line break inside a quoted name", "id;\"a,\nb\";text\na;1;x\n", "a", "x"),
                csv("a quote inside an unquoted name", "id;5\" pipe;text\na;1;x\n", "a", "x"),
                csv("a schema with a delimiter", "id;a,b;text\na;1;x\n", "a", "x")
                        .with(SCHEMA, "delimiter: \";\"\n"),
                csv("a delimiter that only a schema names", "id^text\na^x,y\n", "a", "x,y")
                        .with(SCHEMA, "delimiter: \"^\"\n"),
                csv("a schema with types", "id,text\n007,1\n8,2\n", "007", "1", "8", "2")
                        .with(SCHEMA, "columns: { id: STRING, text: INT64 }\n"),
                csv("a schema makes a whole number of one with zeros", "id,text\n007,1.50\n", 7L, "1.5")
                        .with(SCHEMA, "columns:\n  id: INT64\n  text: FLOAT64\n"),
                csv("a schema keeps whole numbers text", "id,text\n1,2\n", "1", "2")
                        .with(SCHEMA, "columns: { id: STRING }\n"),
                same("decimals as written", "1.10", "1.1", "2.0", "1"),
                same("canonical decimals", "1.5", "-2.25", "1000000.0"),
                same("zeros in front", "00123", "007", "1"),
                same("words that mean truth", "yes", "no", "TRUE", "True", "true", "t", "1"),
                same("truth", "true", "false"),
                same("times of other places", "3/4/2026", "31.03.2026", "2026-3-1", "20260331"),
                same("dates", "2026-03-31", "2024-02-29"),
                same("no date", "2026-02-30", "2026-02-01"),
                same("date and time", "2026-03-31 10:00:00", "2026-03-31 10:00:00.5"),
                same("date and time with a zone", "2026-03-31T10:00:00Z", "2026-03-31T10:00:00+09:00"),
                same("times", "10:00:00", "24:00:00"),
                same("exponents", "12E3", "1e5", "1E5"),
                csv("keys like exponents", "id,text\n12E3,x\n12000,y\n", "12E3", "x", "12000", "y"),
                csv(
                        "a UUID in capitals",
                        "id,text\n6F9619FF-8B86-D011-B42D-00C04FC964FF,x\n",
                        "6F9619FF-8B86-D011-B42D-00C04FC964FF",
                        "x"),
                same("numbers no double has", "1e400", "-1e400", "1e-400", "0.1000000000000000055511151231257827"),
                same("minus nothing", "-0", "0"),
                same("minus nothing as a decimal", "-0.0", "0.0"),
                same("plus", "+1", "1"),
                same("no numbers", "NaN", "nan", "inf", "-Infinity"),
                csv(
                        "beyond 2^53",
                        "id,text\n9007199254740993,9007199254740993\n9007199254740992,9007199254740992\n",
                        9_007_199_254_740_993L,
                        "9007199254740993",
                        9_007_199_254_740_992L,
                        "9007199254740992"),
                csv(
                        "the ends of int64",
                        "id,text\n9223372036854775807,x\n-9223372036854775808,y\n",
                        Long.MAX_VALUE,
                        "x",
                        Long.MIN_VALUE,
                        "y"),
                csv("beyond int64", "id,text\n9223372036854775808,x\n1,y\n", "9223372036854775808", "x", "1", "y"),
                same("digits beyond every type", "123456789012345678901234567890123456789012345678901234567890"),
                same("hexadecimal and groups", "0x1F", "1_000", "1,000".replace(",", "."), "0b1", "1 000"),
                same("money", "$1.00", "€5", "(1)", "5%"),
                same("JSON in a field", "{}", "[1]", "{a}"),
                same("keywords of DuckDB", "now", "today", "epoch", "infinity"),
                same(
                        "emoji and Japanese",
                        "🥛",
                        "👩‍👩‍👧",
                        "冷凍チーズ 3個",
                        "ﾊﾝｶｸ",
                        "é",
                        "e\u0301",
                        "\u202Eabc",
                        "\uFEFFx",
                        "\uFFFF"),
                same("a NUL character", "a\0b", "\0", "a\0c"),
                csv("a NUL character in keys", "id,text\na\0b,x\na\0c,y\n", "a\0b", "x", "a\0c", "y"),
                same("line separators of Unicode", "a\u2028b", "a\u0085b", "a\u000Bb", "a\fb"),
                csv("a last row that looks like the end", "id,text\n\uFFFF,\uFFFF\n", "\uFFFF", "\uFFFF"),
                csv("one column", "id\nx y\n\"\"\n", "x y", "x y", "", "").asked("SELECT id, id AS text FROM shop.t"),
                csv("one column with a blank line", "text\nx\n\ny\n", "<x>", "x", "<>", null, "<y>", "y")
                        .asked("SELECT '<' || ifnull(text, '') || '>' AS id, text FROM shop.t"),
                csv("one column and a last quoted blank", "text\n\"\"", "k", "")
                        .asked("SELECT 'k' AS id, text FROM shop.t"),
                csv("a name with odd characters", "id,\"o'brien \"\"x\"\" é 🥛\"\na,x\n", "a", "x")
                        .asked("SELECT id, `o'brien \"x\" é 🥛` AS text FROM shop.t"),
                csv("a name with blanks and dots", "id,the text.of it \na,x\n", "a", "x")
                        .asked("SELECT id, `the text.of it ` AS text FROM shop.t"),
                csv("names that are words of SQL", "select,from\na,x\n", "a", "x")
                        .asked("SELECT `select` AS id, `from` AS text FROM shop.t"),
                csv(
                        "a text of 3 million characters",
                        "id,text\na," + "牛乳x".repeat(1_000_000) + "\n",
                        "a",
                        "牛乳x".repeat(1_000_000)),
                csv(
                        "a quoted text of 3 million characters",
                        "id,text\na,\"" + "\"\"x\n".repeat(1_000_000) + "\"\n",
                        "a",
                        "\"x\n".repeat(1_000_000)),
                csv("quotes late", many("id,text\n", "k%s,t\n", "z,\"a, \"\"b\"\"\"\n"), "z", "a, \"b\"")
                        .asked(QUERY + " WHERE id = 'z'"),
                csv("a text key late", many("id,text\n", "%s,t\n", "1A,x\n007,y\n"), "1A", "x", "007", "y", "7", "t")
                        .asked(QUERY + " WHERE id IN ('1A', '007', '7')"),
                csv("a decimal late", many("id,text\n", "k%s,1\n", "z,1.50\n"), "z", "1.50", "k0", "1")
                        .asked(QUERY + " WHERE id IN ('z', 'k0')"),
                csv(
                                "a date of another form late",
                                many("id,text\n", "k%s,2026-03-31\n", "z,3/4/2026\n"),
                                "z",
                                "3/4/2026",
                                "k0",
                                "2026-03-31")
                        .asked(QUERY + " WHERE id IN ('z', 'k0')"),
                csv("the first value late", many("id,text\n", "k%s,\n", "z,00123\n"), "z", "00123", "k0", null)
                        .asked(QUERY + " WHERE id IN ('z', 'k0')"));
    }

    private static Stream<LocalTable> jsonThatIsRead() {
        return Stream.of(
                jsonl("BOM", "\uFEFF{\"id\":\"a\",\"text\":\"x\"}\n", "a", "x"),
                jsonl(
                        "CRLF, no newline at the end",
                        "{\"id\":\"a\",\"text\":\"x\"}\r\n{\"id\":\"b\",\"text\":\"y\"}",
                        "a",
                        "x",
                        "b",
                        "y"),
                jsonl(
                        "blank lines",
                        "\n{\"id\":\"a\",\"text\":\"x\"}\n \n\n{\"id\":\"b\",\"text\":\"y\"}\n\n",
                        "a",
                        "x",
                        "b",
                        "y"),
                jsonl(
                        "a late key",
                        "{\"id\":\"a\"}\n{\"text\":\"x\",\"id\":\"b\"}\n{\"id\":\"c\",\"text\":null}\n",
                        "a",
                        null,
                        "b",
                        "x",
                        "c",
                        null),
                jsonl("a very late key", many("", "{\"id\":%s}\n", "{\"id\":-1,\"text\":\"x\"}\n"), -1L, "x", 0L, null)
                        .asked(QUERY + " WHERE id IN (-1, 0)"),
                jsonl(
                                "a late text among whole keys",
                                many("", "{\"id\":%s,\"text\":\"t\"}\n", "{\"id\":\"007\"}\n"),
                                "7",
                                "t",
                                "007",
                                null)
                        .asked(QUERY + " WHERE id IN ('7', '007')"),
                jsonl(
                        "empty text and null",
                        "{\"id\":\"a\",\"text\":\"\"}\n{\"id\":\"b\",\"text\":null}\n",
                        "a",
                        "",
                        "b",
                        null),
                values("numbers among texts", "\"00123\"", "00123", "123", "123", "1.10", "1.10", "true", "true"),
                values("texts like numbers", "\"1\"", "1", "\"2\"", "2"),
                values("texts like times", "\"2026-03-31\"", "2026-03-31", "\"2026-04-01\"", "2026-04-01"),
                values("texts like times of other forms", "\"2026-03-31\"", "2026-03-31", "\"3/4/2026\"", "3/4/2026"),
                values(
                        "texts like UUIDs",
                        "\"6F9619FF-8B86-D011-B42D-00C04FC964FF\"",
                        "6F9619FF-8B86-D011-B42D-00C04FC964FF"),
                values("numbers as written", "1.10", "1.10", "1E5", "1E5", "-0", "-0", "1e400", "1e400"),
                values(
                        "large numbers",
                        "9007199254740993",
                        "9007199254740993",
                        "9223372036854775808",
                        "9223372036854775808"),
                values("truth", "true", "true", "false", "false", "null", null),
                values(
                        "arrays and objects",
                        "[1, 2.0,\"é\"]",
                        "[1, 2.0,\"é\"]",
                        "{\"b\":1, \"a\":[{}]}",
                        "{\"b\":1, \"a\":[{}]}"),
                values("nested values among texts", "[1]", "[1]", "\"x\"", "x", "{\"a\":\"]}\"}", "{\"a\":\"]}\"}"),
                values("nested texts after wide characters", "[\"🥛\",{\"牛乳\":\"🥛\"}]", "[\"🥛\",{\"牛乳\":\"🥛\"}]"),
                values(
                        "escapes",
                        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
                        "\"\\/\b\f\n\r\t",
                        "\"\\u00e9\"",
                        "é",
                        "\"\\u0000x\"",
                        "\0x"),
                values("pairs of surrogates", "\"\\ud83e\\udd5b\"", "🥛", "\"🥛\"", "🥛"),
                values("other line separators", "\"a\u2028b\u0085c\"", "a\u2028b\u0085c"),
                jsonl("whole keys", "{\"id\":1,\"text\":\"x\"}\n{\"id\":-2,\"text\":\"y\"}\n", 1L, "x", -2L, "y"),
                jsonl(
                        "keys as written",
                        "{\"id\":1,\"text\":\"x\"}\n{\"id\":1.0,\"text\":\"y\"}\n",
                        "1",
                        "x",
                        "1.0",
                        "y"),
                jsonl(
                        "keys in another order",
                        "{\"text\":\"x\",\"id\":\"a\"}\n{\"id\":\"b\",\"text\":\"y\"}\n",
                        "a",
                        "x",
                        "b",
                        "y"),
                jsonl("odd names", "{\"id\":\"a\",\"o'brien \\\"x\\\"\":\"x\"}\n", "a", "x")
                        .asked("SELECT id, `o'brien \"x\"` AS text FROM shop.t"),
                jsonl("a schema with types", "{\"id\":\"7\",\"text\":\"1\"}\n", 7L, "1")
                        .with(SCHEMA, "columns: { id: INT64 }\n"),
                jsonl(
                        "a text of 3 million characters",
                        "{\"id\":\"a\",\"text\":\"" + "牛乳x".repeat(1_000_000) + "\"}",
                        "a",
                        "牛乳x".repeat(1_000_000)));
    }

    private static Stream<LocalTable> parquetThatIsRead() {
        return Stream.of(
                parquet("texts as bytes", "SELECT 'a'::BLOB AS id, encode('牛乳') AS text", "a", "牛乳"),
                parquet("bytes that are no text", "SELECT 'a' AS id, '\\xFF\\x00'::BLOB AS text", "a", "/wA="),
                parquet(
                        "one value that is no text",
                        "SELECT * FROM (VALUES ('a', 'x'::BLOB), ('b', '\\xFF'::BLOB), ('c', NULL)) t(id, text)",
                        "a",
                        "eA==",
                        "b",
                        "/w==",
                        "c",
                        null),
                parquet("decimals", "SELECT 'a' AS id, 1.10::DECIMAL(10, 2) AS text", "a", "1.10"),
                parquet(
                        "a dictionary",
                        "SELECT 'k' || i AS id, 'same' AS text FROM range(3) r(i)",
                        "k0",
                        "same",
                        "k1",
                        "same",
                        "k2",
                        "same"),
                parquet(
                        "times",
                        "SELECT 'a' AS id, TIMESTAMP '2026-03-31 10:00:00' AS text",
                        "a",
                        "2026-03-31 10:00:00"),
                parquet(
                        "times with a zone", "SELECT 'a' AS id, TIMESTAMPTZ '2026-03-31 10:00:00+09' AS text",
                        "a", "2026-03-31 01:00:00+00"),
                parquet("dates", "SELECT 'a' AS id, DATE '2026-03-31' AS text", "a", "2026-03-31"),
                parquet("truth", "SELECT 'a' AS id, true AS text", "a", "true"),
                parquet("lists", "SELECT 'a' AS id, [1, 2] AS text", "a", "[1,2]"),
                parquet("TINYINT", "SELECT (-128)::TINYINT AS id, 'x' AS text", -128L, "x"),
                parquet("SMALLINT", "SELECT (-32768)::SMALLINT AS id, 'x' AS text", -32768L, "x"),
                parquet("INTEGER", "SELECT 2147483647::INTEGER AS id, 'x' AS text", 2147483647L, "x"),
                parquet("BIGINT", "SELECT 9223372036854775807 AS id, 'x' AS text", Long.MAX_VALUE, "x"),
                parquet("UTINYINT", "SELECT 255::UTINYINT AS id, 'x' AS text", 255L, "x"),
                parquet("USMALLINT", "SELECT 65535::USMALLINT AS id, 'x' AS text", 65535L, "x"),
                parquet("UINTEGER", "SELECT 4294967295::UINTEGER AS id, 'x' AS text", 4294967295L, "x"),
                parquet(
                                "UBIGINT as text", "SELECT 18446744073709551615::UBIGINT AS id, 'x' AS text",
                                "18446744073709551615", "x")
                        .asked("SELECT CAST(id AS STRING) AS id, text FROM shop.t"),
                parquet(
                        "texts as they are",
                        "SELECT * FROM (VALUES ('00', ''), (' 1 ', NULL), ('é', '🥛')) t(id, text)",
                        "00",
                        "",
                        " 1 ",
                        null,
                        "é",
                        "🥛"));
    }

    private static Stream<LocalTable> pathsThatArePaths() {
        return Stream.of("csv", "jsonl", "parquet")
                .flatMap(format -> Stream.of(
                        path(format, "shop", "sales[1]", "shop/sales1"),
                        path(format, "shop", "a*b", "shop/axb"),
                        path(format, "shop", "a?b", "shop/axb"),
                        path(format, "shop", "{a,b}", "shop/a"),
                        path(format, "shop", "o'brien", "shop/x"),
                        path(format, "text=hello", "t", "text=x/t"),
                        path(format, "date=2026-03-31", "t", "shop/t"),
                        path(format, "region=eu", "t", "region=us/t"),
                        path(format, "shop", "売上 🥛", "shop/x"),
                        path(format, "shop", "t", "shop/broken")))
                .flatMap(List::stream);
    }

    /** A table of this name beside another one that a pattern would match, and beside a broken one. */
    private static List<LocalTable> path(String format, String dataset, String name, String other) {
        String table = dataset + "/" + name + "." + format;
        Content content = switch (format) {
            case "csv" -> Content.of("id,text\na,x\n");
            case "jsonl" -> Content.of("{\"id\":\"a\",\"text\":\"x\"}\n");
            default -> Content.parquet("SELECT 'a' AS id, 'x' AS text");
        };
        return List.of(read(table, table, content, "a", "x")
                .with(other + "." + format, "\"broken")
                .asked("SELECT * FROM `" + dataset + "`.`" + name.replace("\\", "\\\\") + "`"));
    }

    private static Stream<LocalTable> refusedFiles() {
        String utf8 = "UTF-8";
        return Stream.of(
                refusedCsv("an empty file", "", "t.csv", "empty"),
                refusedCsv("only a BOM", "\uFEFF", "t.csv", "empty"),
                refusedCsv("an empty first line", "\nid,text\na,x\n", "t.csv", "line 1", "name"),
                refusedCsv("more fields", "id,text\na,x\nb,y,z\n", "t.csv", "line 3", "3 fields", "2 columns"),
                refusedCsv("fewer fields", "id,text\na,x\nb\n", "t.csv", "line 3", "1 field", "2 columns"),
                refusedCsv("a delimiter at the end", "id,text\na,x,\n", "t.csv", "line 2", "3 fields"),
                refusedCsv("more fields after CR line ends", "id,text\ra,x\rb,y,z\r", "t.csv", "line 3"),
                refusedCsv(
                        "more fields after CRLF line ends", "id,text\r\na,\"x\r\ny\"\r\nb,y,z\r\n", "t.csv", "line 4"),
                refusedCsv("more fields late", many("id,text\n", "k%s,t\n", "z,t,t\n"), "t.csv", "line " + (MANY + 2)),
                refusedCsv("names twice", "id,text,text\na,x,y\n", "t.csv", "line 1", "'text'", "twice"),
                refusedCsv("names twice by case", "id,text,Text\na,x,y\n", "t.csv", "line 1", "'Text'", "twice"),
                refusedCsv("no name", "id,text,\na,x,y\n", "t.csv", "line 1", "column 3", "no name"),
                refusedCsv("an empty quoted name", "id,\"\",text\na,x,y\n", "t.csv", "line 1", "column 2", "no name"),
                refusedCsv(
                        "several delimiters",
                        "id,text;more\na,x;1\n",
                        "t.csv",
                        "line 1",
                        "','",
                        "';'",
                        "t.schema.yaml"),
                refusedCsv(
                        "a quote that is never closed",
                        "id,text\na,x\nb,\"y\nc,z\n",
                        "t.csv",
                        "line 3",
                        "never closed",
                        "\"\""),
                refusedCsv("a quote that opens at the end", "id,text\na,\"", "t.csv", "line 2", "never closed"),
                refusedCsv("a quote that is never closed in the first line", "id,\"text\na,x\n", "t.csv", "line 1"),
                refusedCsv("text after a closing quote", "id,text\na,x\nb,\"y\" z\n", "t.csv", "line 3", "\"\""),
                refused(
                        "csv: CP932",
                        CSV,
                        Content.of("id,text\na,x\nb,牛乳\n", Charset.forName("windows-31j")),
                        "t.csv",
                        "line 3",
                        utf8,
                        "iconv",
                        "CP932"),
                refused(
                        "csv: CP932 after CR line ends",
                        CSV,
                        Content.of("id,text\ra,x\rb,牛乳\r", Charset.forName("windows-31j")),
                        "t.csv",
                        "line 3",
                        utf8),
                refused(
                        "csv: CP932 in the first line",
                        CSV,
                        Content.of("id,品名\na,x\n", Charset.forName("windows-31j")),
                        "t.csv",
                        "line 1",
                        utf8,
                        "iconv"),
                refused(
                        "csv: Latin-1",
                        CSV,
                        Content.of("id,text\na,café\n", ISO_8859_1),
                        "t.csv",
                        "line 2",
                        utf8,
                        "iconv"),
                refused("csv: UTF-16LE", CSV, Content.of("\uFEFFid,text\na,x\n", UTF_16LE), "t.csv", "UTF-16", "iconv"),
                refused("csv: UTF-16BE", CSV, Content.of("\uFEFFid,text\na,x\n", UTF_16BE), "t.csv", "UTF-16", "iconv"),
                refused(
                        "csv: UTF-16LE without BOM",
                        CSV,
                        Content.of("id,text\na,x\n", UTF_16LE),
                        "t.csv",
                        "UTF-16",
                        "iconv"),
                refused(
                        "csv: UTF-16BE without BOM",
                        CSV,
                        Content.of("id,text\na,x\n", UTF_16BE),
                        "t.csv",
                        "UTF-16",
                        "iconv"),
                refused(
                        "csv: half a character at the end",
                        CSV,
                        new Content(new byte[] {'i', 'd', ',', 't', '\n', (byte) 0xE7, (byte) 0x89}, Optional.empty()),
                        "t.csv",
                        "line 2",
                        utf8),
                refusedJson(
                        "an array around all rows",
                        "[{\"id\":\"a\"},\n{\"id\":\"b\"}]\n",
                        "t.jsonl",
                        "line 1",
                        "array"),
                refusedJson("a text", "{\"id\":\"a\"}\n\"b\"\n", "t.jsonl", "line 2", "object"),
                refusedJson("no JSON", "{\"id\":\"a\"}\nid=b\n", "t.jsonl", "line 2", "JSON"),
                refusedJson("half a row", "{\"id\":\"a\"}\n{\"id\":\"b\"", "t.jsonl", "line 2", "JSON"),
                refusedJson(
                        "two rows in a line",
                        "{\"id\":\"a\"}{\"id\":\"b\"}\n",
                        "t.jsonl",
                        "line 1",
                        "each line is one row"),
                refusedJson("a row over lines", "{\n\"id\":\"a\"}\n", "t.jsonl", "line 1"),
                refusedJson("a comma at the end", "{\"id\":\"a\"},\n", "t.jsonl", "line 1"),
                refusedJson(
                        "a key twice", "{\"id\":\"a\",\"text\":\"x\",\"text\":\"y\"}\n", "t.jsonl", "line 1", "text"),
                refusedJson(
                        "a nested key twice", "{\"id\":\"a\",\"text\":{\"x\":1,\"x\":2}}\n", "t.jsonl", "line 1", "x"),
                refusedJson(
                        "a key twice by case",
                        "{\"id\":\"a\",\"text\":\"x\",\"Text\":\"y\"}\n",
                        "t.jsonl",
                        "line 1",
                        "'Text'",
                        "'text'"),
                refusedJson(
                        "a key of another case later",
                        "{\"id\":\"a\"}\n{\"ID\":\"b\"}\n",
                        "t.jsonl",
                        "line 2",
                        "'ID'",
                        "'id'"),
                refusedJson(
                        "a lone surrogate",
                        "{\"id\":\"a\"}\n{\"id\":\"b\",\"text\":\"\\ud83c\"}\n",
                        "t.jsonl",
                        "line 2",
                        "half"),
                refusedJson(
                        "a lone surrogate in a key", "{\"id\":\"a\",\"\\ud83c\":\"x\"}\n", "t.jsonl", "line 1", "half"),
                refusedJson(
                        "a nested lone surrogate",
                        "{\"id\":\"a\",\"text\":[\"\\ud83c\"]}\n",
                        "t.jsonl",
                        "line 1",
                        "half"),
                refusedJson("NaN", "{\"id\":\"a\",\"text\":NaN}\n", "t.jsonl", "line 1", "NaN"),
                refusedJson("Infinity", "{\"id\":\"a\",\"text\":-Infinity}\n", "t.jsonl", "line 1"),
                refusedJson("single quotes", "{'id':'a'}\n", "t.jsonl", "line 1", "JSON"),
                refusedJson("a line break inside a text", "{\"id\":\"a\",\"text\":\"x\ny\"}\n", "t.jsonl", "line 1"),
                refusedJson(
                        "nested too deep",
                        "{\"id\":\"a\",\"text\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}\n",
                        "t.jsonl",
                        "line 1"),
                refusedJson("an empty file", "", "t.jsonl", "empty"),
                refusedJson("a key without a name", "{\"id\":\"a\",\"\":1}\n", "t.jsonl", "line 1", "name"),
                refused(
                        "jsonl: CP932",
                        JSONL,
                        Content.of("{\"id\":\"a\"}\n{\"id\":\"牛乳\"}\n", Charset.forName("windows-31j")),
                        "t.jsonl",
                        "line 2",
                        utf8,
                        "iconv"),
                refused(
                        "jsonl: UTF-16LE",
                        JSONL,
                        Content.of("\uFEFF{\"id\":\"a\"}\n", UTF_16LE),
                        "t.jsonl",
                        "UTF-16",
                        "iconv"),
                refused("parquet: text", "shop/t.parquet", Content.of("id,text\na,x\n"), "t.parquet", "Parquet"),
                refused("parquet: an empty file", "shop/t.parquet", Content.of(""), "t.parquet", "Parquet"),
                refusedCsv("two files of a table", "id,text\na,x\n", "t.csv", "t.jsonl", "remove one")
                        .with(JSONL, "{\"id\":\"a\",\"text\":\"x\"}\n"));
    }

    private static Stream<LocalTable> refusedForTheirSchema() {
        String table = "id,text\na,x\n";
        return Stream.of(
                refusedCsv(
                                "a value that does not fit",
                                "id,text\na,1\nb,x\n",
                                "t.csv",
                                "line 3",
                                "'text'",
                                "'x'",
                                "INT64",
                                "t.schema.yaml")
                        .with(SCHEMA, "columns: { text: INT64 }\n"),
                refusedCsv("no whole number", "id,text\na,1.5\n", "line 2", "'1.5'", "INT64")
                        .with(SCHEMA, "columns: { text: INT64 }\n"),
                refusedCsv("beyond int64", "id,text\na,9223372036854775808\n", "line 2", "INT64")
                        .with(SCHEMA, "columns: { text: INT64 }\n"),
                refusedCsv("an empty text", "id,text\na,\"\"\n", "line 2", "INT64")
                        .with(SCHEMA, "columns: { text: INT64 }\n"),
                refusedCsv("no finite number", "id,text\na,1e400\n", "line 2", "'1e400'", "FLOAT64")
                        .with(SCHEMA, "columns: { text: FLOAT64 }\n"),
                refusedCsv("no date", "id,text\na,2026-02-30\n", "line 2", "'2026-02-30'", "DATE")
                        .with(SCHEMA, "columns: { text: DATE }\n"),
                refusedCsv("no truth", "id,text\na,yes\n", "line 2", "'yes'", "BOOL")
                        .with(SCHEMA, "columns: { text: BOOL }\n"),
                refusedCsv("an unknown key", table, "t.schema.yaml", "delimeter", "did you mean 'delimiter'?")
                        .with(SCHEMA, "delimeter: \";\"\n"),
                refusedCsv("an unknown type", table, "t.schema.yaml", "columns.text", "'INTEGER'", "INT64")
                        .with(SCHEMA, "columns: { text: INTEGER }\n"),
                refusedCsv("an unknown column", table, "t.schema.yaml", "'txt'", "id, text")
                        .with(SCHEMA, "columns: { txt: STRING }\n"),
                refusedCsv("a long delimiter", table, "t.schema.yaml", "';;'").with(SCHEMA, "delimiter: ;;\n"),
                refusedCsv("a key twice in the schema", table, "t.schema.yaml", "delimiter")
                        .with(SCHEMA, "delimiter: \";\"\ndelimiter: \",\"\n"),
                refusedCsv("a list as schema", table, "t.schema.yaml").with(SCHEMA, "- id\n"),
                refusedCsv("no YAML", table, "t.schema.yaml").with(SCHEMA, "columns: {\n"),
                refusedCsv("an empty schema", table, "t.schema.yaml").with(SCHEMA, ""),
                schemaIn(Charset.forName("windows-31j"), "columns: { 品名: STRING }\n"),
                refusedJson("a delimiter of JSON lines", "{\"id\":\"a\"}\n", "t.schema.yaml", "delimiter", "CSV")
                        .with(SCHEMA, "delimiter: \";\"\n"),
                refusedJson(
                                "a value that does not fit",
                                "{\"id\":\"a\",\"text\":1}\n\n{\"id\":\"b\",\"text\":\"x\"}\n",
                                "t.jsonl",
                                "line 3",
                                "'text'",
                                "'x'",
                                "INT64")
                        .with(SCHEMA, "columns: { text: INT64 }\n"));
    }

    private static LocalTable schemaIn(Charset charset, String schema) {
        return new LocalTable(
                "csv: a schema that is not UTF-8",
                Map.of(CSV, Content.of("id,品名\na,x\n"), SCHEMA, Content.of(schema, charset)),
                "SELECT id FROM shop.t",
                List.of(),
                List.of("t.schema.yaml", "UTF-8"));
    }
}
