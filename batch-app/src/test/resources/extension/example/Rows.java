package example;

import io.modelbatch.extension.StepBuilders;
import io.modelbatch.extension.StepSpec;
import io.modelbatch.facts.OwnFacts;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.ReadPosition;
import io.modelbatch.warehouse.RowBlock;
import io.modelbatch.warehouse.RowReader;
import io.modelbatch.warehouse.Warehouse;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;

/** The pinned rows of an earlier step, one by one, from the first that no commit covers. */
final class Rows implements ItemStreamReader<Rows.Row>, StepExecutionListener {
    record Row(Object key, String text) {}

    private static final String READ = "count-words.read";

    private final StepBuilders builders;
    private final Warehouse warehouse;
    private final StepSpec extract;
    private final String column;
    private final Queue<Row> block = new ArrayDeque<>();
    private PinnedInput input;
    private RowReader reader;
    private long read;
    private long committed;

    Rows(StepBuilders builders, Warehouse warehouse, StepSpec extract, String column) {
        this.builders = builders;
        this.warehouse = warehouse;
        this.extract = extract;
        this.column = column;
    }

    @Override
    public void beforeStep(StepExecution execution) {
        input = builders.output(execution, extract, PinnedInput.class);
    }

    @Override
    public ExitStatus afterStep(StepExecution execution) {
        builders.result(execution, new OwnFacts(Map.of("words-of-rows", read)));
        return execution.getExitStatus();
    }

    @Override
    public void open(ExecutionContext context) {
        read = context.getLong(READ, 0);
        committed = read;
        reader = warehouse.read(input, 0, List.of(column), new ReadPosition(null, read));
    }

    /** The first row of the chunk that is written. */
    long first() {
        return committed;
    }

    @Override
    public Row read() {
        if (block.isEmpty()) {
            reader.read(100, 1 << 20).ifPresent(this::add);
        }
        Row row = block.poll();
        read += row == null ? 0 : 1;
        return row;
    }

    private void add(RowBlock rows) {
        for (int i = 0; i < rows.rows(); i++) {
            block.add(new Row(rows.keys().get(i), String.valueOf(rows.column(column).get(i))));
        }
    }

    @Override
    public void update(ExecutionContext context) {
        context.putLong(READ, read);
        committed = read;
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
    }
}
