package io.modelbatch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Several commands in one process, one after the other until one fails: {@code check job=a then job=a}. */
final class InTurn {
    static final String THEN = "then";

    private InTurn() {}

    public static void main(String[] words) {
        List<String> left = new ArrayList<>(Arrays.asList(words));
        int exit = 0;
        while (!left.isEmpty() && exit == 0) {
            int end = left.contains(THEN) ? left.indexOf(THEN) : left.size();
            CommandLine.Ended ended = CommandLine.runAlone(left.subList(0, end).toArray(String[]::new));
            System.out.print(ended.words());
            exit = ended.exit();
            left = left.subList(Math.min(end + 1, left.size()), left.size());
        }
        System.exit(exit);
    }
}
