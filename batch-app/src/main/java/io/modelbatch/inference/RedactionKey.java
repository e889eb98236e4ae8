package io.modelbatch.inference;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The key of hashes that stand for texts. Its value is in no message, and nothing stores it. */
final class RedactionKey {
    /** A shorter one could be guessed from a hash. */
    private static final int SHORTEST = 16;
    /** 64 bits: among a million texts, two with the same hash are improbable (1 in 37 million). */
    private static final int DIGITS = 16;

    /** A text that no table has. */
    private static final String NO_TEXT = "\0key";

    private final HashFunction hmac;

    private RedactionKey(HashFunction hmac) {
        this.hmac = hmac;
    }

    /**
     * The key in an environment variable.
     *
     * @param environment the variables; null for one that is not set
     * @throws InferenceException when it is not set or too short
     */
    static RedactionKey of(String variable, UnaryOperator<@Nullable String> environment) {
        String value = environment.apply(variable);
        if (value == null || value.isBlank()) {
            throw new InferenceException("redact: the environment variable " + variable
                    + " is not set; set it to the key of the hashes, in each process that works on the run");
        } else if (value.length() < SHORTEST) {
            throw new InferenceException(
                    "redact: the key in the environment variable " + variable + " is too short; it needs at least "
                            + SHORTEST + " characters, such as those of: openssl rand -hex 32");
        }
        return new RedactionKey(Hashing.hmacSha256(value.getBytes(StandardCharsets.UTF_8)));
    }

    /** The beginning of the HMAC-SHA256 of a text. */
    String hash(String text) {
        return hmac.hashString(text, StandardCharsets.UTF_8).toString().substring(0, DIGITS);
    }

    /** Tells the key apart from others. */
    String fingerprint() {
        return hmac.hashString(NO_TEXT, StandardCharsets.UTF_8).toString().substring(0, DIGITS);
    }
}
