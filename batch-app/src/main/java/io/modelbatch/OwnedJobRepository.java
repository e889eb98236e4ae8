package io.modelbatch;

import io.modelbatch.step.RunHistory;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
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

/**
 * Spring Batch's job repository with as few statements as runs need that one process works on at a time. The lease keeps others out, so the
 * row of the job execution is not read again at each commit; and the contexts of all steps of an execution are read by one statement.
 */
final class OwnedJobRepository extends SimpleJobRepository {
    private final RunHistory history;

    private OwnedJobRepository(
            JobInstanceDao instances,
            JobExecutionDao executions,
            StepExecutionDao steps,
            ExecutionContextDao contexts,
            RunHistory history) {
        super(instances, executions, steps, contexts);
        this.history = history;
    }

    @Override
    public void update(StepExecution step) {
        JobExecution job = step.getJobExecution();
        if (job.isStopping() || job.isStopped()) {
            super.update(step);
        } else {
            step.setLastUpdated(LocalDateTime.now(ZoneId.systemDefault()));
            stepExecutionDao.updateStepExecution(step);
        }
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

        Factory(RunHistory history) {
            this.history = history;
            setTransactionAttributeSource(attributes());
        }

        /**
         * Creating and deleting touch several rows. Everything else is a statement that commits by itself where no transaction is begun.
         * The lease keeps two processes from creating one run, so no transaction needs more than the isolation of the others.
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
            return new OwnedJobRepository(instances, executions, steps, createExecutionContextDao(), history);
        }
    }
}
