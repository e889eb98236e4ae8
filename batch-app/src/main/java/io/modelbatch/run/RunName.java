package io.modelbatch.run;

import java.util.OptionalLong;

/** The names by which people call runs: the job and the number of its instance, {@code train-7}. */
public final class RunName {
    private RunName() {}

    /** The name of a run: its job and the number of its job instance. */
    public static String of(String job, long instance) {
        return job + "-" + instance;
    }

    /** The instance that a run's name ends with. */
    public static OptionalLong instance(String run) {
        String number = run.substring(run.lastIndexOf('-') + 1);
        return number.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(number)) : OptionalLong.empty();
    }
}
