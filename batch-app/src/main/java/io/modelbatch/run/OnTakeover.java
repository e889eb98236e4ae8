package io.modelbatch.run;

/** What a process does when it finds out that a run of its own was taken over. */
@FunctionalInterface
public interface OnTakeover {
    /** Called by the thread that found out, perhaps by several. Where it returns, that thread gets a {@link ClaimLostException}. */
    void lost(Claim claim);
}
