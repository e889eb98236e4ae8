package io.modelbatch.step;

import io.modelbatch.extension.Check;
import io.modelbatch.extension.ResultReference;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Results of earlier steps in options that are looked at before the run: references as they are written, and values that only the earlier
 * step makes true.
 *
 * @param foreseen the values that are known now, such as the address of a result
 */
record UnknownResults(Set<String> foreseen) {
    private static final String WORDS = "known when the step begins";

    /** True when a text has such a reference or value. */
    boolean areIn(@Nullable String text) {
        return text != null
                && (text.contains("${" + ResultReference.PREFIX)
                        || foreseen.stream().anyMatch(text::contains));
    }

    /** A value of the options; the other one where a reference is in the way. */
    <T> T or(T unknown, Supplier<T> look) {
        try {
            return look.get();
        } catch (RuntimeException e) {
            if (areCauseOf(e)) {
                return unknown;
            }
            throw e;
        }
    }

    /** The check of options as a whole, where no other can be made. */
    static Check.Probe probe() {
        return () -> "are " + WORDS;
    }

    /** The same check, which passes where it needs a result that an earlier step has yet to make. */
    Check excepted(Check check) {
        return new Check(check.subject(), check.job(), () -> {
            try {
                return check.probe().look();
            } catch (Exception e) {
                if (areIn(check.subject()) || areCauseOf(e)) {
                    return "is " + WORDS;
                }
                throw e;
            }
        });
    }

    /** True for a failure whose message has such a reference or value. */
    boolean areCauseOf(Exception failure) {
        return FailureCause.of(List.of(failure))
                .filter(cause -> areIn(cause.message()))
                .isPresent();
    }
}
