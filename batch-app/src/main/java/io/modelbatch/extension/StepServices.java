package io.modelbatch.extension;

/** The services of the application, for the factories of steps. */
@FunctionalInterface
public interface StepServices {
    /**
     * The service of that class, for instance {@link StepBuilders}, {@code Warehouse}, {@code ObjectStore} or {@code JdbcClient}.
     *
     * @throws IllegalStateException when there is none
     */
    <T> T get(Class<T> type);
}
