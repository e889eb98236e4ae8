package io.modelbatch.worker;

import com.github.kagkarlsson.scheduler.jdbc.DefaultJdbcCustomization;
import io.modelbatch.run.ProgramVersion;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The query by which db-scheduler picks partitions for a worker: those whose needs it meets, first those of a higher priority, then those of a
 * model that it has loaded, then those of a model in its cache, then the oldest. Rows that another worker is picking at the same moment are skipped.
 */
final class EligiblePartitions extends DefaultJdbcCustomization {
    private final Supplier<Eligibility> worker;

    /** @param worker asked at each query */
    EligiblePartitions(Supplier<Eligibility> worker) {
        super(false);
        this.worker = worker;
    }

    @Override
    public String getName() {
        return "PostgreSQL";
    }

    @Override
    public boolean supportsGenericLockAndFetch() {
        return true;
    }

    @Override
    public String getQueryLimitPart(int limit) {
        return " limit " + limit;
    }

    @Override
    public String createGenericSelectForUpdateQuery(
            String table, int limit, String requiredCondition, boolean orderByPriority) {
        Eligibility its = worker.get();
        return "select t.* from " + table + " t join MODELBATCH_DISPATCH d on d.ID = t.DISPATCH"
                + " where t.picked = ? and t.execution_time <= ?" + requiredCondition
                + " and d.STOPPING = 'N' and d.VERSION = " + text(ProgramVersion.text()) + " and d.MEMORY <= "
                + its.memory()
                + " and d.DEVICE in ("
                + texts(its.devices().stream()
                        .map(device -> device.name().toLowerCase(Locale.ROOT))
                        .toList())
                + ")"
                + (its.spot() ? " and d.ON_DEMAND = 'N'" : "")
                + (its.only() == null ? "" : " and d.ID = " + its.only())
                + (its.refused().isEmpty() ? "" : " and d.ID not in (" + numbers(its.refused()) + ")")
                + " order by t.priority desc,"
                + first(its.loaded())
                + first(its.cached())
                + " t.execution_time, t.TASK_INSTANCE for update of t skip locked" + getQueryLimitPart(limit);
    }

    /** Before others, partitions with one of these models. */
    private static String first(Set<String> models) {
        return models.isEmpty() ? "" : " case when d.MODEL in (" + texts(models) + ") then 0 else 1 end,";
    }

    private static String texts(Collection<String> words) {
        return words.stream().map(EligiblePartitions::text).collect(Collectors.joining(", "));
    }

    private static String text(String word) {
        return "'" + word.replace("'", "''") + "'";
    }

    private static String numbers(Collection<Long> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
