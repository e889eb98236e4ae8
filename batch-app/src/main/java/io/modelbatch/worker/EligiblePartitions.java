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
 * model that it has loaded, then those of a model in its cache, then those of the oldest dispatch. Rows that another worker is picking at the same
 * moment are skipped. All partitions of a dispatch have the same needs, so dispatches are put in order, of which there are few, and only the
 * partitions that are taken are read.
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
        return "select t.* from (select ID from MODELBATCH_DISPATCH where STOPPING = 'N' and VERSION = "
                + text(ProgramVersion.text()) + " and MEMORY <= " + its.memory() + " and DEVICE in ("
                + texts(its.devices().stream()
                        .map(device -> device.name().toLowerCase(Locale.ROOT))
                        .toList())
                + ")"
                + (its.spot() ? " and ON_DEMAND = 'N'" : "")
                + (its.only() == null ? "" : " and ID = " + its.only())
                + (its.refused().isEmpty() ? "" : " and ID not in (" + numbers(its.refused()) + ")")
                + " order by PRIORITY desc," + first(its.loaded()) + first(its.cached()) + " ID) d"
                + " cross join lateral (select * from " + table
                + " where DISPATCH = d.ID and picked = ? and execution_time <= ?" + requiredCondition
                + " order by execution_time, TASK_INSTANCE" + getQueryLimitPart(limit)
                + " for update skip locked) t" + getQueryLimitPart(limit);
    }

    /** Before others, partitions with one of these models. */
    private static String first(Set<String> models) {
        return models.isEmpty() ? "" : " case when MODEL in (" + texts(models) + ") then 0 else 1 end,";
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
