package io.modelbatch.launch;

import io.modelbatch.extension.Check;
import io.modelbatch.jobspec.Notification;
import io.modelbatch.jobspec.Notification.Ending;
import io.modelbatch.run.ActiveRun;
import io.modelbatch.run.ExitCode;
import io.modelbatch.run.RecoverRun;
import io.modelbatch.run.RunName;
import io.modelbatch.run.RunSummary;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells those that a job file names how a run ended. It never fails the run, and takes a bounded time. Addresses and secrets are in no
 * message.
 *
 * @param environment the variables of this process; null for one that is not set
 * @param clock the time of signatures
 */
record NotifyOfEnd(UnaryOperator<@Nullable String> environment, Clock clock) {
    /** The version of the body: raised when a key is removed or means something else, not when one is added. */
    static final int VERSION = 1;

    private static final Logger log = LoggerFactory.getLogger(NotifyOfEnd.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** With the variables of this process. */
    static NotifyOfEnd ofThisProcess() {
        return new NotifyOfEnd(System::getenv, Clock.systemUTC());
    }

    /** Looks at all that a job names. */
    List<Check> checks(String job, List<Notification> notifications) {
        return IntStream.range(0, notifications.size())
                .mapToObj(i -> new Check(
                        name(i),
                        Optional.of(job),
                        () -> notified(notifications.get(i)).look()))
                .toList();
    }

    /** Warns at the start of a run of what can be known to fail at its end. */
    void warn(List<Notification> notifications, ActiveRun run) {
        for (int i = 0; i < notifications.size(); i++) {
            try {
                notified(notifications.get(i)).verify();
            } catch (NotToldException e) {
                warn(run, name(i) + " will not be told how this run ends: " + e.getMessage());
            }
        }
    }

    /** Tells those that want to know of such an end. */
    void tell(List<Notification> notifications, RunOutcome outcome, ActiveRun run) {
        Ending ending = ending(outcome.exit());
        tell(notifications, ending, body(ending, outcome), NotifyLimit.atEnd(run.stop()), run);
    }

    /** Tells at the next start that an execution failed because its process died. */
    void tellDied(
            List<Notification> notifications, JobExecution died, Map<String, String> parameters, ActiveRun active) {
        String job = died.getJobInstance().getJobName();
        String run = RunName.of(job, died.getJobInstance().getInstanceId());
        Map<String, @Nullable Object> body = body(Ending.FAILED, run, job, BatchStatus.FAILED.name(), null, parameters);
        body.put("cause", RecoverRun.CAUSE);
        body.put("next", List.of());
        tell(notifications, Ending.FAILED, body, NotifyLimit.atStart(active.stop()), active);
    }

    private void tell(
            List<Notification> notifications,
            Ending ending,
            Map<String, @Nullable Object> content,
            NotifyLimit limit,
            ActiveRun run) {
        byte[] body = JSON.writeValueAsBytes(content);
        for (int i = 0; i < notifications.size(); i++) {
            if (notifications.get(i).isToldOf(ending)) {
                tell(name(i), notified(notifications.get(i)), body, limit, run);
            }
        }
    }

    private static void tell(String name, Notified notified, byte[] body, NotifyLimit limit, ActiveRun run) {
        try {
            notified.tell(body, limit);
        } catch (NotToldException e) {
            warn(run, name + " was not told how this run ended: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void warn(ActiveRun run, String message) {
        log.warn("{}", message);
        run.events().warns(message);
    }

    private Notified notified(Notification notification) {
        return notification.command().isEmpty()
                ? new Webhook(notification, environment, clock)
                : new NotifyProgram(notification, environment);
    }

    /** As a message about a job file names it. */
    private static String name(int index) {
        return "notify[" + index + "]";
    }

    private static Ending ending(ExitCode exit) {
        return exit == ExitCode.COMPLETED
                ? Ending.COMPLETED
                : exit == ExitCode.STOPPED ? Ending.STOPPED : Ending.FAILED;
    }

    private static String word(Ending ending) {
        return ending.name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, @Nullable Object> body(Ending ending, RunOutcome outcome) {
        RunSummary run = outcome.run();
        Map<String, @Nullable Object> body =
                body(ending, run.run(), run.job(), run.status(), outcome.exit().code(), run.parameters());
        outcome.cause().ifPresent(cause -> body.put("cause", cause));
        body.put("next", outcome.next());
        outcome.report().map(ReportFiles::data).ifPresent(report -> body.put("report", report));
        return body;
    }

    /** The keys that every message has. */
    private static Map<String, @Nullable Object> body(
            Ending ending,
            String run,
            String job,
            String status,
            @Nullable Integer exit,
            Map<String, String> parameters) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("version", VERSION);
        body.put("event", word(ending));
        body.put("run", run);
        body.put("job", job);
        body.put("status", status);
        body.put("exit", exit);
        body.put("parameters", parameters);
        return body;
    }
}
