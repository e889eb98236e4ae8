package io.modelbatch.warehouse.google;

import com.google.api.client.util.Sleeper;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.DatasetId;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.storage.v1.BigQueryReadClient;
import io.modelbatch.google.GoogleProject;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.warehouse.Extraction;
import io.modelbatch.warehouse.LoadRegions;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.Preview;
import io.modelbatch.warehouse.ReadPosition;
import io.modelbatch.warehouse.RowReader;
import io.modelbatch.warehouse.TableLoad;
import io.modelbatch.warehouse.Warehouse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * Tables of BigQuery. A pinned result is a table of its own, which is read by the Storage Read API; a result is loaded by a job. Jobs
 * run in one project and location; queries may name tables of other projects.
 */
public final class BigQueryWarehouse implements Warehouse {
    private final String project;
    private final BigQuerySettings settings;
    private final BigQuery client;
    private final BigQueryReadClient storage;
    private final BufferAllocator memory;
    private final BigQueryJobs jobs;
    private final DatasetId dataset;
    private final PinnedTables pinned;
    private final PinQuery pin;
    private final OpenPartition partitions;
    private final LoadShards loads;
    private final VerifyAccess access;

    private BigQueryWarehouse(
            String project,
            BigQuerySettings settings,
            BigQuery client,
            BigQueryReadClient storage,
            BufferAllocator memory,
            BigQueryJobs jobs,
            OpenPartition partitions) {
        this.project = project;
        this.settings = settings;
        this.client = client;
        this.storage = storage;
        this.memory = memory;
        this.jobs = jobs;
        this.partitions = partitions;
        TargetTables targets = new TargetTables(client, project);
        this.dataset = DatasetId.of(project, settings.dataset());
        this.pinned = new PinnedTables(client, settings.expiration());
        this.pin = new PinQuery(jobs, pinned, new CountKeys(jobs), dataset, settings.maxBytes());
        this.loads =
                new LoadShards(client, jobs, targets, new StageShards(client, jobs, dataset, LoadShards.MOST_SHARDS));
        this.access = new VerifyAccess(client, storage, targets, settings);
    }

    /**
     * Opens it. No request is made before something is asked.
     *
     * @param project in which jobs run, and who asks
     */
    public static BigQueryWarehouse open(GoogleProject project, BigQuerySettings settings) throws IOException {
        return open(project, settings, () -> false, new RootAllocator());
    }

    /** A job at work is cancelled when the condition becomes true. It is looked at every two seconds at the latest. */
    @Override
    public BigQueryWarehouse stoppedBy(BooleanSupplier stopped) {
        return new BigQueryWarehouse(project, settings, client, storage, memory, jobs.stoppedBy(stopped), partitions);
    }

    /** With other pauses between attempts of a job. */
    static BigQueryWarehouse open(
            GoogleProject project, BigQuerySettings settings, BooleanSupplier stopped, Sleeper pauses)
            throws IOException {
        return open(project, settings, stopped, new RootAllocator(), pauses, System::nanoTime);
    }

    /** With memory for what is decoded, which is closed with this. */
    static BigQueryWarehouse open(
            GoogleProject project, BigQuerySettings settings, BooleanSupplier stopped, BufferAllocator memory)
            throws IOException {
        return open(project, settings, stopped, memory, Sleeper.DEFAULT, System::nanoTime);
    }

    /** With another clock for the pace of the work on rows. */
    static BigQueryWarehouse open(
            GoogleProject project, BigQuerySettings settings, BooleanSupplier stopped, LongSupplier nanoTime)
            throws IOException {
        return open(project, settings, stopped, new RootAllocator(), Sleeper.DEFAULT, nanoTime);
    }

    private static BigQueryWarehouse open(
            GoogleProject project,
            BigQuerySettings settings,
            BooleanSupplier stopped,
            BufferAllocator memory,
            Sleeper pauses,
            LongSupplier nanoTime)
            throws IOException {
        JobId where = JobId.newBuilder()
                .setProject(project.id())
                .setLocation(settings.location())
                .build();
        BigQuery client = BigQueryClients.bigQuery(project, settings);
        BigQueryReadClient storage = BigQueryClients.storageRead(project, settings);
        return new BigQueryWarehouse(
                project.id(),
                settings,
                client,
                storage,
                memory,
                new BigQueryJobs(client, where, stopped, pauses),
                new OpenPartition(
                        client,
                        storage,
                        new PinnedTables(client, settings.expiration()),
                        project.id(),
                        memory,
                        nanoTime));
    }

    @Override
    public PinnedInput extract(Extraction extraction) {
        return pin.pin(extraction);
    }

    @Override
    public Optional<Long> bytesRead(PinnedInput input) {
        return PinMark.of(pinned.verified(input)).map(PinMark::bytes);
    }

    @Override
    public RowReader read(PinnedInput input, int partition, List<String> columns, ReadPosition from) {
        return partitions.open(jobs, input, partition, columns, from);
    }

    @Override
    public long pinnedBytes(String id) {
        return pinned.bytes(pinnedTable(id));
    }

    @Override
    public void unpin(String id) {
        pinned.deletePinned(pinnedTable(id));
    }

    private TableId pinnedTable(String id) {
        return TableId.of(dataset.getProject(), dataset.getDataset(), id);
    }

    @Override
    public long load(TableLoad load) {
        return loads.load(load);
    }

    @Override
    public Preview verify(Extraction extraction) {
        PinQuery.DryRun seen = pin.verify(extraction);
        return new Preview(
                "can run; it reads " + seen.cost() + "; its columns: " + seen.columns()
                        + ". Its rows were not read, which would cost as much as the run; the run reports keys that are null"
                        + " or occur twice, and missing values",
                seen.key().type(),
                Optional.empty());
    }

    @Override
    public String verify(TableLoad.Target target) {
        return access.toLoad(target);
    }

    @Override
    public void verify(TableLoad.Target target, String format, List<RecordSchema.Field> columns) {
        access.toLoad(target, ShardFormat.schema(columns, format));
    }

    @Override
    public Optional<LoadRegions> loadRegions() {
        return Optional.of(new LoadRegions(settings.location()));
    }

    /**
     * Finds out whether results can be pinned: whether the dataset of pinned tables is there, in the location of the jobs, and tables
     * can be made and removed in it, by doing it.
     *
     * @return the findings, in words
     * @throws io.modelbatch.warehouse.WarehouseException says what is wrong and what helps
     */
    public String verifyDataset() {
        return access.toPin();
    }

    @Override
    public void close() {
        storage.close();
        memory.close();
    }
}
