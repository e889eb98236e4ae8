package io.modelbatch.warehouse.google;

import io.modelbatch.warehouse.google.BigQueryServer.Permission;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The permissions that the caller lacks. */
final class ServedPermissions {
    private final Set<Denial> denials = ConcurrentHashMap.newKeySet();

    /** Everywhere, where the place is {@link #ANYWHERE}. */
    private record Denial(Permission permission, String place) {}

    static final String ANYWHERE = "*";

    /** A place is a project or a dataset. */
    void deny(Permission permission, String place) {
        denials.add(new Denial(permission, place));
    }

    void allowAll() {
        denials.clear();
    }

    boolean denied(Permission permission, String place) {
        return denials.contains(new Denial(permission, ANYWHERE)) || denials.contains(new Denial(permission, place));
    }

    void requireForJobs(String project) {
        if (denied(Permission.CREATE_JOBS, project)) {
            throw RefusedException.denied("Project " + project + ": User does not have " + Permission.CREATE_JOBS.code()
                    + " permission in project " + project + ".");
        }
    }

    void requireToQuery(ServedName table, String location) {
        if (denied(Permission.READ_TABLES, table.dataset())) {
            throw RefusedException.denied("Table " + table + ": User does not have permission to query table " + table
                    + ", or perhaps it does not exist in location " + location + ".");
        }
    }

    void requireForTable(Permission permission, ServedName table) {
        require(permission, table.dataset(), "table", table.toString());
    }

    void requireForDataset(Permission permission, String project, String dataset) {
        require(permission, dataset, "dataset", project + ":" + dataset);
    }

    private void require(Permission permission, String place, String kind, String name) {
        if (denied(permission, place)) {
            throw RefusedException.denied((kind.equals("table") ? "Table " : "Dataset ") + name + ": Permission "
                    + permission.code() + " denied on " + kind + " " + name + " (or it may not exist).");
        }
    }
}
