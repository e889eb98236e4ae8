package io.modelbatch.step.command;

import java.util.Map;

/** The exit codes of programs, in words. */
final class ExitCodes {
    private static final int SIGNALLED = 128;
    private static final Map<Integer, String> SIGNALS = Map.ofEntries(
            Map.entry(1, "SIGHUP"),
            Map.entry(2, "SIGINT"),
            Map.entry(3, "SIGQUIT"),
            Map.entry(4, "SIGILL"),
            Map.entry(6, "SIGABRT"),
            Map.entry(7, "SIGBUS"),
            Map.entry(8, "SIGFPE"),
            Map.entry(9, "SIGKILL"),
            Map.entry(11, "SIGSEGV"),
            Map.entry(13, "SIGPIPE"),
            Map.entry(14, "SIGALRM"),
            Map.entry(15, "SIGTERM"),
            Map.entry(24, "SIGXCPU"),
            Map.entry(25, "SIGXFSZ"),
            Map.entry(31, "SIGSYS"));

    private ExitCodes() {}

    /** The code, and the signal that it stands for. */
    static String words(int code) {
        String signal = SIGNALS.get(code - SIGNALLED);
        return "exit code " + code + (signal == null ? "" : " (the signal " + signal + ")");
    }
}
