package io.modelbatch.warehouse.google;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.storage.v1.BigQueryReadClient;
import java.io.IOException;
import java.util.List;

/** Where the contract of BigQuery is tested: on a contract server, or on the service itself in a dataset made for it. */
public interface BigQueryPlace {
    /** The client of jobs and tables. */
    BigQuery bigQuery();

    /** The client of read sessions. */
    BigQueryReadClient reads();

    /** The project of its jobs. */
    String project();

    /** The location of its dataset. */
    String location();

    /** A dataset of its own. */
    String dataset();

    /** Another dataset of its own, in a location that {@link #objects} cannot be loaded from. */
    String datasetElsewhere();

    /** A table in a dataset that the caller may not know of. */
    TableId hidden();

    /** The beginning of all ids of jobs. */
    String jobs();

    /** The beginning of the addresses of objects that load jobs find, {@code gs://bucket/folder/}. */
    String objects();

    /** Puts an object where load jobs find it, in place of the one of that name. */
    void put(String name, byte[] bytes) throws IOException;

    /** The names of a table's row access policies. */
    List<String> rowAccessPolicies(String table);
}
