package io.modelbatch.launch;

import io.modelbatch.step.RunFolder;
import java.util.OptionalLong;

/** The names by which people call runs: the job and the number of its instance, {@code train-7}. */
final class RunName {
    private RunName() {}

    static String of(String job, long instance) {
        return RunFolder.runName(job, instance);
    }

    /** The instance that a run's name ends with. */
    static OptionalLong instance(String run) {
        String number = run.substring(run.lastIndexOf('-') + 1);
        return number.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(number)) : OptionalLong.empty();
    }
}
