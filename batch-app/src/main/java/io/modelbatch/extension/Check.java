package io.modelbatch.extension;

/**
 * Something that a job needs, found out without doing the job's work.
 *
 * @param subject what is looked at; of several checks with the same subject one is made
 * @param probe looks
 */
public record Check(String subject, Probe probe) {
    /** Looks at one thing. */
    @FunctionalInterface
    public interface Probe {
        /**
         * Looks.
         *
         * @return what was seen
         * @throws Exception says what is wrong and what helps
         */
        String look() throws Exception;
    }
}
