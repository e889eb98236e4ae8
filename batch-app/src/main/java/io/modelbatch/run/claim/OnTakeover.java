package io.modelbatch.run.claim;

/** The reaction of a process whose run was taken over. */
@FunctionalInterface
public interface OnTakeover {
    /** Called by the thread that found out, perhaps by several. Where it returns, that thread gets a {@link ClaimLostException}. */
    void lost(Claim claim);
}
