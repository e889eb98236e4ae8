package io.modelbatch.warehouse.google;

import com.google.api.client.util.Sleeper;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryError;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobConfiguration;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.JobStatus;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jobs that run once, whatever happens to who asked for them: a job's id says what it does, so one whose answer was lost, or whose
 * process died, is found again under it. BigQuery keeps a failed job under its id for good; another attempt is {@code …-2}.
 */
final class BigQueryJobs {
    private static final Logger log = LoggerFactory.getLogger(BigQueryJobs.class);

    private static final int ATTEMPTS = 4;
    private static final long FIRST_LOOK_MILLIS = 100;
    private static final long LAST_LOOK_MILLIS = 2_000;
    /** Before a second attempt; twice as long before each further one. */
    private static final long PAUSE_MILLIS = 1_000;
    /** The same after a limit of requests in some seconds; BigQuery's for changes of a table counts those of ten. */
    private static final long LIMIT_PAUSE_MILLIS = 10_000;

    private final BigQuery client;
    private final JobId where;
    private final BooleanSupplier stopped;
    private final Sleeper pauses;

    /**
     * Jobs of a project.
     *
     * @param where with project and location
     * @param stopped whether jobs at work are to be cancelled
     * @param pauses waits between attempts, for two seconds at most
     */
    BigQueryJobs(BigQuery client, JobId where, BooleanSupplier stopped, Sleeper pauses) {
        this.client = client;
        this.where = where;
        this.stopped = stopped;
        this.pauses = pauses;
    }

    /** These, with another condition under which jobs at work are cancelled. */
    BigQueryJobs stoppedBy(BooleanSupplier condition) {
        return new BigQueryJobs(client, where, condition, pauses);
    }

    /**
     * A job of BigQuery to be run once.
     *
     * @param id says all that the job does, so that no other one has it
     * @param what the action, as the beginning of a sentence that says why it failed
     * @param configuration of the job
     * @param stillThere whether the result of an earlier attempt that succeeded is good
     * @param before done before a new attempt
     */
    record Task(String id, String what, JobConfiguration configuration, Predicate<Job> stillThere, Runnable before) {}

    /**
     * The job that did it, now or earlier.
     *
     * @throws CancellationException when it was stopped; the job is cancelled as far as that was possible
     * @throws io.modelbatch.warehouse.WarehouseException when it failed for a reason that a person has to change
     * @throws java.io.UncheckedIOException when it failed for a reason that may pass
     */
    Job run(Task task) {
        int created = 0;
        for (int attempt = 1; ; attempt++) {
            JobId id = id(task.id(), attempt);
            Job job = find(task.what(), id);
            boolean isNew = job == null;
            if (job == null) {
                task.before().run();
                job = create(task, id);
                created++;
            }
            Job done = await(task.what(), job);
            BigQueryError error = error(done);
            if (error == null && task.stillThere().test(done)) {
                return done;
            }
            // why an earlier attempt failed says nothing about the next: a role may have been granted, a table made
            if (isNew && (created >= ATTEMPTS || error == null || !BigQueryFailures.passesSoon(error))) {
                throw failed(task, done, error);
            }
            log.info("Job {} cannot be used ({}); starting another one", id.getJob(), error == null ? "gone" : error);
            if (isNew && error != null) {
                pauseAfter(error, created);
            }
        }
    }

    /** True if an attempt of a task has succeeded. */
    boolean isDone(String id, String what) {
        for (int attempt = 1; ; attempt++) {
            Job job = find(what, id(id, attempt));
            if (job == null) {
                return false;
            }
            if (job.getStatus().getState() == JobStatus.State.DONE && error(job) == null) {
                return true;
            }
        }
    }

    private JobId id(String task, int attempt) {
        return where.toBuilder()
                .setJob(attempt == 1 ? task : task + "-" + attempt)
                .build();
    }

    /** A job without effects, in the location of the others: without one BigQuery would take that of the tables. */
    Job dryRun(String what, JobConfiguration configuration) {
        try {
            return client.create(JobInfo.of(where.toBuilder().setRandomJob().build(), configuration));
        } catch (BigQueryException e) {
            throw BigQueryFailures.explain(what, e);
        }
    }

    @Nullable
    Job find(String what, JobId id) {
        try {
            return client.getJob(id);
        } catch (BigQueryException e) {
            throw BigQueryFailures.explain(what, e);
        }
    }

    private Job create(Task task, JobId id) {
        try {
            return client.create(JobInfo.of(id, task.configuration()));
        } catch (BigQueryException e) {
            Job there = BigQueryFailures.isThereAlready(e) ? find(task.what(), id) : null;
            if (there == null) {
                throw BigQueryFailures.explain(task.what(), e);
            }
            return there;
        }
    }

    private Job await(String what, Job job) {
        long pause = FIRST_LOOK_MILLIS;
        Job seen = job;
        while (seen.getStatus() == null
                || !JobStatus.State.DONE.equals(seen.getStatus().getState())) {
            if (stopsWithin(pause, Sleeper.DEFAULT)) {
                cancel(job.getJobId());
                throw new CancellationException(
                        "stopped; BigQuery's job " + job.getJobId().getJob() + " is cancelled");
            }
            pause = Math.min(pause * 3 / 2, LAST_LOOK_MILLIS);
            Job again = find(what, job.getJobId());
            if (again == null) {
                throw new IllegalStateException("BigQuery no longer knows job " + job.getJobId());
            }
            seen = again;
        }
        return seen;
    }

    /** A pause is random, so that runs that met a limit together do not meet it again. */
    private void pauseAfter(BigQueryError error, int attempts) {
        long most = (BigQueryFailures.isLimit(error) ? LIMIT_PAUSE_MILLIS : PAUSE_MILLIS) << attempts;
        for (long left = most / 2 + ThreadLocalRandom.current().nextLong(most / 2);
                left > 0;
                left -= LAST_LOOK_MILLIS) {
            if (stopsWithin(Math.min(left, LAST_LOOK_MILLIS), pauses)) {
                throw new CancellationException("stopped on request before another attempt");
            }
        }
    }

    private boolean stopsWithin(long millis, Sleeper sleeper) {
        try {
            if (!stopped.getAsBoolean()) {
                sleeper.sleep(millis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return stopped.getAsBoolean() || Thread.currentThread().isInterrupted();
    }

    private void cancel(JobId id) {
        try {
            client.cancel(id);
        } catch (BigQueryException e) {
            log.warn("Job {} could not be cancelled: {}", id.getJob(), e.getMessage());
        }
    }

    private static RuntimeException failed(Task task, Job job, @Nullable BigQueryError error) {
        return error == null
                ? new IllegalStateException(task.what() + ": the result of job " + job.getJobId() + " has disappeared")
                : BigQueryFailures.explain(task.what(), error, job.getStatus().getExecutionErrors());
    }

    private static @Nullable BigQueryError error(Job done) {
        return done.getStatus().getError();
    }
}
