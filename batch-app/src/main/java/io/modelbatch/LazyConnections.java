package io.modelbatch;

import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

/**
 * A connection is fetched with the first statement of a transaction, not while a model computes. Spring Boot's setting for this,
 * {@code spring.datasource.connection-fetch}, brings a configuration class that each start would generate a subclass of.
 */
final class LazyConnections implements BeanPostProcessor, Ordered {
    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof DataSource repository ? new LazyConnectionDataSourceProxy(repository) : bean;
    }

    /** Before what others make of the data source. */
    @Override
    public int getOrder() {
        return 0;
    }
}
