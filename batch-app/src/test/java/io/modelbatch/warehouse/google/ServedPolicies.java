package io.modelbatch.warehouse.google;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Row access policies, made by a statement and listed by REST. No row is filtered by them. */
record ServedPolicies(ServedTables tables) {
    private static final Pattern CREATE = Pattern.compile(
            "CREATE ROW ACCESS POLICY (?<policy>\\w+) ON `[^`]*?(?<dataset>[^.`]+)\\.(?<table>[^.`]+)` GRANT TO .*");

    /** True where the job was such a statement. */
    boolean create(ServedJob job) {
        Matcher create = CREATE.matcher(job.task().path("query").asString(""));
        if (create.matches()) {
            tables.addPolicy(
                    new ServedName(job.project(), create.group("dataset"), create.group("table")),
                    create.group("policy"));
        }
        return create.matches();
    }

    Map<String, Object> list(ServedName table) {
        return Map.of(
                "rowAccessPolicies",
                tables.policies(table).stream()
                        .map(policy -> Map.of("rowAccessPolicyReference", reference(table, policy)))
                        .toList());
    }

    private static Map<String, String> reference(ServedName table, String policy) {
        return Map.of(
                "projectId", table.project(),
                "datasetId", table.dataset(),
                "tableId", table.table(),
                "policyId", policy);
    }
}
