package io.modelbatch.jobspec;

import io.modelbatch.base.Explained;
import io.modelbatch.base.Remedy;
import io.modelbatch.yaml.Problem;
import io.modelbatch.yaml.Problems;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A job cannot be read or started as it is written or called. Carries every problem found, by line. */
public final class JobFileException extends RuntimeException implements Explained {
    private static final int SHOWN = 50;

    private final transient List<Problem> problems;

    static void throwIfAny(Problems problems) {
        if (problems.count() > 0) {
            throw new JobFileException(problems.found());
        }
    }

    JobFileException(List<Problem> problems) {
        super(describe(sorted(problems)));
        this.problems = sorted(problems);
    }

    /** All problems, by line; at least one. */
    public List<Problem> problems() {
        return problems;
    }

    private static List<Problem> sorted(List<Problem> problems) {
        return problems.stream().sorted(Problem.BY_LINE).toList();
    }

    private static String describe(List<Problem> problems) {
        String shown = problems.stream().limit(SHOWN).map(Problem::toString).collect(Collectors.joining("\n"));
        return problems.size() <= SHOWN ? shown : shown + "\n… and " + (problems.size() - SHOWN) + " more";
    }

    @Override
    public Optional<Remedy> remedy() {
        return Optional.of(Remedy.CONFIGURE);
    }
}
