package io.modelbatch;

import java.sql.Driver;
import java.sql.DriverManager;
import java.util.Properties;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.util.ClassUtils;

/**
 * Connects by the driver of the job repository. The pool itself would ask {@link DriverManager} for it, which makes all drivers there are, also that
 * of DuckDB: each start would wait for them.
 */
final class RepositoryDriver extends SimpleDriverDataSource {
    private RepositoryDriver(Driver driver, String url, Properties properties) {
        super(driver, url, properties);
    }

    /** @param properties for the driver */
    static RepositoryDriver of(JdbcConnectionDetails repository, Properties properties) {
        Class<?> driver = ClassUtils.resolveClassName(repository.getDriverClassName(), null);
        return new RepositoryDriver(
                BeanUtils.instantiateClass(driver, Driver.class), repository.getJdbcUrl(), properties);
    }

    /** Called by the pool, which sets it for all drivers too. */
    @Override
    public void setLoginTimeout(int seconds) {
        DriverManager.setLoginTimeout(seconds);
    }
}
