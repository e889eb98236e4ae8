package io.modelbatch;

import io.modelbatch.launch.InstalledStepTypes;
import io.modelbatch.launch.LaunchConfiguration;
import io.modelbatch.launch.LocalFolders;
import io.modelbatch.step.StepConfiguration;
import io.modelbatch.step.infer.InferConfiguration;
import io.modelbatch.step.rows.ExecutePartition;
import io.modelbatch.step.rows.RowsConfiguration;
import io.modelbatch.step.transform.TransformConfiguration;
import io.modelbatch.store.ObjectStore;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A process that executes partitions of runs which another process manages. It knows where the job repository, the buckets and the pinned rows
 * are, and the ids of step executions. It has no job file, and a cache and a folder for logs of its own.
 */
final class PartitionProcess {
    /** The environment variable that says when it dies or halts: {@code die:2} is after the upload of its second shard, before the commit. */
    static final String INCIDENT = "PARTITION_INCIDENT";
    /** Is in its home when it has suspended itself. */
    static final String SUSPENDED = "suspended";

    private static final int KILLED = 137;

    private PartitionProcess() {}

    /** Starts one. */
    static Process start(Path home, Map<String, String> environment, List<Long> partitions) throws IOException {
        ProcessBuilder builder = java(
                        PartitionProcess.class,
                        Stream.concat(Stream.of(home), partitions.stream())
                                .map(Object::toString)
                                .toArray(String[]::new))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home.resolve("output.log").toFile()));
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** The command line of a class of the tests. */
    static ProcessBuilder java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                QuickStart.JAVA.toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-cp",
                classPath(),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    private static String classPath() {
        return Stream.of(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        .split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** A home that shares buckets and rows with another one, and nothing else. */
    static Path home(Path home, Path of) throws IOException {
        Files.createDirectories(home);
        for (String shared : List.of("buckets", "pinned")) {
            Files.createSymbolicLink(home.resolve(shared), of.resolve(shared));
        }
        return home;
    }

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]);
        LocalFolders folders = new LocalFolders(home, LocalFolders.Access.OWNER);
        folders.make();
        ConfigurableApplicationContext context = new SpringApplicationBuilder(
                        JobRepositoryConfiguration.class,
                        LaunchConfiguration.class,
                        StepConfiguration.class,
                        InferConfiguration.class,
                        RowsConfiguration.class,
                        TransformConfiguration.class,
                        TelemetryConfiguration.class,
                        LocalEnvironment.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .lazyInitialization(true)
                .registerShutdownHook(false)
                .properties("spring.config.location=classpath:/")
                .initializers(starting -> {
                    starting.getBeanFactory().registerSingleton("localFolders", folders);
                    starting.getBeanFactory()
                            .registerSingleton("stepTypes", InstalledStepTypes.in(home.resolve("extensions")));
                    starting.getBeanFactory().addBeanPostProcessor(new Incidents(home));
                })
                .run();
        ExecutePartition partitions = context.getBean(ExecutePartition.class);
        for (int i = 1; i < arguments.length; i++) {
            System.out.println(partitions.execute(Long.parseLong(arguments[i])));
        }
        System.exit(0);
    }

    /** Happens when a shard is uploaded and not yet committed. */
    private static final class Incidents implements BeanPostProcessor {
        private final String[] incident =
                System.getenv().getOrDefault(INCIDENT, "none:0").split(":");
        private final AtomicInteger uploads = new AtomicInteger();
        private final Path home;

        Incidents(Path home) {
            this.home = home;
        }

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            return bean instanceof ObjectStore store
                    ? Proxy.newProxyInstance(
                            ObjectStore.class.getClassLoader(),
                            new Class<?>[] {ObjectStore.class},
                            (proxy, method, values) -> {
                                try {
                                    Object result = method.invoke(store, values);
                                    if (method.getName().equals("put")
                                            && uploads.incrementAndGet() == Integer.parseInt(incident[1])) {
                                        happen();
                                    }
                                    return result;
                                } catch (InvocationTargetException e) {
                                    throw e.getCause();
                                }
                            })
                    : bean;
        }

        private void happen() throws IOException, InterruptedException {
            if (incident[0].equals("die")) {
                Runtime.getRuntime().halt(KILLED);
            }
            long process = ProcessHandle.current().pid();
            Files.writeString(home.resolve(SUSPENDED), String.valueOf(process));
            new ProcessBuilder("kill", "-STOP", String.valueOf(process))
                    .inheritIO()
                    .start()
                    .waitFor();
        }
    }
}
