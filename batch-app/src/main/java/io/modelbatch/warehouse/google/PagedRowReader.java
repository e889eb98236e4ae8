package io.modelbatch.warehouse.google;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQuery.TableDataListOption;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.FieldList;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableResult;
import com.google.common.collect.Iterables;
import io.modelbatch.warehouse.RowBlock;
import io.modelbatch.warehouse.RowReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a query's result, page by page by BigQuery's REST API. BigQuery removes a result after a day; the query, which sorts its rows,
 * runs again then.
 */
final class PagedRowReader implements RowReader {
    private static final int NOT_FOUND = 404;
    private static final long ROWS_A_PAGE = 10_000;
    private static final String CANNOT_READ = "The pinned rows cannot be read";

    private final BigQuery client;
    private final Supplier<Result> query;
    private final CellRows rows;
    private Result result;
    private long next;
    private @Nullable TableResult page;

    /**
     * A result to page through.
     *
     * @param table where it is
     * @param schema of the table
     * @param session its name in a position
     * @param key which field is the key
     * @param columns the names of the fields that are wanted, each once
     */
    record Result(TableId table, Schema schema, String session, int key, List<String> columns) {
        static Result of(Table table, String session, String key, List<String> columns) {
            Schema schema = Objects.requireNonNull(table.getDefinition().getSchema());
            FieldList fields = schema.getFields();
            return new Result(table.getTableId(), schema, session, fields.getIndex(key), columns);
        }
    }

    /**
     * Reads on at a position.
     *
     * @param query runs the query, unless its result is there
     */
    PagedRowReader(BigQuery client, Supplier<Result> query, long position, long rows) {
        this.client = client;
        this.query = query;
        this.result = query.get();
        this.next = position;
        this.rows = new CellRows(this::nextPage, result.columns(), rows);
    }

    @Override
    public Optional<RowBlock> read(int maxRows, long maxTextBytes) {
        return rows.read(maxRows, maxTextBytes);
    }

    private Optional<CellRows.Portion> nextPage() {
        TableResult current = page;
        if (current != null && !current.hasNextPage()) {
            return Optional.empty();
        }
        page = followed(current);
        return Optional.ofNullable(page)
                .map(TableResult::getValues)
                .map(this::decode)
                .filter(portion -> portion.rows() > 0);
    }

    private @Nullable TableResult followed(@Nullable TableResult current) {
        try {
            return current == null ? firstPage() : current.getNextPage();
        } catch (BigQueryException e) {
            if (e.getCode() != NOT_FOUND) {
                throw BigQueryFailures.explain(CANNOT_READ, e);
            }
        }
        result = query.get();
        try {
            return firstPage();
        } catch (BigQueryException e) {
            throw BigQueryFailures.explain(CANNOT_READ, e);
        }
    }

    private TableResult firstPage() {
        return client.listTableData(
                result.table(),
                result.schema(),
                TableDataListOption.pageSize(ROWS_A_PAGE),
                TableDataListOption.startIndex(next));
    }

    private CellRows.Portion decode(Iterable<FieldValueList> values) {
        int count = Iterables.size(values);
        FieldList fields = result.schema().getFields();
        @Nullable Object[] keys = new Object[count];
        int[] columns = result.columns().stream().mapToInt(fields::getIndex).toArray();
        List<@Nullable String[]> texts = new ArrayList<>();
        for (int i = 0; i < columns.length; i++) {
            texts.add(new String[count]);
        }
        int row = 0;
        for (FieldValueList cells : values) {
            keys[row] = RestValues.value(fields.get(result.key()), cells.get(result.key()));
            for (int i = 0; i < columns.length; i++) {
                texts.get(i)[row] = RestValues.text(fields.get(columns[i]), cells.get(columns[i]));
            }
            row++;
        }
        next += count;
        return CellRows.Portion.of(keys, texts);
    }

    @Override
    public Optional<String> session() {
        return Optional.of(result.session());
    }

    @Override
    public void close() {}
}
