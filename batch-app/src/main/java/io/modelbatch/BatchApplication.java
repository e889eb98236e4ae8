package io.modelbatch;

import com.google.common.base.Throwables;
import io.modelbatch.base.SettingsException;
import io.modelbatch.bench.Bench;
import io.modelbatch.cli.BatchCommand;
import io.modelbatch.cli.Services;
import io.modelbatch.cli.Settings;
import io.modelbatch.cli.UsageException;
import io.modelbatch.extension.StepTypes;
import io.modelbatch.launch.CheckJob;
import io.modelbatch.launch.FindReport;
import io.modelbatch.launch.LaunchConfiguration;
import io.modelbatch.launch.LocalFolders;
import io.modelbatch.launch.PruneRuns;
import io.modelbatch.launch.RunControl;
import io.modelbatch.launch.StartRun;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.run.ExitCode;
import io.modelbatch.run.RunCatalog;
import io.modelbatch.step.StepConfiguration;
import io.modelbatch.step.UnfitStepTypeException;
import io.modelbatch.step.command.CommandConfiguration;
import io.modelbatch.step.infer.InferConfiguration;
import io.modelbatch.step.rows.RowsConfiguration;
import io.modelbatch.step.transform.TransformConfiguration;
import io.modelbatch.worker.Worker;
import io.modelbatch.worker.WorkerConfiguration;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.springframework.beans.BeansException;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;

/** {@code java -jar batch.jar job=NAME}. */
public final class BatchApplication {
    private BatchApplication() {}

    /** Runs the command line and ends the process with its exit code. */
    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter errors = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        try {
            Utf8Locale.ensure();
        } catch (UsageException e) {
            errors.println(e.getMessage());
            System.exit(ExitCode.USAGE.code());
        }
        // H2 lets other processes of this machine read the job repository of a running one; of this machine only.
        System.setProperty("h2.bindAddress", "127.0.0.1");
        // Until the application has a file to log to, nobody logs to the terminal.
        LoggingSystem.get(BatchApplication.class.getClassLoader()).beforeInitialize();
        System.exit(BatchCommand.run(arguments, (settings, types) -> start(settings, types), out, errors));
    }

    /** The services of the verbs that need the job repository. */
    static Services start(Settings settings, StepTypes types, Class<?>... more) {
        ConfigurableApplicationContext context = RepositoryHandover.outlast(() -> open(settings, types, more));
        return new Services() {
            @Override
            public RunCatalog catalog() {
                return bean(context, RunCatalog.class);
            }

            @Override
            public FindReport reports() {
                return bean(context, FindReport.class);
            }

            @Override
            public StartRun startRun() {
                return bean(context, StartRun.class);
            }

            @Override
            public RunControl runControl() {
                return bean(context, RunControl.class);
            }

            @Override
            public PruneRuns pruneRuns() {
                return bean(context, PruneRuns.class);
            }

            @Override
            public Worker worker() {
                return bean(context, Worker.class);
            }

            @Override
            public Bench bench() {
                return new Bench(bean(context, ModelRepository.class));
            }

            @Override
            public CheckJob checkJob() {
                return bean(context, CheckJob.class);
            }

            @Override
            public void close() {
                context.close();
            }
        };
    }

    /** Most are made when they are first asked for, and only then is it found out that a setting is missing. */
    private static <T> T bean(ConfigurableApplicationContext context, Class<T> type) {
        try {
            return context.getBean(type);
        } catch (BeansException e) {
            throw explained(e);
        }
    }

    private static RuntimeException explained(BeansException failure) {
        return Throwables.getCausalChain(failure).stream()
                .filter(cause -> cause instanceof SettingsException || cause instanceof UnfitStepTypeException)
                .findFirst()
                .<RuntimeException>map(settings -> new UsageException(String.valueOf(settings.getMessage())))
                .orElse(failure);
    }

    private static ConfigurableApplicationContext open(Settings settings, StepTypes types, Class<?>... more) {
        LocalFolders folders = settings.localFolders();
        folders.make();
        ConfigurableApplicationContext context = new SpringApplicationBuilder(
                        JobRepositoryConfiguration.class,
                        LaunchConfiguration.class,
                        StepConfiguration.class,
                        InferConfiguration.class,
                        CommandConfiguration.class,
                        RowsConfiguration.class,
                        TransformConfiguration.class,
                        TelemetryConfiguration.class,
                        WorkerConfiguration.class,
                        LocalEnvironment.class,
                        GoogleEnvironment.class)
                .sources(more)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .lazyInitialization(true)
                .logStartupInfo(false)
                .registerShutdownHook(false)
                // No file of the working folder configures the application: somebody else may have put it there.
                .properties("spring.config.location=classpath:/")
                .initializers(starting -> {
                    starting.getBeanFactory().registerSingleton("localFolders", folders);
                    starting.getBeanFactory().registerSingleton("stepTypes", types);
                    BatchLog.open(folders.logs(), settings.googleLog());
                })
                .run(settings.propertyArguments());
        try {
            context.getBeanProvider(MigrateSchema.class).ifAvailable(MigrateSchema::migrate);
            return context;
        } catch (RuntimeException e) {
            context.close();
            throw e instanceof BeansException failure ? explained(failure) : e;
        }
    }
}
