package io.modelbatch;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The import table of docs/architecture.md. */
@AnalyzeClasses(packages = "io.modelbatch", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.modelbatch.";

    /** Each package, and the only packages of ours that it may import. */
    private static final Map<String, List<String>> MAY_IMPORT = Map.ofEntries(
            Map.entry(
                    "cli",
                    List.of(
                            "base",
                            "yaml",
                            "facts",
                            "run",
                            "launch",
                            "worker",
                            "jobspec",
                            "extension",
                            "bench",
                            "telemetry",
                            "kubernetes")),
            Map.entry("worker", List.of("base", "run", "step", "inference", "model", "device", "telemetry")),
            Map.entry("run", List.of("base", "facts", "extension", "store", "telemetry")),
            Map.entry(
                    "launch",
                    List.of(
                            "base",
                            "facts",
                            "run",
                            "step",
                            "jobspec",
                            "extension",
                            "process",
                            "report",
                            "result",
                            "store",
                            "telemetry")),
            Map.entry("report", List.of("base", "facts", "store")),
            Map.entry(
                    "step",
                    List.of(
                            "base",
                            "facts",
                            "run",
                            "jobspec",
                            "extension",
                            "process",
                            "warehouse",
                            "result",
                            "store",
                            "device",
                            "token",
                            "model",
                            "inference",
                            "training",
                            "telemetry")),
            Map.entry("kubernetes", List.of("base", "run", "jobspec", "extension", "warehouse")),
            Map.entry("jobspec", List.of("base", "yaml", "extension", "store")),
            Map.entry("extension", List.of("base", "facts", "warehouse", "result", "store")),
            Map.entry("training", List.of("base", "facts", "model", "token", "device")),
            Map.entry("inference", List.of("base", "model", "token", "device", "result")),
            Map.entry("bench", List.of("base", "inference", "token", "model", "device", "result", "store")),
            Map.entry("model", List.of("base", "yaml", "store")),
            Map.entry("token", List.of("base")),
            Map.entry("warehouse", List.of("base", "yaml", "result", "store", "google")),
            Map.entry("result", List.of("base", "store")),
            Map.entry("store", List.of("base", "google")),
            Map.entry("google", List.of("base")),
            Map.entry("yaml", List.of("base")),
            Map.entry("device", List.of("base")),
            Map.entry("telemetry", List.of("base")),
            Map.entry("process", List.of()),
            Map.entry("facts", List.of()),
            Map.entry("base", List.of()));

    @ArchTest
    static final ArchRule packages_import_only_what_the_table_allows = MAY_IMPORT.entrySet().stream()
            .map(entry -> (ArchRule) noClasses()
                    .that()
                    .resideInAPackage(ROOT + entry.getKey() + "..")
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(forbidden(entry.getKey(), entry.getValue())))
                    .allowEmptyShould(true))
            .reduce((one, other) -> CompositeArchRule.of(one).and(other))
            .orElseThrow();

    @ArchTest
    static final ArchRule every_package_is_in_the_table = classes()
            .should()
            .resideInAnyPackage(Stream.concat(
                            Stream.of("io.modelbatch"),
                            MAY_IMPORT.keySet().stream().map(name -> ROOT + name + ".."))
                    .toArray(String[]::new));

    @ArchTest
    static final ArchRule features_are_plain_java = noClasses()
            .that()
            .resideInAnyPackage(packages(
                    "jobspec",
                    "warehouse",
                    "result",
                    "store",
                    "google",
                    "device",
                    "token",
                    "model",
                    "inference",
                    "training",
                    "bench",
                    "report",
                    "telemetry",
                    "kubernetes",
                    "yaml"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..");

    @ArchTest
    static final ArchRule djl_stays_where_models_are =
            only("ai.djl..", Set.of("token", "model", "inference", "training", "device"));

    /** {@code PyTorchInternals} and {@code NativeTokenizer} say why they need what DJL does not promise to keep. */
    @ArchTest
    static final ArchRule internals_of_djl_stay_in_two_packages = CompositeArchRule.of(
                    only("ai.djl.pytorch..", Set.of("device")))
            .and(only("ai.djl.huggingface.tokenizers.jni..", Set.of("token")));

    @ArchTest
    static final ArchRule google_stays_where_rows_and_objects_are = CompositeArchRule.of(
                    only("com.google.cloud..", Set.of("google", "store", "warehouse", "")))
            .and(only("com.google.auth..", Set.of("google", "store", "warehouse", "")));

    @ArchTest
    static final ArchRule spring_batch_stays_where_steps_and_runs_are =
            only("org.springframework.batch..", Set.of("extension", "step", "run", "launch", "worker", ""));

    @ArchTest
    static final ArchRule db_scheduler_stays_where_workers_are =
            only("com.github.kagkarlsson.scheduler..", Set.of("worker"));

    @ArchTest
    static final ArchRule prometheus_and_opentelemetry_stay_in_one_package = CompositeArchRule.of(
                    only("io.micrometer.prometheusmetrics..", Set.of("telemetry")))
            .and(only("io.micrometer.registry.otlp..", Set.of("telemetry")))
            .and(only("io.opentelemetry..", Set.of("telemetry")));

    @ArchTest
    static final ArchRule picocli_stays_in_the_command_line = only("picocli..", Set.of("cli"));

    @ArchTest
    static final ArchRule there_are_no_cycles =
            slices().matching("io.modelbatch.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule objectives_and_optimizers_do_not_know_the_training_loop = noClasses()
            .that()
            .resideInAnyPackage(ROOT + "training.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + "training");

    /** A partition is executed from what its manager committed, so that it can be executed in another process. */
    @ArchTest
    static final ArchRule partitions_do_not_know_their_manager = noClasses()
            .that()
            .haveSimpleName("ExecutePartition")
            .should()
            .transitivelyDependOnClassesThat()
            .haveNameMatching(
                    ".*\\.(PinInference|ChoosePrecision|ManagedPartitions|LocalPartitionHandler|CommittedResult|InferSteps|PublishResult|PinTransform|TransformSteps)");

    /** Its stream keeps a connection until it is closed. */
    @ArchTest
    static final ArchRule rows_of_queries_are_not_streamed =
            noClasses().should().callMethod(JdbcClient.MappedQuerySpec.class, "stream");

    /** Only the named packages of ours use the library; the empty name is the root. */
    private static ArchRule only(String library, Set<String> users) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(users.stream()
                        .map(user -> user.isEmpty() ? "io.modelbatch" : ROOT + user + "..")
                        .toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(library)
                .allowEmptyShould(true);
    }

    private static String[] forbidden(String name, List<String> allowed) {
        return MAY_IMPORT.keySet().stream()
                .filter(other -> !other.equals(name) && !allowed.contains(other))
                .map(other -> ROOT + other + "..")
                .toArray(String[]::new);
    }

    private static String[] packages(String... names) {
        return Stream.of(names).map(name -> ROOT + name + "..").toArray(String[]::new);
    }
}
