package io.modelbatch.launch;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Somebody who is told how runs end. */
interface Notified {
    /**
     * Finds what is missing here, without a look at the network.
     *
     * @throws NotToldException with all that is missing
     */
    void verify() throws NotToldException;

    /**
     * Looks whether it can be told, and tells nothing.
     *
     * @return the findings, in words
     * @throws NotToldException with the first problem
     */
    String look() throws NotToldException;

    /**
     * Tells it.
     *
     * @param body JSON
     * @throws NotToldException when it was not told within the limit
     */
    void tell(byte[] body, NotifyLimit limit) throws NotToldException, InterruptedException;

    /**
     * Finds variables that have no value.
     *
     * @throws NotToldException with all of them
     */
    static void verifySet(List<String> variables, UnaryOperator<@Nullable String> environment) throws NotToldException {
        String missing = variables.stream()
                .distinct()
                .filter(name -> !isSet(environment.apply(name)))
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            throw new NotToldException(
                    "not set in the environment of Modelbatch: " + missing + ". Set it where Modelbatch is started");
        }
    }

    private static boolean isSet(@Nullable String value) {
        return value != null && !value.isBlank();
    }
}
