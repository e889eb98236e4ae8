package io.modelbatch;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Counts the statements that an application sends to its job repository, to be given to it as one more configuration. It leaves out those that
 * go by the time: renewals of the lease, questions for the progress, and reports of a run at work.
 */
final class StatementCounter implements BeanPostProcessor {
    private static final Set<String> BY_TIME = Set.of("lease", "progress", "report");
    private static final AtomicLong STATEMENTS = new AtomicLong();

    /** Statements so far, of all applications in this process. */
    static long statements() {
        return STATEMENTS.get();
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof DataSource source ? new Counted(source) : bean;
    }

    private static final class Counted extends DelegatingDataSource {
        Counted(DataSource source) {
            super(source);
        }

        @Override
        public Connection getConnection() throws SQLException {
            return counted(Connection.class, super.getConnection());
        }
    }

    /** A connection whose statements are counted, or a statement that counts its executions. */
    private static <T> T counted(Class<T> type, T target) {
        InvocationHandler count = (proxy, method, arguments) -> {
            if (target instanceof Statement
                    && method.getName().startsWith("execute")
                    && !BY_TIME.contains(Thread.currentThread().getName())) {
                STATEMENTS.incrementAndGet();
            }
            try {
                Object result = method.invoke(target, arguments);
                if (result instanceof PreparedStatement statement) {
                    return counted(PreparedStatement.class, statement);
                }
                return target instanceof Connection && result instanceof Statement statement
                        ? counted(Statement.class, statement)
                        : result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return type.cast(Proxy.newProxyInstance(StatementCounter.class.getClassLoader(), new Class<?>[] {type}, count));
    }
}
