package io.modelbatch;

import io.modelbatch.launch.LocalFolders;
import io.modelbatch.step.rows.PartitionHandlers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.partition.support.AbstractPartitionHandler;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;

/**
 * Executes partitions in {@linkplain PartitionProcess another process}, and waits for what the job repository says of them. When the process
 * dies, the partition that it worked on gets a new step execution, in a new process.
 */
final class PartitionProcesses extends AbstractPartitionHandler {
    private static final int PROCESSES = 3;

    private final JobRepository repository;
    private final Path home;
    private final Map<String, String> environment;

    PartitionProcesses(JobRepository repository, int partitions, Path home, Map<String, String> environment) {
        this.repository = repository;
        this.home = home;
        this.environment = new HashMap<>(environment);
        setGridSize(partitions);
    }

    /** Takes the place of the handler with threads. */
    @Configuration(proxyBeanMethods = false)
    static class Wiring {
        @Bean
        @Primary
        PartitionHandlers otherProcesses(
                JobRepository repository,
                LocalFolders folders,
                Environment environment,
                ObjectProvider<Incident> incident) {
            Map<String, String> variables =
                    new HashMap<>(PostgresServer.environment(environment.getRequiredProperty("spring.datasource.url")));
            incident.ifAvailable(happens -> variables.put(PartitionProcess.INCIDENT, happens.variable()));
            return (steps, partitions, demand) -> new PartitionProcesses(
                    repository, partitions, folders.home().resolveSibling("elsewhere"), variables);
        }
    }

    /** The incident of the first process, as {@link PartitionProcess#INCIDENT} says it. */
    record Incident(String variable) {}

    @Override
    protected Set<StepExecution> doHandle(StepExecution manager, Set<StepExecution> partitions) throws Exception {
        Set<Long> running = new TreeSet<>();
        partitions.forEach(partition -> running.add(partition.getId()));
        Set<StepExecution> ended = new HashSet<>();
        for (int i = 0; i < PROCESSES && !running.isEmpty(); i++) {
            Process process = PartitionProcess.start(home, environment, List.copyOf(running));
            try {
                while (!running.isEmpty() && process.isAlive()) {
                    process.waitFor(100, TimeUnit.MILLISECONDS);
                    collect(running, ended);
                }
            } finally {
                process.destroyForcibly();
            }
            collect(running, ended);
            replaceBegun(running, manager);
            environment.put(PartitionProcess.INCIDENT, "none:0");
        }
        if (!running.isEmpty()) {
            throw new IOException(PROCESSES + " processes died");
        }
        return ended;
    }

    private void collect(Set<Long> running, Set<StepExecution> ended) {
        for (long id : List.copyOf(running)) {
            StepExecution partition = Objects.requireNonNull(repository.getStepExecution(id));
            if (!partition.getStatus().isRunning()) {
                running.remove(id);
                ended.add(partition);
            }
        }
    }

    private void replaceBegun(Set<Long> running, StepExecution manager) {
        for (long id : List.copyOf(running)) {
            StepExecution partition = Objects.requireNonNull(repository.getStepExecution(id));
            if (partition.getStatus() == BatchStatus.STARTED) {
                partition.setStatus(BatchStatus.FAILED);
                partition.setExitStatus(ExitStatus.FAILED);
                partition.setEndTime(LocalDateTime.now());
                repository.update(partition);
                running.remove(id);
                running.add(repository
                        .createStepExecution(partition.getStepName(), manager.getJobExecution())
                        .getId());
            }
        }
    }
}
