package io.modelbatch.step.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.step.BlockSize;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.warehouse.ReadPosition;
import io.modelbatch.warehouse.RowBlock;
import io.modelbatch.warehouse.RowReader;
import io.modelbatch.warehouse.SessionExpiredException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RowBlockReaderTest {
    private static final int ROWS = 1_000;
    private static final int BLOCK = 300;
    private static final RowBlockReader.Work<Integer> WORK = new RowBlockReader.Work<>(RowBlock::rows, rows -> {});

    private ReadPosition committed = ReadPosition.BEGINNING;
    private int sessions;
    private int givenUp;

    @Test
    void goesOnWhereTheCommitsEnd() throws Exception {
        committed = new ReadPosition("session-0", 600);

        RowBlockReader<Integer> reader = reader(Integer.MAX_VALUE);

        assertThat(read(reader)).containsExactlyElementsOf(range(600, ROWS));
        assertThat(givenUp).isZero();
    }

    @Test
    void beginsAgainWhenTheOrderOfTheRowsIsLost() throws Exception {
        RowBlockReader<Integer> reader = reader(2);
        committed =
                new ReadPosition(Objects.requireNonNull(reader.read()).session().orElse(null), BLOCK);
        reader.read();

        PendingBlock<Integer> again = Objects.requireNonNull(reader.read());
        assertThat(again.rows().keys()).containsExactlyElementsOf(range(0, BLOCK));
        assertThat(again.session()).contains("session-2");
        assertThat(read(reader)).containsExactlyElementsOf(range(BLOCK, ROWS));
        assertThat(givenUp).isEqualTo(1);
    }

    @Test
    void givesUpRowsThatOutliveEverySession() {
        RowBlockReader<Integer> reader = reader(0);

        sessions = -10;
        assertThatThrownBy(reader::read)
                .isInstanceOf(StepFailedException.class)
                .hasMessageContainingAll("expired", "3 times at row 0", "Resume the run", "again=true");
    }

    /** Each brings twenty rows, ten of which are kept when it expires. */
    @Test
    void outlivesAnyNumberOfSessions() throws Exception {
        List<Object> keys = new ArrayList<>();
        RowBlockReader<Integer> reader = new RowBlockReader<>(
                new RowBlockReader.Source(from -> new Session(from, 2, 2), () -> committed),
                WORK,
                BlockSize.fixed(10),
                () -> {},
                kept -> {
                    givenUp++;
                    keys.subList((int) kept, keys.size()).clear();
                    committed = new ReadPosition(null, kept);
                },
                waited -> {});
        for (PendingBlock<Integer> block = reader.read(); block != null; block = reader.read()) {
            keys.addAll(block.rows().keys());
            committed = new ReadPosition(block.session().orElse(null), keys.size());
        }

        assertThat(keys).containsExactlyElementsOf(range(0, ROWS));
        assertThat(givenUp).isGreaterThan(40);
    }

    /** Sessions, of which the first answers a number of reads; when the count begins below zero, so does each before the first. */
    private RowBlockReader<Integer> reader(int readsOfFirstSession) {
        return new RowBlockReader<>(
                new RowBlockReader.Source(from -> new Session(from, readsOfFirstSession, 0), () -> committed),
                WORK,
                BlockSize.fixed(BLOCK),
                () -> {},
                kept -> {
                    givenUp++;
                    committed = new ReadPosition(null, kept);
                },
                waited -> {});
    }

    private final class Session implements RowReader {
        private final String name = "session-" + ++sessions;
        private final int lives;
        private final long kept;
        private long position;
        private int reads;

        /** As if its first ten rows came from a session before it, where others expire as well. */
        Session(ReadPosition from, int readsOfFirst, int readsOfOthers) {
            position = from.rows();
            lives = sessions <= 1 ? readsOfFirst : readsOfOthers == 0 ? Integer.MAX_VALUE : readsOfOthers;
            kept = readsOfOthers == 0 ? 0 : from.rows() + 10;
        }

        @Override
        public Optional<RowBlock> read(int maxRows, long maxTextBytes) {
            if (reads++ == lives) {
                throw new SessionExpiredException(name, new IllegalStateException("gone")).keeping(kept);
            }
            List<Object> keys = new ArrayList<>(range(position, Math.min(ROWS, position + maxRows)));
            position += keys.size();
            return keys.isEmpty() ? Optional.empty() : Optional.of(new RowBlock(keys, Map.of()));
        }

        @Override
        public Optional<String> session() {
            return Optional.of(name);
        }

        @Override
        public void close() {}
    }

    private static List<Object> read(RowBlockReader<Integer> reader) throws Exception {
        List<Object> keys = new ArrayList<>();
        for (PendingBlock<Integer> block = reader.read(); block != null; block = reader.read()) {
            keys.addAll(block.rows().keys());
        }
        return keys;
    }

    private static List<Object> range(long from, long to) {
        return LongStream.range(from, to).boxed().map(Object.class::cast).toList();
    }
}
