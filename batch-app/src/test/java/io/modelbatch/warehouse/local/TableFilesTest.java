package io.modelbatch.warehouse.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.store.ObjectStores;
import io.modelbatch.warehouse.Extraction;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.Warehouse;
import io.modelbatch.warehouse.WarehouseException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files are tables and schemas, and what is said of those that are not. */
class TableFilesTest {
    private static final String CSV = "id,text\n1,a\n";

    @TempDir
    private Path home;

    private Path shop;
    private Warehouse warehouse;

    @BeforeEach
    void folder() throws IOException {
        shop = Files.createDirectories(home.resolve("warehouse/shop"));
        warehouse = LocalWarehouse.of(
                home.resolve("warehouse"), home.resolve("pinned"), ObjectStores.folder(home.resolve("buckets")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "t.CSV | id,text\\n1,a\\n",
                "t.Csv | id,text\\n1,a\\n",
                "t.tsv | id\\ttext, more\\n1\\ta,b\\n",
                "t.TSV | id\\ttext;more\\n1\\ta\\n",
                "t.ndjson | {\"id\":1}\\n",
                "t.JSONL | {\"id\":1}\\n",
            })
    void anEndInCapitalsAndOtherCommonEndsAreRead(String file, String content) throws IOException {
        write(file, content.replace("\\n", "\n").replace("\\t", "\t"));

        assertThat(extract().totalRows()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.csv.gz", "t.CSV.GZ", "t.json", "t.txt", "t.csv.bak", "t.xlsx", "t"})
    void aFileWithAnotherEndIsNamed(String file) throws IOException {
        write(file, CSV);

        assertRefused(
                "not read",
                ".csv, .tsv, .jsonl, .ndjson or .parquet",
                shop.resolve(file).toString());
    }

    @Test
    void aTableWithTwoSpellingsOfItsEndIsRefused() throws IOException {
        write("t.csv", CSV);
        write("t.CSV", CSV);

        assertRefused("has two files", "t.CSV", "remove one");
    }

    @Test
    void namesOfTablesAreToldApartByCase() throws IOException {
        write("T.csv", CSV);

        assertRefused("shop.t", "T.csv", "write shop.T");
    }

    @Test
    void allMistakesOfASchemaAreToldAtOnce() throws IOException {
        write("t.csv", CSV);
        write("t.schema.yaml", "delimeter: x\ndelimiter: ';;'\ncolumns: { id: INTEGER, text: TEXT }\n");

        assertRefused(
                "line 1: delimeter: unknown key; did you mean 'delimiter'? Allowed: delimiter, columns",
                "line 2: delimiter: must be one character",
                "';;'",
                "line 3: columns.id: must be one of: STRING, ",
                "not 'INTEGER'",
                "line 3: columns.text: must be one of");
    }

    /** YAML takes {@code no} for false and {@code 1_0} for ten; the name of a column is what was written. */
    @Test
    void theNameOfAColumnIsWhatIsWritten() throws IOException {
        write("t.csv", "id,no,1_0\n1,01,02\n");
        write("t.schema.yaml", "columns: { no: STRING, 1_0: STRING }\n");

        assertThat(extract().totalRows()).isEqualTo(1);
    }

    @Test
    void allUnknownColumnsOfASchemaAreToldAtOnce() throws IOException {
        write("t.csv", CSV);
        write("t.schema.yaml", "columns: { ID: INT64, txt: STRING }\n");

        assertRefused("'ID', 'txt'", "id, text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.schema.yml", "t.schema.YAML", "t.Schema.yaml", "T.schema.yaml", "t.schema.json"})
    void aSchemaOfAnotherSpellingIsRefused(String file) throws IOException {
        write("t.csv", CSV);
        write(file, "columns: { id: STRING }\n");

        assertRefused(shop.resolve(file).toString(), "is named t.schema.yaml", "rename");
    }

    @Test
    void aSchemaBesideParquetIsRefused() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("COPY (SELECT 1 AS id) TO '" + shop.resolve("t.parquet") + "'");
        }
        assertThat(extract().totalRows()).isEqualTo(1);
        write("t.schema.yaml", "columns: { id: STRING }\n");

        assertRefused("t.schema.yaml", "t.parquet", "their own types", "CAST");
    }

    @Test
    void aCheckNamesTheSchemaOfNoTable() throws IOException {
        write("t.csv", CSV);
        write("tt.schema.yaml", "columns: { id: STRING }\n");

        assertThat(warehouse.verify(extraction()).words())
                .endsWith("1 rows; " + shop.resolve("tt.schema.yaml") + " is a schema file without a table");
    }

    @ParameterizedTest
    @CsvSource({"UTF-32LE, false", "UTF-32BE, false", "UTF-32LE, true", "UTF-32BE, true"})
    void utf32IsNamed(String encoding, boolean mark) throws IOException {
        Files.write(shop.resolve("t.csv"), ((mark ? "\uFEFF" : "") + CSV).getBytes(Charset.forName(encoding)));

        assertRefused("line 1", "the file is UTF-32", "iconv -f " + (mark ? "UTF-32" : encoding) + " -t UTF-8");
    }

    private void write(String file, String content) throws IOException {
        Files.writeString(shop.resolve(file), content);
    }

    private PinnedInput extract() {
        return warehouse.extract(extraction());
    }

    private void assertRefused(String... words) {
        assertThatThrownBy(this::extract).isInstanceOf(WarehouseException.class).hasMessageContainingAll(words);
    }

    private static Extraction extraction() {
        return new Extraction(
                "x" + UUID.randomUUID(),
                "SELECT id FROM shop.t",
                Map.of(),
                "id",
                List.of(),
                1,
                Extraction.Billing.NONE);
    }
}
