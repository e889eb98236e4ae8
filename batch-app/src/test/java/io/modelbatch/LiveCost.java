package io.modelbatch;

import com.google.cloud.bigquery.BigQuery.JobListOption;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobStatistics.QueryStatistics;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;

/**
 * The cost of a run of the live test kit at the list prices of the US and the EU, as of 2026. Other locations ask for up to twice as
 * much.
 */
final class LiveCost {
    /** Three times as many as against the contract servers. */
    private static final int MOST_QUERIES = 400;

    private static final int MOST_OBJECTS = 4_000;
    private static final double DOLLARS_A_TIB = 6.25;
    private static final double DOLLARS_A_TIB_READ = 1.1;
    private static final double DOLLARS_A_THOUSAND_WRITES = 0.01;
    private static final long MOST_BYTES_READ = 1L << 30;
    private static final double TIB = 1L << 40;

    private LiveCost() {}

    /** Before anything is made. */
    static String bound() {
        double queries = MOST_QUERIES * LivePlace.MOST_BYTES / TIB * DOLLARS_A_TIB;
        double read = MOST_BYTES_READ / TIB * DOLLARS_A_TIB_READ;
        double objects = MOST_OBJECTS / 1000.0 * DOLLARS_A_THOUSAND_WRITES;
        return String.format(
                Locale.ROOT,
                "This costs at most $%.2f: at most %d queries, each limited to %d MiB by maximumBytesBilled, at $%.2f a TiB"
                        + " ($%.2f); Storage Read, below 1 GiB ($%.3f); at most %d objects written and removed ($%.2f). Load"
                        + " jobs are free. Locations other than US and EU ask for up to twice as much.",
                queries + read + objects,
                MOST_QUERIES,
                LivePlace.MOST_BYTES >> 20,
                DOLLARS_A_TIB,
                queries,
                read,
                MOST_OBJECTS,
                objects);
    }

    /** After the tests, before all is removed. */
    static String spent(LivePlace place, LiveCleaning cleaning, Instant begun) throws IOException {
        int objects = cleaning.own().size();
        try {
            long queries = 0;
            long billed = 0;
            for (Job job : place.bigQuery()
                    .listJobs(JobListOption.minCreationTime(begun.toEpochMilli()))
                    .iterateAll()) {
                if (job.getStatistics() instanceof QueryStatistics query && isOurs(job, place)) {
                    queries++;
                    billed += query.getTotalBytesBilled() == null ? 0 : query.getTotalBytesBilled();
                }
            }
            return String.format(
                    Locale.ROOT,
                    "It cost about $%.3f: %d queries billed %.1f MiB ($%.3f at $%.2f a TiB), Storage Read below 1 GiB ($%.3f),"
                            + " %d objects are there ($%.3f to write them).",
                    billed / TIB * DOLLARS_A_TIB
                            + MOST_BYTES_READ / TIB * DOLLARS_A_TIB_READ
                            + objects / 1000.0 * DOLLARS_A_THOUSAND_WRITES,
                    queries,
                    billed / (double) (1 << 20),
                    billed / TIB * DOLLARS_A_TIB,
                    DOLLARS_A_TIB,
                    MOST_BYTES_READ / TIB * DOLLARS_A_TIB_READ,
                    objects,
                    objects / 1000.0 * DOLLARS_A_THOUSAND_WRITES);
        } catch (BigQueryException e) {
            return "What it cost cannot be told (" + e.getMessage() + "); it is below the bound above.";
        }
    }

    private static boolean isOurs(Job job, LivePlace place) {
        return job.getJobId().getJob().startsWith(place.dataset())
                || job.getConfiguration().toString().contains(place.dataset())
                || String.valueOf(job.getConfiguration()).contains("modelbatch-live-");
    }
}
