package io.modelbatch.warehouse.google;

import tools.jackson.databind.JsonNode;

/** A table, written {@code project:dataset.table} as the service's messages do. */
record ServedName(String project, String dataset, String table) {
    static ServedName of(JsonNode reference) {
        return new ServedName(
                reference.path("projectId").asString(),
                reference.path("datasetId").asString(),
                reference.path("tableId").asString());
    }

    /** Without what follows a {@code $}. */
    ServedName withoutPartition() {
        int dollar = table.indexOf('$');
        return dollar < 0 ? this : new ServedName(project, dataset, table.substring(0, dollar));
    }

    /** The text after a {@code $}, or nothing. */
    String partition() {
        int dollar = table.indexOf('$');
        return dollar < 0 ? "" : table.substring(dollar + 1);
    }

    String sql() {
        return ServedRows.name(dataset) + "." + ServedRows.name(table);
    }

    @Override
    public String toString() {
        return project + ":" + dataset + "." + table;
    }
}
