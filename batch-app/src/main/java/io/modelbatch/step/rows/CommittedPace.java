package io.modelbatch.step.rows;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows and tokens that the steps of a run committed over time, added up by the database. */
public final class CommittedPace {
    private static final int INTERVALS = 120;
    private static final double SHORTEST_SECONDS = 1;

    private static final String INPUT = "coalesce(case when REJECTED = 'N' then INPUT_ROWS end, ROW_COUNT)";

    private final JdbcClient jdbc;

    CommittedPace(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * The rows that were committed in an interval of time.
     *
     * @param from its beginning, by the clock of the database
     * @param seconds its length, the same for all intervals of a step
     * @param rows rows read, those set aside included
     * @param tokens tokens that a model read for them
     */
    public record Interval(Instant from, double seconds, long rows, long tokens) {}

    /**
     * Equal intervals from the first commit of a step to its last one, at most 121, by the name of the step. Steps of which nothing is known
     * are left out.
     *
     * @param run the id of its job instance
     */
    public Map<String, List<Interval>> of(long run) {
        Map<String, List<Interval>> all = new LinkedHashMap<>();
        jdbc.sql("with BLOCKS as (select STEP_NAME, cast(extract(epoch from COMMITTED_AT) as double precision) as AT, "
                        + INPUT + " as DONE, coalesce(TOKENS, 0) as READ_TOKENS"
                        + " from MODELBATCH_SHARD where JOB_INSTANCE_ID = ? and COMMITTED_AT is not null),"
                        + " SPANS as (select STEP_NAME, min(AT) as BEGAN,"
                        + " greatest((max(AT) - min(AT)) / ?, ?) as WIDTH from BLOCKS group by STEP_NAME),"
                        + " SLOTS as (select B.STEP_NAME, S.BEGAN, S.WIDTH, B.DONE, B.READ_TOKENS,"
                        + " cast(floor((B.AT - S.BEGAN) / S.WIDTH) as int) as SLOT"
                        + " from BLOCKS B join SPANS S on S.STEP_NAME = B.STEP_NAME)"
                        + " select STEP_NAME, BEGAN, WIDTH, SLOT, sum(DONE), sum(READ_TOKENS) from SLOTS"
                        + " group by STEP_NAME, BEGAN, WIDTH, SLOT order by STEP_NAME, SLOT")
                .params(run, INTERVALS, SHORTEST_SECONDS)
                .query(row -> {
                    List<Interval> its = all.computeIfAbsent(row.getString(1), step -> new ArrayList<>());
                    double began = row.getDouble(2);
                    double width = row.getDouble(3);
                    for (int empty = its.size(); empty < row.getInt(4); empty++) {
                        its.add(interval(began, width, empty, 0, 0));
                    }
                    its.add(interval(began, width, row.getInt(4), row.getLong(5), row.getLong(6)));
                });
        return all;
    }

    private static Interval interval(double began, double width, int number, long rows, long tokens) {
        return new Interval(Instant.ofEpochMilli(Math.round(1000 * (began + number * width))), width, rows, tokens);
    }
}
