package io.modelbatch;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Records each statement that an application prepares for its job repository, with the parameters of its last execution, to be given to it as
 * one more configuration.
 */
final class RecordedStatements implements BeanPostProcessor {
    private static final Map<String, Map<Integer, Parameter>> STATEMENTS = new ConcurrentSkipListMap<>();

    /**
     * A parameter, and the call that sets it.
     *
     * @param call the name of the method of {@link PreparedStatement}
     * @param types the types of its arguments
     * @param arguments the index of the parameter, and its value
     */
    record Parameter(
            String call, Class<?>[] types, @Nullable Object[] arguments) {
        void set(PreparedStatement statement) {
            try {
                PreparedStatement.class.getMethod(call, types).invoke(statement, arguments);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** The statements so far of all applications in this process, and their parameters by index. */
    static Map<String, Map<Integer, Parameter>> all() {
        return Map.copyOf(STATEMENTS);
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof DataSource source ? new Recording(source) : bean;
    }

    private static final class Recording extends DelegatingDataSource {
        Recording(DataSource source) {
            super(source);
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection connection = super.getConnection();
            return proxy(Connection.class, (proxy, method, arguments) -> {
                Object result = invoke(connection, method, arguments);
                return result instanceof PreparedStatement statement
                        ? recording(String.valueOf(arguments[0]), statement)
                        : result;
            });
        }
    }

    private static PreparedStatement recording(String sql, PreparedStatement statement) {
        Map<Integer, Parameter> parameters = new TreeMap<>();
        return proxy(PreparedStatement.class, (proxy, method, arguments) -> {
            if (method.getName().startsWith("set") && arguments.length > 1 && arguments[0] instanceof Integer index) {
                parameters.put(index, new Parameter(method.getName(), method.getParameterTypes(), arguments));
            } else if (method.getName().startsWith("execute")) {
                STATEMENTS.put(sql, Map.copyOf(parameters));
            }
            return invoke(statement, method, arguments);
        });
    }

    private static @Nullable Object invoke(Object target, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(RecordedStatements.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
