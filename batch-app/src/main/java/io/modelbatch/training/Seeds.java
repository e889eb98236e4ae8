package io.modelbatch.training;

import java.util.SplittableRandom;

/**
 * A seed for whatever draws random numbers, so that none depends on what was drawn before.
 *
 * @param root the seed of the whole training
 */
record Seeds(long root) {
    /** For the dropout of an optimizer step, counted from 0. */
    int ofStep(long step) {
        return derived(step);
    }

    /** For the order of the examples in an epoch, counted from 0. */
    int ofEpoch(long epoch) {
        return derived(-1 - epoch);
    }

    private int derived(long number) {
        return new SplittableRandom(root * 1_000_003 + number).nextInt();
    }
}
