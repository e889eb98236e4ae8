package io.modelbatch.run.claim;

/**
 * The clock by which claims expire, as an expression of SQL. It is the database's own, so that all processes have the same, and one on a
 * machine with a wrong clock takes nothing over. A test puts a literal in its place: a time that moves only when the test moves it.
 */
@FunctionalInterface
public interface ClaimClock {
    /** The clock of the database that keeps the claims. */
    ClaimClock DATABASE = () -> "current_timestamp";

    /** The time now: a {@code timestamp with time zone}. */
    String now();
}
