package io.modelbatch.launch;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import io.modelbatch.extension.Check;
import io.modelbatch.jobspec.JobSpec;
import io.modelbatch.jobspec.Notification;
import io.modelbatch.step.FailureCause;
import io.modelbatch.step.JobFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Finds out all that can be known before a run: everything is looked at, at the same time, also when something is wrong. */
public final class CheckJob {
    private static final Duration LIMIT = Duration.ofSeconds(18);
    private static final int AT_A_TIME = 8;
    /** Jobs that are named where all is well. */
    private static final int NAMED = 4;

    private final List<Check> environment;
    private final JobFactory jobs;
    private final NotifyOfEnd notify;

    /** With what every job needs here. */
    CheckJob(List<Check> environment, JobFactory jobs, NotifyOfEnd notify) {
        this.environment = List.copyOf(environment);
        this.jobs = jobs;
        this.notify = notify;
    }

    /**
     * A job that is checked.
     *
     * @param spec the job and its parameters
     * @param notifications those that are told how its runs end
     */
    public record CheckedJob(JobSpec spec, List<Notification> notifications) {}

    /**
     * The findings.
     *
     * @param subject the thing that was checked
     * @param state whether the check passed
     * @param detail the result, or the problem and the way out
     */
    public record Finding(String subject, State state, String detail) {
        /** A run gets past it. */
        public static Finding ok(String subject, String detail) {
            return new Finding(subject, State.OK, detail);
        }

        /** It would stop a run, or it would not be told how a run ended. */
        public static Finding problem(String subject, String detail) {
            return new Finding(subject, State.PROBLEM, detail);
        }

        /** The same of steps of these jobs. */
        Finding in(List<String> jobs) {
            int named = state == State.OK ? Math.min(NAMED, jobs.size()) : jobs.size();
            String names = String.join(", ", jobs.subList(0, named))
                    + (named < jobs.size() ? " and " + (jobs.size() - named) + " more" : "");
            return jobs.isEmpty()
                    ? this
                    : new Finding(subject + (jobs.size() == 1 ? " in job " : " in jobs ") + names, state, detail);
        }

        /** True if a run would get past it. */
        public enum State {
            OK,
            PROBLEM
        }
    }

    /** The subject of a check and the job that it belongs to. */
    private record Place(String subject, Optional<String> job) {
        static Place of(Check check) {
            return new Place(check.subject(), check.job());
        }
    }

    /** Looks at what the environment and these jobs need; each thing once, within {@value #AT_A_TIME} threads and twenty seconds. */
    public List<Finding> check(List<CheckedJob> checked) {
        Map<Place, Check> checks = new LinkedHashMap<>();
        Stream.concat(environment.stream(), checked.stream().flatMap(this::checks))
                .forEach(check -> checks.putIfAbsent(Place.of(check), check));
        ExecutorService pool = Executors.newFixedThreadPool(
                AT_A_TIME,
                new ThreadFactoryBuilder()
                        .setNameFormat("check")
                        .setDaemon(true)
                        .build());
        try {
            long end = System.nanoTime() + LIMIT.toNanos();
            Map<Place, Future<String>> looks = new LinkedHashMap<>();
            checks.forEach((place, check) ->
                    looks.put(place, pool.submit(() -> check.probe().look())));
            Map<Finding, List<String>> findings = new LinkedHashMap<>();
            looks.forEach((place, look) -> findings.computeIfAbsent(
                            finding(place.subject(), look, end), finding -> new ArrayList<>())
                    .addAll(place.job().stream().toList()));
            return findings.entrySet().stream()
                    .map(found -> found.getKey().in(found.getValue()))
                    .toList();
        } finally {
            pool.shutdownNow();
        }
    }

    private Stream<Check> checks(CheckedJob job) {
        return Stream.concat(
                jobs.checks(job.spec()).stream(), notify.checks(job.spec().name(), job.notifications()).stream());
    }

    private static Finding finding(String subject, Future<String> look, long end) {
        try {
            String seen = look.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            return Finding.ok(subject, seen);
        } catch (ExecutionException e) {
            String words = FailureCause.of(List.of(e.getCause()))
                    .map(FailureCause::message)
                    .orElse("failed");
            return Finding.problem(subject, words);
        } catch (TimeoutException e) {
            return Finding.problem(
                    subject,
                    "no answer within " + LIMIT.toSeconds() + " seconds; check that it is reachable from here");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while checking", e);
        }
    }
}
