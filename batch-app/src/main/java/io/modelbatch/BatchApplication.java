package io.modelbatch;

/** {@code java -jar batch.jar job=NAME}. */
public final class BatchApplication {
    private BatchApplication() {}

    /** Runs the command line. */
    public static void main(String[] arguments) {
        System.out.println("Modelbatch");
    }
}
