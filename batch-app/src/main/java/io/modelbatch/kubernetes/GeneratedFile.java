package io.modelbatch.kubernetes;

import java.util.List;

/** The header of a generated file, by which it is recognized. */
final class GeneratedFile {
    private static final String MARK = "# Written by Modelbatch: ";
    /** A script begins with its interpreter. */
    private static final int FIRST_LINES = 2;

    private GeneratedFile() {}

    static String withHeader(String job, String text) {
        return MARK + "k8s job=" + job
                + ". The same command replaces this file, so put your changes into an overlay of your own.\n" + text;
    }

    /** The same for a target without kustomize. An interpreter stays in the first line. */
    static String withHeader(Target target, String job, String text) {
        String header = MARK + "k8s job=" + job + " --target=" + target + ". The same command replaces this file.\n";
        int end = text.startsWith("#!") ? text.indexOf('\n') + 1 : 0;
        return text.substring(0, end) + header + text.substring(end);
    }

    static boolean isGenerated(List<String> lines) {
        return lines.stream().limit(FIRST_LINES).anyMatch(line -> line.startsWith(MARK));
    }
}
