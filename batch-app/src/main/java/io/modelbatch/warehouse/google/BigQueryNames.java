package io.modelbatch.warehouse.google;

import com.google.cloud.bigquery.TableId;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Names as BigQuery allows them. */
final class BigQueryNames {
    private static final int LABEL_CHARACTERS = 63;
    private static final int HASH_BYTES = 12;

    private BigQueryNames() {}

    /** An id that only the same parts get. */
    static String id(String name, Object... parts) {
        return name.replaceAll("[^A-Za-z0-9_-]", "_") + "-"
                + hash(List.of(parts)).substring(0, 2 * HASH_BYTES);
    }

    /** SHA-256 of the parts' texts. */
    static String hash(List<Object> parts) {
        Hasher digest = Hashing.sha256().newHasher();
        for (Object part : parts) {
            byte[] text = part.toString().getBytes(StandardCharsets.UTF_8);
            digest.putString(text.length + ":", StandardCharsets.UTF_8).putBytes(text);
        }
        return digest.hash().toString();
    }

    /** Labels with what is not allowed in them replaced by {@code _}. */
    static Map<String, String> labels(Map<String, String> labels) {
        Map<String, String> legal = new TreeMap<>();
        labels.forEach((key, value) -> legal.put(label(key), label(value)));
        return legal;
    }

    private static String label(String text) {
        String legal = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "_");
        return legal.substring(0, Math.min(legal.length(), LABEL_CHARACTERS));
    }

    /** Of a path: neither a dataset nor a table has a dot in its name, and a project of a domain has: {@code example.com:project}. */
    static TableId table(String path) {
        int table = path.lastIndexOf('.');
        int dataset = path.lastIndexOf('.', table - 1);
        return TableId.of(path.substring(0, dataset), path.substring(dataset + 1, table), path.substring(table + 1));
    }

    /** {@code project.dataset.table}. */
    static String path(TableId table) {
        return table.getProject() + "." + table.getDataset() + "." + table.getTable();
    }

    /** In backquotes. */
    static String quoted(String name) {
        return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`";
    }
}
