/**
 * The warehouse of BigQuery, by Google's clients: pinned tables, their rows by the Storage Read API, and load jobs.
 *
 * <p>{@link PinQuery} makes a dry run ({@link QueryCost}), and then one query job, whose id is a hash of all that it does
 * ({@link BigQueryJobs}). The job writes a table that is named by the extraction, with the row's bucket in the column
 * {@code modelbatch_part} ({@link PartitionBuckets}). {@link CountKeys} refuses keys that are null or occur twice. Only then does the
 * table's {@link PinMark} say that it is pinned. After a crash, the same call continues there.
 *
 * <p>{@link OpenPartition} opens some buckets of a partition in a read session of one stream ({@link ReadStream}, {@link ArrowRowReader}).
 * Where sessions are refused or too short for the {@link ReadPace} of the work, it reads page by page ({@link PagedRowReader}).
 * {@link BucketReader} opens one after the other.
 *
 * <p>BigQuery keeps the order of rows only within a read session. So {@code RowReader.session} names the session, the ledger keeps that
 * name with every shard, and {@code ReadPosition} hands both back. The name has the buckets of the session too, and no block has rows of
 * two sessions. A session that has expired raises {@code SessionExpiredException}. The reader of the partition gives up the shards of that
 * session's rows, in the transaction of the chunk that found out, and a new session begins at the first of them. The old shards are
 * orphans, which the end of the step removes. A training gets its rows in the order of their keys, whatever order they came in
 * ({@code InputRows}).
 *
 * <p>{@link LoadShards} is one load job. {@link StageShards} collects more shards than one load job takes, for one query or a MERGE
 * ({@link MergeRows}).
 */
@NullMarked
package io.modelbatch.warehouse.google;

import org.jspecify.annotations.NullMarked;
