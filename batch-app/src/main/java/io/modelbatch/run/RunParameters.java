package io.modelbatch.run;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;

/** The identity of a run among those of its job: the job's parameters, and a number that counts runs with the same parameters. */
public record RunParameters(String job, Map<String, String> values) {
    /** Cannot collide with a job's own parameters: their names have no dot. */
    public static final String SEQUENCE = "modelbatch.sequence";

    /** Keeps its own copy. */
    public RunParameters {
        values = new TreeMap<>(values);
    }

    /** The parameters of the n-th run, counted from 1. */
    public JobParameters sequence(long number) {
        JobParametersBuilder builder = new JobParametersBuilder();
        values.forEach((name, value) -> builder.addString(name, value, true));
        return builder.addLong(SEQUENCE, number, true).toJobParameters();
    }

    /** Names all runs with these parameters, of which only one may be running, as they are typed. */
    public String key() {
        String text = arguments();
        return text.length() <= 200
                ? text
                : text.substring(0, 150) + "#"
                        + Hashing.sha256()
                                .hashString(text, StandardCharsets.UTF_8)
                                .toString()
                                .substring(0, 40);
    }

    private String arguments() {
        StringBuilder text = new StringBuilder("job=" + job);
        values.forEach((name, value) ->
                text.append(' ').append(value.contains(" ") ? "'" + name + "=" + value + "'" : name + "=" + value));
        return text.toString();
    }
}
