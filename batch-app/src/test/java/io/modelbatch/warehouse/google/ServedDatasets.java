package io.modelbatch.warehouse.google;

import io.modelbatch.warehouse.google.BigQueryServer.Permission;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Datasets by REST: made, told, listed and removed. */
record ServedDatasets(ServedTables tables, ServedPermissions permissions) {
    Map<String, Object> insert(String project, JsonNode body) throws SQLException {
        String dataset = body.path("datasetReference").path("datasetId").asString();
        if (tables.knownLocation(dataset).isPresent()) {
            throw RefusedException.duplicate("Dataset " + project + ":" + dataset);
        }
        tables.dataset(dataset, body.path("location").asString("US"));
        return get(project, dataset);
    }

    Map<String, Object> get(String project, String dataset) {
        permissions.requireForDataset(Permission.GET_DATASETS, project, dataset);
        return describe(project, dataset);
    }

    Map<String, Object> list(String project) {
        List<Map<String, Object>> all = tables.datasets().stream()
                .map(dataset -> describe(project, dataset))
                .toList();
        return Map.of("kind", "bigquery#datasetList", "datasets", all);
    }

    /** One with tables is removed only by who says so (REST API, datasets.delete, {@code deleteContents}). */
    Map<String, Object> delete(String project, String dataset, boolean contents) throws SQLException {
        permissions.requireForDataset(Permission.DELETE_DATASETS, project, dataset);
        tables.location(project, dataset);
        if (!contents && !tables.isEmpty(dataset)) {
            throw new RefusedException(400, "resourceInUse", "Dataset " + project + ":" + dataset + " is still in use");
        }
        tables.dropDataset(dataset);
        return Map.of();
    }

    private Map<String, Object> describe(String project, String dataset) {
        return Map.of(
                "kind",
                "bigquery#dataset",
                "id",
                project + ":" + dataset,
                "location",
                tables.location(project, dataset),
                "datasetReference",
                Map.of("projectId", project, "datasetId", dataset));
    }
}
