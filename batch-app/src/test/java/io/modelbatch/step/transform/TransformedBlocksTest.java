package io.modelbatch.step.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.extension.InputRow;
import io.modelbatch.extension.RejectedRowException;
import io.modelbatch.extension.RowSink;
import io.modelbatch.extension.RowTransform;
import io.modelbatch.extension.TransformType.Keys;
import io.modelbatch.result.FieldType;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.result.RecordSchema.Field;
import io.modelbatch.run.StopRequest;
import io.modelbatch.step.BlockSize;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.step.rows.FinishedBlock;
import io.modelbatch.step.rows.RowBlockReader;
import io.modelbatch.warehouse.ReadPosition;
import io.modelbatch.warehouse.RowBlock;
import io.modelbatch.warehouse.RowReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.job.JobInterruptedException;

/** Ten rows that are read together. */
class TransformedBlocksTest {
    private static final int ROWS = 10;
    private static final String SIXTEEN_MEBIBYTES = "x".repeat(8 << 20);

    private final StopRequest stop = new StopRequest();

    @Test
    void aBlockEndsWhereItsRowsWouldFillTheMemory() throws Exception {
        List<FinishedBlock> blocks = all(blocks(() -> (row, out) -> out.add().set("text", SIXTEEN_MEBIBYTES)));

        assertThat(blocks).extracting(FinishedBlock::rows).containsExactly(4, 4, 2);
        assertThat(blocks).extracting(FinishedBlock::session).containsOnly(Optional.of("session"));
        assertThat(blocks.stream().flatMap(block -> block.records().columns().get(0).asList().stream()))
                .containsExactlyElementsOf(LongStream.range(0, ROWS).boxed().toList());
    }

    /** Of a row that becomes none, and of one that is rejected, the position must know. */
    @Test
    void everyRowThatWasReadCounts() throws Exception {
        List<FinishedBlock> blocks = all(blocks(() -> (row, out) -> {
            long key = (Long) row.key();
            if (key % 3 == 0) {
                out.add();
            } else if (key % 3 == 1) {
                throw new RejectedRowException("has a bad number");
            }
        }));

        assertThat(blocks).hasSize(1);
        FinishedBlock block = blocks.get(0);
        assertThat(block.rows()).isEqualTo(ROWS);
        assertThat(block.written()).isEqualTo(4);
        assertThat(block.rejected()).isEqualTo(3);
        assertThat(block.inputRows()).isEqualTo(7);
        assertThat(block.rejects().get(0))
                .isEqualTo(Map.of("key", 1L, "reason", "has a bad number", "row", Map.of("id", 1L, "text", "row 1")));
    }

    @Test
    void whatATransformThrowsNamesTheRow() {
        TransformedBlocks blocks = blocks(() -> (row, out) -> {
            if (row.key().equals(3L)) {
                throw new IllegalStateException("no dictionary");
            }
        });

        assertThatThrownBy(blocks::read)
                .isInstanceOf(StepFailedException.class)
                .hasMessageContainingAll("Step split (split-type)", "key '3'", "IllegalStateException: no dictionary");
    }

    @Test
    void aTransformThatCannotBeginFailsItsStep() {
        assertThatThrownBy(() -> blocks(() -> {
                            throw new NoClassDefFoundError("org/nlp/Splitter");
                        })
                        .read())
                .isInstanceOf(StepFailedException.class)
                .hasMessageContainingAll("Step split (split-type)", "could not begin", "org/nlp/Splitter");
    }

    @Test
    void aStopEndsItBetweenTwoRows() {
        List<Object> taken = new ArrayList<>();
        TransformedBlocks blocks = blocks(() -> (row, out) -> {
            taken.add(row.key());
            stop.request();
        });

        assertThatThrownBy(blocks::read).isInstanceOf(JobInterruptedException.class);
        assertThat(taken).containsExactly(0L);
    }

    @Test
    void closesATransformThatCanBeClosed() throws Exception {
        List<String> closed = new ArrayList<>();
        final class Closing implements RowTransform, AutoCloseable {
            @Override
            public void apply(InputRow row, RowSink out) {}

            @Override
            public void close() {
                closed.add("closed");
            }
        }
        TransformedBlocks blocks = blocks(Closing::new);
        all(blocks);

        blocks.close();

        assertThat(closed).containsExactly("closed");
    }

    private static List<FinishedBlock> all(TransformedBlocks blocks) throws Exception {
        List<FinishedBlock> all = new ArrayList<>();
        for (FinishedBlock block = blocks.read(); block != null; block = blocks.read()) {
            all.add(block);
        }
        return all;
    }

    private TransformedBlocks blocks(Supplier<RowTransform> transform) {
        RecordSchema schema =
                new RecordSchema(List.of(new Field("id", FieldType.INT64), new Field("text", FieldType.STRING)));
        return new TransformedBlocks(
                new RowBlockReader<>(
                        new RowBlockReader.Source(TenRows::new, () -> ReadPosition.BEGINNING),
                        new RowBlockReader.Work<>(block -> true, block -> {}),
                        BlockSize.fixed(100),
                        () -> {},
                        kept -> {},
                        waited -> {}),
                new TransformedBlocks.Named(transform, "split-type", "split"),
                new ResultBuilder(schema, Keys.KEPT),
                stop);
    }

    private static final class TenRows implements RowReader {
        private long position;

        TenRows(ReadPosition from) {
            position = from.rows();
        }

        @Override
        public Optional<RowBlock> read(int maxRows, long maxTextBytes) {
            List<Object> keys = LongStream.range(position, ROWS)
                    .boxed()
                    .map(Object.class::cast)
                    .toList();
            position = ROWS;
            return keys.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new RowBlock(
                            keys,
                            Map.of(
                                    "text",
                                    List.copyOf(keys.stream()
                                            .map(key -> "row " + key)
                                            .toList()))));
        }

        @Override
        public Optional<String> session() {
            return Optional.of("session");
        }

        @Override
        public void close() {}
    }
}
