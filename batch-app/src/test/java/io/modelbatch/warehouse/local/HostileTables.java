package io.modelbatch.warehouse.local;

import static io.modelbatch.warehouse.local.LocalTable.CSV;
import static io.modelbatch.warehouse.local.LocalTable.JSONL;
import static io.modelbatch.warehouse.local.LocalTable.SCHEMA;
import static io.modelbatch.warehouse.local.LocalTable.csv;
import static io.modelbatch.warehouse.local.LocalTable.jsonl;
import static io.modelbatch.warehouse.local.LocalTable.parquet;
import static io.modelbatch.warehouse.local.LocalTable.refused;
import static io.modelbatch.warehouse.local.LocalTable.refusedCsv;
import static io.modelbatch.warehouse.local.LocalTable.refusedJson;
import static io.modelbatch.warehouse.local.LocalTable.same;
import static io.modelbatch.warehouse.local.LocalTable.texts;
import static io.modelbatch.warehouse.local.LocalTable.values;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.modelbatch.warehouse.local.LocalTable.Content;
import java.nio.charset.Charset;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Tables that other readers are known to stumble over. */
public final class HostileTables {
    private static final String PARQUET = "shop/t.parquet";
    private static final int COLUMNS = 5_000;

    private HostileTables() {}

    /** Those that are read, in any format. */
    public static Stream<LocalTable> readable() {
        return Stream.of(csvValues(), csvShapes(), json(), parquets()).flatMap(tables -> tables);
    }

    /** Those that are refused. */
    static Stream<LocalTable> refusable() {
        return Stream.of(refusedCsvFiles(), refusedJsonFiles(), refusedParquetFiles())
                .flatMap(tables -> tables);
    }

    private static Stream<LocalTable> csvValues() {
        return Stream.of(
                same("nulls of other programs", "\\N", "N/A", "#N/A", "nil", "None", "(null)", "-", "."),
                same("digits of other scripts", "١٢٣", "１２３", "१२३", "1٬000"),
                same("digits of other scripts alone", "١٢٣", "٤٥٦"),
                same("invisible characters", "\u200Bx", "x\u200D", "\u00AD", "a\u2060b", "\u00A0", "\u180E"),
                same("right to left", "שלום", "\u202Eabc\u202C", "مرحبا 123", "\u200Fx"),
                same("combining characters", "e\u0301", "é", "ｶﾞ", "ガ", "か\u3099", "が"),
                csv("keys that differ by normalization", "id,text\né,x\ne\u0301,y\n", "é", "x", "e\u0301", "y"),
                csv(
                        "keys that differ by case",
                        "id,text\na,x\nA,y\nß,z\nSS,w\n",
                        "a",
                        "x",
                        "A",
                        "y",
                        "ß",
                        "z",
                        "SS",
                        "w"),
                csv("keys that differ by a blank at the end", "id,text\na,x\na ,y\n", "a", "x", "a ", "y"),
                csv(
                        "keys that differ by zeros",
                        "id,text\n1,x\n01,y\n1.0,z\n+1,w\n",
                        "1",
                        "x",
                        "01",
                        "y",
                        "1.0",
                        "z",
                        "+1",
                        "w"),
                same("numbers of programming languages", "1_000", "0x10", "0b11", "0o17", "1e5", "1E+05", "5L", "1f"),
                same("hexadecimal alone", "0x10", "0x1F"),
                same("underscores alone", "1_000", "2_000"),
                same("signs", "+5", "-0", "--1", "- 1", "5-", "−5"),
                same("plus alone", "+5", "+7"),
                same("minus nothing alone", "-0"),
                same("points", ".5", "5.", "-.5", "1.", "."),
                same("a point at the end alone", "5.", "6."),
                texts("decimals with commas", "\"1,5\"", "1,5", "\"2,50\"", "2,50", "\"1,000.00\"", "1,000.00"),
                same("thousands", "1 000", "1'000", "1\u202F000", "1.000.000"),
                same("percent and money", "5 %", "¥100", "1.10 EUR", "-$5"),
                same("fractions", "½", "1/2", "¹", "²³"),
                same("near zero", "1e-320", "4.9e-324", "1e-30"),
                same("doubles that print otherwise", "1e22", "1e+22", "123456789012345680.0", "0.30000000000000004"),
                same("whole numbers as decimals", "1.0", "2.0", "10.0"),
                same("large decimals", "1e+20", "1e+300"),
                same("more than 38 digits", "99999999999999999999999999999999999999.5"),
                same("versions", "1.10", "1.9", "1.2.3"),
                same("phone numbers", "0033123456", "+81312345678", "03-1234-5678"),
                same("dates before 1970", "1969-12-31", "1900-02-28", "0001-01-01", "9999-12-31"),
                same("years beyond", "10000-01-01", "-0001-01-01", "0000-01-01"),
                same("the year 0", "0000-01-01", "0000-12-31"),
                same("1900 is no leap year", "1900-02-29"),
                same("times before 1970", "1969-12-31 23:59:59.999999", "0001-01-01 00:00:00", "9999-12-31 23:59:59"),
                same("a leap second", "2016-12-31 23:59:60"),
                same("24 o'clock", "2026-03-31 24:00:00"),
                same("24 o'clock alone", "24:00:00", "00:00:60"),
                same("fractions of seconds", "2026-03-31 10:00:00.1234567", "2026-03-31 10:00:00.100"),
                same("nanoseconds", "2026-03-31 10:00:00.123456789"),
                same("microseconds", "2026-03-31 10:00:00.123456", "2026-03-31 10:00:00.1"),
                same("offsets", "2026-03-31 10:00:00+09", "2026-03-31 10:00:00Z", "2026-03-31 10:00:00 Asia/Tokyo"),
                same("T between date and time", "2026-03-31T10:00:00", "2026-03-31T10:00"),
                same("dates with blanks", " 2026-03-31", "2026-03-31 "),
                same("weeks and days", "2026-W14-1", "2026-090", "202603", "March 31 2026"),
                same("seconds since 1970", "1774915200", "1774915200.5"),
                same("UUIDs", "6f9619ff-8b86-d011-b42d-00c04fc964ff", "{6f9619ff-8b86-d011-b42d-00c04fc964ff}"),
                same("addresses", "192.168.0.1", "::1", "a@b.c", "https://x.y/?a=1&b=2#c"),
                same("formulas", "=1+1", "@x", "=HYPERLINK()", "-1+1"),
                same("escapes that mean nothing here", "\\t", "\\\\", "%20", "&amp;", "\\x41", "\\u0041", "$${a}"),
                same("words of other locales", "oui", "ja", "да", "はい", "真", "İ", "ı"),
                same("truth in capitals alone", "TRUE", "FALSE"),
                same("truth and its words", "true", "false", "yes"),
                texts("quoted numbers", "\"1\"", "1", "\"2\"", "2"),
                texts("quoted nulls", "\"NULL\"", "NULL", "\"\\N\"", "\\N", "\" \"", " "),
                texts("a lone quote and doubled quotes", "\"\"\"\"\"\"", "\"\"", "a\"\"b", "a\"\"b"),
                texts("apostrophes around a delimiter", "\"'a,b'\"", "'a,b'", "'a", "'a"),
                texts("other delimiters in rows", "a;b", "a;b", "a|b", "a|b", "a\tb", "a\tb", "a:b", "a:b"),
                texts("tabs and blanks", "\t", "\t", " \t ", " \t ", "\"\t\"", "\t"),
                texts(
                        "control characters",
                        "\u0001",
                        "\u0001",
                        "\u001A",
                        "\u001A",
                        "\u007F",
                        "\u007F",
                        "\u001Bx",
                        "\u001Bx"),
                texts("a byte order mark inside", "\uFEFF", "\uFEFF", "a\uFEFFb", "a\uFEFFb"),
                texts(
                        "beyond the first plane",
                        "𠮷野家",
                        "𠮷野家",
                        "\uD83D\uDE00",
                        "\uD83D\uDE00",
                        "\uDBFF\uDFFF",
                        "\uDBFF\uDFFF"),
                texts("replacement characters", "\uFFFD", "\uFFFD", "\uFFFE", "\uFFFE", "\uFFFF", "\uFFFF"));
    }

    private static Stream<LocalTable> csvShapes() {
        String wide = IntStream.range(2, COLUMNS).mapToObj(i -> ",c" + i).collect(Collectors.joining());
        String cells = ",1.10".repeat(COLUMNS - 2);
        return Stream.of(
                csv("files put together", "id,text\na,x\n\uFEFFb,y\n", "a", "x", "\uFEFFb", "y"),
                csv("a repeated header", "id,text\na,x\nid,text\n", "a", "x", "id", "text"),
                csv("5,000 columns", "id,text" + wide + "\na,x" + cells + "\nb,y" + cells + "\n", "a", "x", "b", "y"),
                csv("one name and rows with other delimiters", "id\na;b\nc\td\n", "a;b", "a;b", "c\td", "c\td")
                        .asked("SELECT id, id AS text FROM shop.t"),
                csv("one quoted name", "\"id\"\na\n", "a", "a").asked("SELECT id, id AS text FROM shop.t"),
                csv("a delimiter in quotes in the header alone", "\"id;x\"\na\n", "a", "a")
                        .asked("SELECT `id;x` AS id, `id;x` AS text FROM shop.t"),
                csv("a name with a blank at the end", "id,text \na,x\n", "a", "x")
                        .asked("SELECT id, `text ` AS text FROM shop.t"),
                csv("names with invisible characters", "id,te\u200Bxt\na,x\n", "a", "x")
                        .asked("SELECT id, `te\u200Bxt` AS text FROM shop.t"),
                csv("names that are numbers", "1,2\na,x\n", "a", "x")
                        .asked("SELECT `1` AS id, `2` AS text FROM shop.t"),
                csv("a long name", "id," + "n".repeat(10_000) + "\na,x\n", "a", "x")
                        .asked("SELECT id, " + "n".repeat(10_000) + " AS text FROM shop.t"),
                csv("names that DuckDB uses", "id,text,rowid,filename,file_row_number\na,x,r,f,n\n", "a", "x"),
                csv("a name that DuckDB uses is asked for", "id,rowid\na,x\n", "a", "x")
                        .asked("SELECT id, rowid AS text FROM shop.t"),
                csv("a line of delimiters alone", "id,text,more\na,x,1\n\"\",,\n", "a", "x", "", null),
                csv("quotes around all", "\"id\",\"text\"\r\n\"a\",\"x\"\r\n\"b\",\"\"\r\n", "a", "x", "b", ""),
                csv("line ends inside quotes stay mixed", "id,text\r\na,\"x\ny\r\nz\rw\"\r\n", "a", "x\ny\r\nz\rw"),
                csv("CR CR LF", "id,text\r\r\na,x\r\r\n", "a", "x"),
                csv("only nulls", "id,text\na,\nb,\n", "a", null, "b", null),
                csv("a comment after the header", "id,text\n# a,b\n", "# a", "b"),
                csv("separators of Unicode after a quote", "id,text\na,\"x\"\nb\u2028,y\n", "a", "x", "b\u2028", "y"),
                csv("a dash as the first name", "-,id,text\n1,a,x\n", "a", "x"),
                csv("a schema with a tab", "id\ttext,more\na\tx\n", "a", "x")
                        .with(SCHEMA, "delimiter: \"\\t\"\n")
                        .asked("SELECT id, `text,more` AS text FROM shop.t"));
    }

    private static Stream<LocalTable> json() {
        String large = "1" + "0".repeat(400);
        return Stream.of(
                values("whole numbers and decimals", "1", "1", "1.0", "1.0", "1.00", "1.00", "10e-1", "10e-1"),
                values("whole numbers beyond every type", large, large, "1", "1"),
                values("decimals beyond every type", "0." + "1".repeat(300), "0." + "1".repeat(300)),
                values("large decimals", "1e+20", "1e+20", "1e+300", "1e+300"),
                values("exponents beyond every type", "1e999999", "1e999999", "1E-999999", "1E-999999"),
                values("minus nothing", "-0", "-0", "-0.0", "-0.0"),
                values("truth among numbers", "true", "true", "1", "1", "\"true\"", "true"),
                values("texts that are JSON", "\"{\\\"a\\\":1}\"", "{\"a\":1}", "\"[1]\"", "[1]", "\"null\"", "null"),
                values("nested whitespace", "[ 1 ,\t2 ]", "[ 1 ,\t2 ]", "{ }", "{ }", "[ ]", "[ ]"),
                values(
                        "nested numbers",
                        "[1.10,1e5,-0," + large + ",1e999999]",
                        "[1.10,1e5,-0," + large + ",1e999999]"),
                values("nested escapes", "[\"\\u00e9\",\"\\/\",\"\\u0000\"]", "[\"\\u00e9\",\"\\/\",\"\\u0000\"]"),
                values("keys that differ by case inside", "{\"a\":1,\"A\":2}", "{\"a\":1,\"A\":2}"),
                values("nested nulls and texts", "[null]", "[null]", "null", null, "\"x\"", "x"),
                values("times among texts", "\"2026-03-31\"", "2026-03-31", "1", "1", "\"24:00:00\"", "24:00:00"),
                values("deeply nested", "[".repeat(200) + "]".repeat(200), "[".repeat(200) + "]".repeat(200)),
                values("a nested value after a long text", "\"" + "牛x".repeat(50_000) + "\"", "牛x".repeat(50_000)),
                jsonl(
                        "a nested value after a long text in the same row",
                        "{\"id\":\"a\",\"more\":\"" + "🥛x".repeat(50_000) + "\",\"text\":[1, \"é\"]}\n",
                        "a",
                        "[1, \"é\"]"),
                jsonl(
                        "CR line ends",
                        "{\"id\":\"a\",\"text\":\"x\"}\r{\"id\":\"b\",\"text\":\"y\"}\r",
                        "a",
                        "x",
                        "b",
                        "y"),
                jsonl("blanks around rows", "  {\"id\":\"a\",\"text\":\"x\"}\t\n", "a", "x"),
                jsonl("escaped names", "{\"\\u0069d\":\"a\",\"te\\u0078t\":\"x\"}\n", "a", "x"),
                jsonl(
                        "names that DuckDB uses",
                        "{\"id\":\"a\",\"text\":\"x\",\"rowid\":1,\"filename\":\"f\"}\n",
                        "a",
                        "x"),
                jsonl(
                        "keys like whole numbers that differ",
                        "{\"id\":1e0,\"text\":\"x\"}\n{\"id\":1,\"text\":\"y\"}\n",
                        "1e0",
                        "x",
                        "1",
                        "y"),
                jsonl(
                        "keys that are texts and numbers",
                        "{\"id\":\"1\",\"text\":\"x\"}\n{\"id\":2,\"text\":\"y\"}\n",
                        "1",
                        "x",
                        "2",
                        "y"),
                jsonl("an empty object among rows", "{\"id\":\"a\",\"text\":\"x\"}\n{}\n", "a", "x")
                        .asked("SELECT id, text FROM shop.t WHERE id IS NOT NULL"),
                jsonl(
                                "a new key in each row",
                                IntStream.range(0, 1_200)
                                        .mapToObj(
                                                i -> "{\"id\":\"k%d\",\"text\":\"x\",\"c%d\":%d}%n".formatted(i, i, i))
                                        .collect(Collectors.joining()),
                                "k1199",
                                "x")
                        .asked("SELECT id, text FROM shop.t WHERE c1199 = 1199"));
    }

    private static Stream<LocalTable> parquets() {
        return Stream.of(
                parquet(
                        "lists of texts",
                        "SELECT 'a' AS id, ['b', 'c \"d\"', NULL] AS text",
                        "a",
                        "[\"b\",\"c \\\"d\\\"\",null]"),
                parquet("lists of numbers", "SELECT 'a' AS id, [1.5, NULL, 2] AS text", "a", "[1.5,null,2.0]"),
                parquet("structs", "SELECT 'a' AS id, {'x': 1, 'y': 'b, c'} AS text", "a", "{\"x\":1,\"y\":\"b, c\"}"),
                parquet("maps", "SELECT 'a' AS id, MAP {'k': 1, 'l': 2} AS text", "a", "{\"k\":1,\"l\":2}"),
                parquet("JSON", "SELECT 'a' AS id, '{\"a\": 1.10}'::JSON AS text", "a", "{\"a\": 1.10}"),
                parquet(
                        "UUIDs",
                        "SELECT 'a' AS id, '6f9619ff-8b86-d011-b42d-00c04fc964ff'::UUID AS text",
                        "a",
                        "6f9619ff-8b86-d011-b42d-00c04fc964ff"),
                parquet("enumerations", "SELECT 'a' AS id, 'x'::ENUM('x', 'y') AS text", "a", "x"),
                parquet(
                        "UBIGINT",
                        "SELECT 'a' AS id, 18446744073709551615::UBIGINT AS text",
                        "a",
                        "18446744073709551615"),
                parquet(
                        "HUGEINT",
                        "SELECT 'a' AS id, 99999999999999999999999999999999999999::DECIMAL(38, 0) AS text",
                        "a",
                        "99999999999999999999999999999999999999"),
                parquet(
                        "decimals with zeros",
                        "SELECT 'a' AS id, '-0.10'::DECIMAL(38, 10) AS text",
                        "a",
                        "-0.1000000000"),
                parquet("single precision", "SELECT 'a' AS id, 0.1::FLOAT AS text", "a", "0.1"),
                parquet("NaN", "SELECT 'a' AS id, 'NaN'::DOUBLE AS text", "a", "nan"),
                parquet(
                        "milliseconds",
                        "SELECT 'a' AS id, TIMESTAMP_MS '1969-12-31 23:59:59.123' AS text",
                        "a",
                        "1969-12-31 23:59:59.123"),
                parquet(
                        "nanoseconds",
                        "SELECT 'a' AS id, TIMESTAMP_NS '2026-03-31 10:00:00.123456789' AS text",
                        "a",
                        "2026-03-31 10:00:00.123456789"),
                parquet("times", "SELECT 'a' AS id, TIME '23:59:59.999999' AS text", "a", "23:59:59.999999"),
                parquet(
                        "the first and the last day",
                        "SELECT * FROM (VALUES ('a', DATE '0001-01-01'), ('b', DATE '9999-12-31')) t(id, text)",
                        "a",
                        "0001-01-01",
                        "b",
                        "9999-12-31"),
                parquet("nulls alone", "SELECT 'a' AS id, NULL AS text", "a", null),
                parquet("nulls of bytes", "SELECT 'a' AS id, NULL::BLOB AS text", "a", null),
                parquet("texts with NUL", "SELECT 'a' AS id, 'x' || chr(0) || 'y' AS text", "a", "x\0y"),
                parquet(
                        "keys as bytes",
                        "SELECT encode(x) AS id, x AS text FROM (VALUES ('a'), ('é')) t(x)",
                        "a",
                        "a",
                        "é",
                        "é"),
                parquet("no rows", "SELECT 'a' AS id, 'x' AS text WHERE false"),
                parquet("a name with odd characters", "SELECT 'a' AS id, 'x' AS \"o'brien \"\"x\"\" 🥛\"", "a", "x")
                        .asked("SELECT id, `o'brien \"x\" 🥛` AS text FROM shop.t"));
    }

    private static Stream<LocalTable> refusedCsvFiles() {
        return Stream.of(
                refusedCsv("a hint for Excel", "sep=;\nid;text\na;x\n", "t.csv", "line 1", "sep="),
                refusedCsv("line ends alone", "\r\n\r\n", "t.csv", "line 1"),
                refusedCsv("a blank header", " ,text\na,x\n", "t.csv", "line 1", "column 1", "no name"),
                refusedCsv(
                        "a delimiter at the end of the header alone", "id,text,\na,x\n", "t.csv", "line 1", "column 3"),
                refusedCsv(
                        "a delimiter at the end of all rows but the header",
                        "id,text\na,x,\nb,y,\n",
                        "t.csv",
                        "line 2",
                        "3 fields"),
                refusedCsv("names twice by case", "id,ID\na,x\n", "t.csv", "line 1", "'ID'", "twice"),
                refusedCsv(
                        "a comma and a semicolon in the header",
                        "id;text, long\na;x\n",
                        "t.csv",
                        "line 1",
                        "delimiter"),
                refusedCsv("blanks before a quote", "id,text\na, \"x, y\"\n", "t.csv", "line 2", "3 fields"),
                refusedCsv("a backslash before a quote", "id,text\na,\"x \\\"y\\\" z\"\n", "t.csv", "line 2", "\"\""),
                refusedCsv("a decimal comma", "id,text\na,1,5\n", "t.csv", "line 2", "3 fields"),
                refusedCsv("a footer", "id,text\na,x\n(1 row)\n", "t.csv", "line 3", "1 field"),
                refusedCsv("an end of file of DOS", "id,text\na,x\n\u001A", "t.csv", "line 3", "1 field"),
                refusedCsv("a title above the names", "Sales 2026\nid,text\na,x\n", "t.csv", "line 2"),
                binary("gzip", CSV, "1f8b0800", "t.csv", "gzip", "gunzip"),
                binary("zstd", CSV, "28b52ffd", "t.csv", "zstd"),
                binary("a workbook of Excel", CSV, "504b0304", "t.csv", "zip"),
                binary("Parquet", CSV, "5041523115", "t.csv", "Parquet"),
                binary("UTF-32", CSV, "fffe00006900000064000000", "t.csv", "UTF-32", "iconv"),
                refused(
                        "csv: Shift JIS with a 0x5C byte",
                        CSV,
                        Content.of("id,text\na,ソ\n", Charset.forName("windows-31j")),
                        "t.csv",
                        "line 2",
                        "UTF-8"),
                refused(
                        "csv: EUC-JP",
                        CSV,
                        Content.of("id,text\na,牛乳\n", Charset.forName("EUC-JP")),
                        "t.csv",
                        "line 2",
                        "UTF-8"),
                binary("surrogates as UTF-8", CSV, "69642c740a61" + "2ceda0bd", "t.csv", "line 2", "UTF-8"),
                binary("an overlong NUL", CSV, "69642c740a61" + "2cc080", "t.csv", "line 2", "UTF-8"));
    }

    private static LocalTable binary(String title, String file, String hex, String... words) {
        byte[] bytes = new byte[hex.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
        }
        return refused(file + ": " + title, file, new Content(bytes, Optional.empty()), words);
    }

    private static Stream<LocalTable> refusedJsonFiles() {
        return Stream.of(
                refusedJson("a row within brackets", "[{\"id\":\"a\"}]\n", "t.jsonl", "line 1", "array"),
                refusedJson(
                        "a byte order mark inside",
                        "{\"id\":\"a\"}\n\uFEFF{\"id\":\"b\"}\n",
                        "t.jsonl",
                        "line 2",
                        "JSON"),
                refusedJson("names without quotes", "{id:\"a\"}\n", "t.jsonl", "line 1", "JSON"),
                refusedJson("a comma before the end", "{\"id\":\"a\",}\n", "t.jsonl", "line 1", "JSON"),
                refusedJson("a comment", "{\"id\":\"a\"} // first\n", "t.jsonl", "line 1", "JSON"),
                refusedJson("Python", "{'id': None}\n", "t.jsonl", "line 1", "JSON"),
                refusedJson("True of Python", "{\"id\": True}\n", "t.jsonl", "line 1", "JSON"),
                refusedJson("undefined", "{\"id\": undefined}\n", "t.jsonl", "line 1", "JSON"),
                refusedJson("zeros in front", "{\"id\": 007}\n", "t.jsonl", "line 1", "JSON"),
                refusedJson("hexadecimal", "{\"id\": 0x10}\n", "t.jsonl", "line 1", "JSON"),
                refusedJson("plus", "{\"id\": +1}\n", "t.jsonl", "line 1", "JSON"),
                refusedJson("a point at the end", "{\"id\": 1.}\n", "t.jsonl", "line 1", "JSON"),
                refusedJson("no digit before the point", "{\"id\": .5}\n", "t.jsonl", "line 1", "JSON"),
                refusedJson("a tab inside a text", "{\"id\":\"a\tb\"}\n", "t.jsonl", "line 1", "JSON"),
                refusedJson("an unknown escape", "{\"id\":\"\\x41\"}\n", "t.jsonl", "line 1", "JSON"),
                refusedJson("nested NaN", "{\"id\":\"a\",\"text\":[NaN]}\n", "t.jsonl", "line 1", "NaN"),
                refusedJson("no rows but blank lines", "\n \n", "t.jsonl", "empty"),
                refusedJson("an empty object first", "{}\n{\"id\":\"a\"}\n", "t.jsonl", "line 1"),
                refusedJson("CSV", "id,text\na,x\n", "t.jsonl", "line 1", "JSON"),
                refusedJson("records and a separator", "\u001E{\"id\":\"a\"}\n", "t.jsonl", "line 1", "JSON"),
                refusedJson("a table around all", "{\"rows\":[{\"id\":\"a\"}]}\n", "id"),
                binary("gzip", JSONL, "1f8b0800", "t.jsonl", "gzip", "gunzip"),
                binary("a surrogate as UTF-8", JSONL, "7b226964223a22eda0bd227d", "t.jsonl", "line 1", "UTF-8"));
    }

    private static Stream<LocalTable> refusedParquetFiles() {
        return Stream.of(
                refused(
                        "parquet: cut off",
                        PARQUET,
                        new Content("PAR1\0\0\0".getBytes(UTF_8), Optional.empty()),
                        "t.parquet",
                        "Parquet"),
                refused(
                        "parquet: a decimal as key",
                        PARQUET,
                        Content.parquet("SELECT 1.5::DECIMAL(3, 1) AS id, 'x' AS text"),
                        "'id'",
                        "DECIMAL",
                        "CAST"),
                refused(
                        "parquet: UBIGINT as key",
                        PARQUET,
                        Content.parquet("SELECT 1::UBIGINT AS id, 'x' AS text"),
                        "'id'",
                        "UBIGINT",
                        "CAST"),
                refused(
                        "parquet: bytes as key",
                        PARQUET,
                        Content.parquet("SELECT '\\xFF'::BLOB AS id, 'x' AS text"),
                        "'id'"),
                refused(
                        "parquet: UUIDs as key",
                        PARQUET,
                        Content.parquet("SELECT gen_random_uuid() AS id, 'x' AS text"),
                        "'id'",
                        "UUID",
                        "CAST"));
    }
}
