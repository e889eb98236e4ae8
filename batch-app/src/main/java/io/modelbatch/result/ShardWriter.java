package io.modelbatch.result;

import java.io.IOException;
import java.nio.file.Path;

/** Writes blocks of records as files, one file a block. For one thread. */
public interface ShardWriter extends AutoCloseable {
    /**
     * Writes a new file, whole.
     *
     * @throws IOException when it could not be written; what there is of it is worthless
     */
    void write(RecordBlock block, Path file) throws IOException;

    /** The end of a shard's name, {@code .parquet} or {@code .jsonl}. */
    String suffix();

    @Override
    void close();

    /** Writes Parquet, compressed with ZSTD. */
    static ShardWriter parquet() {
        return new ParquetWriter();
    }

    /** Writes a JSON object a line, UTF-8. */
    static ShardWriter jsonl() {
        return new JsonlWriter();
    }
}
