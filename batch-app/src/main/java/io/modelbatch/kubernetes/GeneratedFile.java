package io.modelbatch.kubernetes;

import java.util.List;

/** The line by which a file that was generated is known again. */
final class GeneratedFile {
    private static final String MARK = "# Written by Modelbatch: ";
    /** A script begins with its interpreter. */
    private static final int FIRST_LINES = 2;

    private GeneratedFile() {}

    static String withHeader(String job, String text) {
        return MARK + "k8s job=" + job
                + ". The same command replaces this file, so put your changes into an overlay of your own.\n" + text;
    }

    static boolean isGenerated(List<String> lines) {
        return lines.stream().limit(FIRST_LINES).anyMatch(line -> line.startsWith(MARK));
    }
}
