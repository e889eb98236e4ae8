package io.modelbatch.step.command;

import java.util.Optional;

/** Tells whether the kernel ended a process for lack of memory while a program ran. */
final class KernelKills {
    private final Optional<ControlGroup> ofProgram;
    private final Optional<ControlGroup> own;
    private final long before;
    private final long ownBefore;

    private KernelKills(Optional<ControlGroup> ofProgram, Optional<ControlGroup> own) {
        this.ofProgram = ofProgram;
        this.own = own;
        this.before = kills(ofProgram);
        this.ownBefore = kills(own);
    }

    /** Counts before a program starts. */
    static KernelKills before(MemoryLimit limit) {
        return new KernelKills(limit.group(), ControlGroup.own());
    }

    /** Counts after it has ended. */
    Attempt.Kills after() {
        if (kills(ofProgram) > before) {
            return Attempt.Kills.AT_LIMIT;
        }
        return kills(own) > ownBefore ? Attempt.Kills.OF_CONTAINER : Attempt.Kills.NONE;
    }

    private static long kills(Optional<ControlGroup> group) {
        return group.map(ControlGroup::kills).orElse(0L);
    }
}
