package io.modelbatch.base;

import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/** Jackson's reason why a text is not JSON, without what only a programmer can use. */
public final class JsonErrorText {
    /** Where the text came from, which Jackson does not know, and features that a user cannot enable. */
    private static final Pattern FOR_PROGRAMMERS =
            Pattern.compile(" \\(start marker at \\[Source: .*?]\\)|: enable `.*", Pattern.DOTALL);

    private JsonErrorText() {}

    /** The reason, without what only a programmer can use. */
    public static String words(JacksonException refused) {
        return FOR_PROGRAMMERS
                .matcher(String.valueOf(refused.getOriginalMessage()))
                .replaceAll("");
    }
}
