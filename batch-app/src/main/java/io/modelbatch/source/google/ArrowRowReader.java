package io.modelbatch.source.google;

import com.google.cloud.bigquery.storage.v1.ArrowSchema;
import com.google.cloud.bigquery.storage.v1.ReadRowsResponse;
import io.modelbatch.source.RowBlock;
import io.modelbatch.source.RowReader;
import io.modelbatch.source.SessionExpiredException;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** Rows of one stream of a read session. One response of it is in memory, and the one that follows it on its way. */
final class ArrowRowReader implements RowReader {
    private final ReadStream stream;
    private final String session;
    private final BufferAllocator memory;
    private final Wanted wanted;
    private final CellRows rows;
    private @Nullable ArrowSchema schema;
    private @Nullable ArrowBatches batches;

    /**
     * Columns to read.
     *
     * @param schema of the session; null where only a response tells
     * @param rows rows that are left
     */
    record Wanted(String key, List<String> texts, @Nullable ArrowSchema schema, long rows) {}

    /**
     * Reads a stream.
     *
     * @param session what names it in a position
     * @param memory closed with this
     */
    ArrowRowReader(ReadStream stream, String session, BufferAllocator memory, Wanted wanted) {
        this.stream = stream;
        this.session = session;
        this.memory = memory;
        this.wanted = wanted;
        this.schema = wanted.schema();
        this.rows = new CellRows(this::next, wanted.texts().size(), wanted.rows());
    }

    @Override
    public Optional<RowBlock> read(int maxRows, long maxTextBytes) {
        return rows.read(maxRows, maxTextBytes);
    }

    private Optional<CellRows.Portion> next() {
        Optional<ReadRowsResponse> response = received();
        while (response.isPresent() && response.get().getRowCount() == 0) {
            response = received();
        }
        return response.map(this::decode);
    }

    /** The schema comes once, maybe in a response without rows. */
    private Optional<ReadRowsResponse> received() {
        Optional<ReadRowsResponse> response = stream.next();
        if (schema == null && response.isPresent() && response.get().hasArrowSchema()) {
            schema = response.get().getArrowSchema();
        }
        return response;
    }

    private CellRows.Portion decode(ReadRowsResponse response) {
        if (batches == null) {
            if (schema == null) {
                throw new SessionExpiredException(session, new IllegalStateException("No response tells the schema"));
            }
            batches = new ArrowBatches(schema, memory, wanted.key(), wanted.texts());
        }
        return batches.decode(response.getArrowRecordBatch());
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
