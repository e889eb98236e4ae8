package io.modelbatch.warehouse.google;

import com.google.cloud.bigquery.storage.v1.ArrowSchema;
import com.google.cloud.bigquery.storage.v1.ReadRowsResponse;
import io.modelbatch.warehouse.RowBlock;
import io.modelbatch.warehouse.RowReader;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** Rows of one stream of a read session. One response of it is in memory, and the one that follows it on its way. */
final class ArrowRowReader implements RowReader {
    private final ReadStream stream;
    private final String session;
    private final BufferAllocator memory;
    private final Wanted wanted;
    private final CellRows rows;
    private @Nullable ArrowBatches batches;

    /**
     * Columns to read.
     *
     * @param texts their names, each once
     * @param schema of the session, where no response tells it
     * @param rows rows that are left
     */
    record Wanted(String key, List<String> texts, Supplier<ArrowSchema> schema, long rows) {}

    /**
     * Reads a stream.
     *
     * @param session its name in a position
     * @param memory closed with this
     */
    ArrowRowReader(ReadStream stream, String session, BufferAllocator memory, Wanted wanted) {
        this.stream = stream;
        this.session = session;
        this.memory = memory;
        this.wanted = wanted;
        this.rows = new CellRows(this::next, wanted.texts(), wanted.rows());
    }

    @Override
    public Optional<RowBlock> read(int maxRows, long maxTextBytes) {
        return rows.read(maxRows, maxTextBytes);
    }

    private Optional<CellRows.Portion> next() {
        Optional<ReadRowsResponse> response = heard();
        while (response.isPresent() && response.get().getRowCount() == 0) {
            response = heard();
        }
        return response.map(this::decode);
    }

    /** The first response of a call tells the schema, and it may have no rows. */
    private Optional<ReadRowsResponse> heard() {
        Optional<ReadRowsResponse> response = stream.next();
        if (batches == null) {
            response.filter(ReadRowsResponse::hasArrowSchema)
                    .ifPresent(first -> batches = batches(first.getArrowSchema()));
        }
        return response;
    }

    private CellRows.Portion decode(ReadRowsResponse response) {
        ArrowBatches decoding = batches == null ? batches(wanted.schema().get()) : batches;
        batches = decoding;
        return decoding.decode(response.getArrowRecordBatch());
    }

    private ArrowBatches batches(ArrowSchema schema) {
        return new ArrowBatches(schema, memory, wanted.key(), wanted.texts());
    }

    @Override
    public Optional<String> session() {
        return Optional.of(session);
    }

    @Override
    public void close() {
        stream.close();
        if (batches == null) {
            memory.close();
        } else {
            batches.close();
        }
    }
}
