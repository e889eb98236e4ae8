package io.modelbatch;

import io.modelbatch.run.claim.Claim;
import io.modelbatch.run.claim.Claims;
import io.modelbatch.step.RunHistory;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.repository.dao.ExecutionContextDao;
import org.springframework.batch.core.repository.dao.JobExecutionDao;
import org.springframework.batch.core.repository.dao.JobInstanceDao;
import org.springframework.batch.core.repository.dao.StepExecutionDao;
import org.springframework.batch.core.repository.support.JdbcJobRepositoryFactoryBean;
import org.springframework.batch.core.repository.support.SimpleJobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.interceptor.DefaultTransactionAttribute;
import org.springframework.transaction.interceptor.NameMatchTransactionAttributeSource;
import org.springframework.transaction.interceptor.TransactionAttributeSource;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Spring Batch's job repository of runs that one process manages at a time. Whatever is written of a run is written under the {@link Claim} of its
 * execution, which is verified in the same transaction: whoever lost the run changes nothing of it any more. So the row of the job execution
 * need not be read again at each commit. The contexts of all steps of an execution are read by one statement, and one that has not changed since its
 * commit is not written again.
 */
final class OwnedJobRepository extends SimpleJobRepository {
    private final RunHistory history;
    private final Claims claims;
    private final TransactionTemplate transactions;
    private final CommittedContexts contexts = new CommittedContexts();

    private OwnedJobRepository(
            JobInstanceDao instances,
            JobExecutionDao executions,
            StepExecutionDao steps,
            ExecutionContextDao contexts,
            RunHistory history,
            Claims claims,
            TransactionTemplate transactions) {
        super(instances, executions, steps, contexts);
        this.history = history;
        this.claims = claims;
        this.transactions = transactions;
    }

    /** Without a claim until its run gives it one: that of the execution before it is over. */
    @Override
    public JobExecution createJobExecution(JobInstance instance, JobParameters parameters, ExecutionContext context) {
        return super.createJobExecution(instance, parameters, Claim.without(context));
    }

    /** With the context of the execution before it, which Spring Batch would hand on in another transaction: a crash between the two would lose it. */
    @Override
    public StepExecution createStepExecution(String name, JobExecution job) {
        verifyClaim(job);
        Optional<ExecutionContext> unfinished = history.unfinished(job.getJobInstance(), name);
        StepExecution step = stepExecutionDao.createStepExecution(name, job);
        unfinished.ifPresent(step::setExecutionContext);
        ecDao.saveExecutionContext(step);
        contexts.written(step);
        job.addStepExecution(step);
        return step;
    }

    @Override
    public void update(JobExecution job) {
        underClaim(job, () -> super.update(job));
    }

    @Override
    public void updateExecutionContext(JobExecution job) {
        underClaim(job, () -> super.updateExecutionContext(job));
    }

    @Override
    public void updateExecutionContext(StepExecution step) {
        if (!contexts.contain(step)) {
            underClaim(step.getJobExecution(), () -> {
                super.updateExecutionContext(step);
                contexts.written(step);
            });
        }
    }

    @Override
    public void update(StepExecution step) {
        JobExecution job = step.getJobExecution();
        underClaim(job, () -> {
            if (job.isStopping() || job.isStopped()) {
                super.update(step);
            } else {
                step.setLastUpdated(LocalDateTime.now(ZoneId.systemDefault()));
                stepExecutionDao.updateStepExecution(step);
            }
        });
    }

    private void underClaim(JobExecution job, Runnable write) {
        transactions.executeWithoutResult(transaction -> {
            verifyClaim(job);
            write.run();
        });
    }

    private void verifyClaim(JobExecution job) {
        Claim.of(job).ifPresent(claims::verify);
    }

    @Override
    public List<JobExecution> getJobExecutions(JobInstance instance) {
        List<JobExecution> executions = jobExecutionDao.findJobExecutions(instance);
        executions.forEach(this::fill);
        return executions;
    }

    @Override
    public @Nullable JobExecution getLastJobExecution(JobInstance instance) {
        JobExecution last = jobExecutionDao.getLastJobExecution(instance);
        if (last != null) {
            fill(last);
        }
        return last;
    }

    /** For a process that executes one partition: without the other partitions of its execution, which may be thousands. */
    @Override
    public @Nullable StepExecution getStepExecution(long id) {
        StepExecution step = stepExecutionDao.getStepExecution(id);
        if (step != null) {
            JobExecution execution = step.getJobExecution();
            execution.setExecutionContext(ecDao.getExecutionContext(execution));
            step.setExecutionContext(ecDao.getExecutionContext(step));
        }
        return step;
    }

    private void fill(JobExecution execution) {
        fillJobExecutionDependencies(execution);
        Map<Long, ExecutionContext> contexts = history.contexts(execution);
        for (StepExecution step : execution.getStepExecutions()) {
            step.setExecutionContext(contexts.getOrDefault(step.getId(), new ExecutionContext()));
        }
    }

    /** Makes one with Spring Batch's own access to its tables. */
    static final class Factory extends JdbcJobRepositoryFactoryBean {
        private final RunHistory history;
        private final Claims claims;

        Factory(RunHistory history, Claims claims) {
            this.history = history;
            this.claims = claims;
            setTransactionAttributeSource(attributes());
        }

        /**
         * Creating and deleting touch several rows. Everything else is a statement that commits by itself where no transaction is begun.
         * The claim keeps two processes from creating one run, so no transaction needs more than the isolation of the others.
         */
        private static TransactionAttributeSource attributes() {
            NameMatchTransactionAttributeSource attributes = new NameMatchTransactionAttributeSource();
            attributes.addTransactionalMethod("create*", attribute(TransactionDefinition.PROPAGATION_REQUIRES_NEW));
            attributes.addTransactionalMethod("delete*", attribute(TransactionDefinition.PROPAGATION_REQUIRED));
            attributes.addTransactionalMethod("*", attribute(TransactionDefinition.PROPAGATION_SUPPORTS));
            return attributes;
        }

        private static DefaultTransactionAttribute attribute(int propagation) {
            return new DefaultTransactionAttribute(propagation);
        }

        @Override
        protected Object getTarget() {
            var instances = createJobInstanceDao();
            var executions = createJobExecutionDao();
            executions.setJobInstanceDao(instances);
            var steps = createStepExecutionDao();
            steps.setJobExecutionDao(executions);
            return new OwnedJobRepository(
                    instances,
                    executions,
                    steps,
                    createExecutionContextDao(),
                    history,
                    claims,
                    new TransactionTemplate(Objects.requireNonNull(getTransactionManager())));
        }
    }
}
