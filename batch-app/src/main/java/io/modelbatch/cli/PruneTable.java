package io.modelbatch.cli;

import io.modelbatch.base.ByteSize;
import io.modelbatch.launch.PrunedRun;
import io.modelbatch.launch.PrunedRun.State;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** The result of {@code prune} as a table. */
record PruneTable(List<PrunedRun> runs) {
    /** Names that are listed in one line. */
    static final int NAMES = 10;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.systemDefault());

    void print(PrintWriter out) {
        if (runs.isEmpty()) {
            return;
        }
        int width = runs.stream().mapToInt(run -> run.run().length()).max().orElse(0);
        String line = "%-" + Math.max(width, 3) + "s  %-9s  %-16s  %11s  %9s";
        out.println(line.formatted("Run", "Status", "Ended", "Pinned rows", "Folder"));
        for (PrunedRun run : runs) {
            boolean failed = run.state() == State.FAILED;
            out.println(line.formatted(
                            run.run(),
                            run.status(),
                            TIME.format(run.ended()),
                            failed ? "" : new ByteSize(run.pinnedBytes()),
                            failed ? "" : new ByteSize(run.folderBytes()))
                    .stripTrailing());
            if (run.reason() != null) {
                out.println((failed ? "  failed: " : "  kept: ") + run.reason());
            }
        }
    }

    /** The last lines. */
    List<String> conclusion(boolean deleted, String command) {
        List<PrunedRun> covered = runs.stream()
                .filter(run -> run.state() == State.PRUNABLE || run.state() == State.PRUNED)
                .toList();
        long failed = runs.stream().filter(run -> run.state() == State.FAILED).count();
        String all = (covered.size() == 1 ? "1 run" : covered.size() + " runs") + ", "
                + new ByteSize(covered.stream().mapToLong(PrunedRun::bytes).sum());
        List<String> lines = new ArrayList<>();
        if (covered.isEmpty()) {
            lines.add("Nothing " + (deleted ? "was" : "would be") + " removed.");
        } else if (deleted) {
            lines.add("Removed: " + all + ".");
        } else {
            lines.add("Would be removed: " + all + ". Nothing was changed; results, published models and tables stay.");
            lines.add("To remove it: " + command);
        }
        if (failed > 0) {
            lines.add("Not removed: " + failed + (failed == 1 ? " run." : " runs.") + " To try again: " + command);
        }
        return lines;
    }
}
