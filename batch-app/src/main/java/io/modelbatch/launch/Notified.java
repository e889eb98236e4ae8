package io.modelbatch.launch;

/** Somebody who is told how runs end. */
interface Notified {
    /**
     * Finds what is missing here, without a look at the network.
     *
     * @throws NotToldException with all that is missing
     */
    void verify() throws NotToldException;

    /**
     * Looks whether it can be told, and tells nothing.
     *
     * @return the findings, in words
     * @throws NotToldException with the first problem
     */
    String look() throws NotToldException;

    /**
     * Tells it.
     *
     * @param body JSON
     * @throws NotToldException when it was not told within the limit
     */
    void tell(byte[] body, NotifyLimit limit) throws NotToldException, InterruptedException;
}
