package io.modelbatch.run.claim;

import io.modelbatch.extension.Target;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Claims of the runs of this job repository on what they write: one for each folder and table. A claim counts as long as the {@linkplain Claims lease}
 * of its run does; one whose run is gone is removed by whoever wants the same target.
 */
public final class TargetClaims {
    private final JdbcClient jdbc;
    private final TransactionTemplate alone;
    private final ClaimClock clock;

    /** In a job repository. */
    public TargetClaims(JdbcClient jdbc, PlatformTransactionManager transactions, ClaimClock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.alone = new TransactionTemplate(transactions);
        // With repeatable reads the claims would be seen as they were before the lock was waited for.
        alone.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
    }

    /**
     * Claims all that a run writes, or nothing.
     *
     * @param run whose lease this process holds
     * @param process this process
     * @param patience how long to wait for other runs
     * @return the name of this job repository
     * @throws RunHeldException when another run writes one of them to the end
     */
    String acquire(String run, String process, List<Target> targets, WaitTimeout patience) {
        while (true) {
            Outcome outcome = alone.execute(transaction -> claim(run, process, targets));
            if (outcome.holder().isEmpty()) {
                return outcome.repository();
            }
            RunHeldException refusal = outcome.holder().get().refusal();
            if (patience.isOver()) {
                throw refusal;
            }
            patience.pause(String.valueOf(refusal.getMessage()));
        }
    }

    /** Gives up all claims of a process; a process that took its run over has claims of its own. */
    void release(String process) {
        jdbc.sql("delete from MODELBATCH_CLAIM where OWNER_ID = ?")
                .param(process)
                .update();
    }

    /** The name of this job repository when it has a claim of a run. */
    Optional<String> claimed(String run) {
        return jdbc.sql("select ID from MODELBATCH_REPOSITORY"
                        + " where exists (select 1 from MODELBATCH_CLAIM where RUN_KEY = ?)")
                .param(run)
                .query(String.class)
                .optional();
    }

    /** Removes all claims of a run. */
    void remove(String run) {
        jdbc.sql("delete from MODELBATCH_CLAIM where RUN_KEY = ?").param(run).update();
    }

    private record Outcome(String repository, Optional<TargetClaim> holder) {}

    /** Looks and claims while no other process does. */
    private Outcome claim(String run, String process, List<Target> targets) {
        String repository = jdbc.sql("select ID from MODELBATCH_REPOSITORY for update")
                .query(String.class)
                .single();
        for (TargetClaim claim : others(run)) {
            if (targets.stream().anyMatch(claim.target()::excludes) && !isGone(claim)) {
                return new Outcome(repository, Optional.of(claim));
            }
        }
        remove(run);
        Map<String, Target> byName = new LinkedHashMap<>();
        targets.forEach(target ->
                byName.merge(target.name(), target, (one, other) -> one.use() == Target.Use.ALONE ? one : other));
        byName.values()
                .forEach(target -> jdbc.sql(
                                "insert into MODELBATCH_CLAIM (TARGET, RUN_KEY, OWNER_ID, SHARED) values (?, ?, ?, ?)")
                        .params(target.name(), run, process, target.use() == Target.Use.SHARED ? "Y" : "N")
                        .update());
        return new Outcome(repository, Optional.empty());
    }

    private List<TargetClaim> others(String run) {
        return jdbc.sql("select c.TARGET, c.SHARED, c.RUN_KEY, l.OWNER_ID, l.MACHINE, l.PROCESS_ID, l.PROCESS_STARTED,"
                        + " l.SINCE, case when l.EXPIRES < " + clock.now() + " then 'Y' else 'N' end"
                        + " from MODELBATCH_CLAIM c left join MODELBATCH_LEASE l on l.RUN_KEY = c.RUN_KEY"
                        + " where c.RUN_KEY <> ?")
                .param(run)
                .query((row, n) -> new TargetClaim(
                        new Target(
                                row.getString(1),
                                row.getString(2).equals("Y") ? Target.Use.SHARED : Target.Use.ALONE,
                                null),
                        row.getString(3),
                        row.getString(4) == null
                                ? Optional.empty()
                                : Optional.of(new RunOwner(
                                        row.getString(4), row.getString(5), row.getLong(6), row.getLong(7))),
                        Optional.ofNullable(row.getObject(8, OffsetDateTime.class)),
                        "Y".equals(row.getString(9))))
                .list();
    }

    /** Also keeps a process that was only suspended from continuing: its lease has another owner when it wakes. */
    private boolean isGone(TargetClaim claim) {
        Optional<RunOwner> owner = claim.owner();
        boolean isGone = owner.isEmpty() || owner.get().isDead() || (claim.expired() && isFenced(claim, owner.get()));
        if (isGone) {
            remove(claim.run());
        }
        return isGone;
    }

    /** A process that was suspended within a transaction keeps the row locked, and is not waited for here. */
    private boolean isFenced(TargetClaim claim, RunOwner owner) {
        boolean free = jdbc.sql("select 1 from MODELBATCH_LEASE where RUN_KEY = ? and OWNER_ID = ? and EXPIRES < "
                        + clock.now() + " for update skip locked")
                .params(claim.run(), owner.id())
                .query(Integer.class)
                .optional()
                .isPresent();
        return free
                && jdbc.sql(
                                        "update MODELBATCH_LEASE set OWNER_ID = ?, EPOCH = EPOCH + 1 where RUN_KEY = ? and OWNER_ID = ?")
                                .params(UUID.randomUUID().toString(), claim.run(), owner.id())
                                .update()
                        == 1;
    }

    /** A claim of another run, and who holds that run; empty when nobody does. */
    private record TargetClaim(
            Target target, String run, Optional<RunOwner> owner, Optional<OffsetDateTime> since, boolean expired) {
        RunHeldException refusal() {
            RunOwner holder = owner.orElseThrow();
            return new RunHeldException(target.name() + " is being written by another run, " + run + " (process "
                    + holder.processId() + " on " + holder.host() + ", since "
                    + since.orElseThrow().toInstant()
                    + "). Wait until it ends, for instance with wait=1h, or write somewhere else; if that process has ended,"
                    + " its lease expires within " + Claims.DURATION.toSeconds() + " seconds.");
        }
    }
}
