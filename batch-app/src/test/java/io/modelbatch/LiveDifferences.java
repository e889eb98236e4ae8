package io.modelbatch;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.opentest4j.AssertionFailedError;

/** Listens to the tests: each that fails is something that the service answers otherwise than the contract servers. */
final class LiveDifferences implements TestExecutionListener {
    private static final int WIDTH = 1_000;

    private final PrintStream out;
    private final Map<String, AtomicInteger> passed = new ConcurrentHashMap<>();
    private final List<Difference> differences = new CopyOnWriteArrayList<>();

    /**
     * A difference.
     *
     * @param asked in words, and where in the tests
     * @param expected what the contract server answers
     * @param answered what the service answered
     */
    record Difference(String asked, String expected, String answered) {}

    LiveDifferences(PrintStream out) {
        this.out = out;
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        String tests = className(test);
        if (result.getStatus() == Status.FAILED) {
            Throwable failure = result.getThrowable().orElseGet(() -> new AssertionError("failed"));
            differences.add(difference(asked(test, failure), failure));
        } else if (test.isTest() && result.getStatus() == Status.SUCCESSFUL) {
            passed.computeIfAbsent(tests, name -> new AtomicInteger()).incrementAndGet();
        }
        if (test.getSource().filter(ClassSource.class::isInstance).isPresent()) {
            out.println("  " + words(tests.replace("Live", "")) + ": "
                    + Optional.ofNullable(passed.get(tests))
                            .map(AtomicInteger::get)
                            .orElse(0)
                    + " tests answered as by the contract servers");
        }
    }

    private static String className(TestIdentifier test) {
        return test.getSource()
                .map(source -> source instanceof MethodSource method
                        ? method.getClassName()
                        : source instanceof ClassSource type ? type.getClassName() : "")
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .orElse("");
    }

    private static String asked(TestIdentifier test, Throwable failure) {
        String method = test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(source -> words(((MethodSource) source).getMethodName()))
                .orElse("");
        String parameters = test.getDisplayName().matches("\\[\\d+].*") ? " " + test.getDisplayName() : "";
        String line = Arrays.stream(failure.getStackTrace())
                .filter(frame -> frame.getClassName().matches("io\\.modelbatch\\..*(Contract|Live\\w+)"))
                .findFirst()
                .map(frame -> " (" + frame.getFileName() + ":" + frame.getLineNumber() + ")")
                .orElse("");
        return words(className(test).replace("Live", "")) + ": " + method + parameters + line;
    }

    /** {@code a_name_of_a_test} and {@code aNameOfATest} as words. */
    private static String words(String name) {
        return name.replace('_', ' ').replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    private static Difference difference(String asked, Throwable failure) {
        if (failure instanceof AssertionFailedError compared
                && compared.isExpectedDefined()
                && compared.isActualDefined()) {
            String description =
                    String.valueOf(compared.getMessage()).lines().findFirst().orElse("");
            String what = description.startsWith("[") ? description + " " : "";
            return new Difference(
                    asked,
                    what + value(compared.getExpected().getValue()),
                    value(compared.getActual().getValue()));
        }
        if (failure instanceof AssertionError) {
            List<String> said = String.valueOf(failure.getMessage())
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
            int split = said.stream()
                    .filter(line -> line.matches("to .*|not to .*|expected:?|but .*"))
                    .findFirst()
                    .map(said::indexOf)
                    .orElse(said.size());
            return new Difference(
                    asked,
                    split == said.size() ? "as the test says" : String.join(" ", said.subList(split, said.size())),
                    String.join(" ", said.subList(0, split)));
        }
        return new Difference(asked, "no failure", failure.getClass().getSimpleName() + ": " + failure.getMessage());
    }

    private static String value(Object value) {
        return Objects.toString(value);
    }

    boolean isEmpty() {
        return differences.isEmpty();
    }

    int passed() {
        return passed.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    /** The table, in Markdown. */
    void print() {
        if (differences.isEmpty()) {
            out.println("The service answered " + passed() + " tests as the contract servers do. No difference.");
            return;
        }
        out.println("What differs from the contract servers (" + differences.size() + " of "
                + (passed() + differences.size()) + " tests):");
        out.println();
        out.println("| asked | a contract server answers | the service answered |");
        out.println("|---|---|---|");
        differences.forEach(each -> out.println(
                "| " + cell(each.asked) + " | " + cell(each.expected) + " | " + cell(each.answered) + " |"));
    }

    private static String cell(String text) {
        String line = text.replaceAll("\\s+", " ").strip().replace("|", "\\|");
        return line.length() <= WIDTH ? line : line.substring(0, WIDTH) + "…";
    }
}
