package io.modelbatch;

import io.modelbatch.cli.BatchCommand;
import io.modelbatch.google.GoogleProject;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import io.modelbatch.warehouse.google.BigQueryWarehouse;
import io.modelbatch.warehouse.google.HurriedWarehouse;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * The application, which dies at the {@link CrashPoint} that its environment names, and keeps a list of the shards it uploads. Its clock
 * may be faster where it reads rows of BigQuery.
 */
@Configuration(proxyBeanMethods = false)
class CrashingBatch {
    /** A line for each shard that any process was about to upload. */
    static final String UPLOADS = "uploads.txt";
    /** The environment variable that says how much faster a {@link HurriedWarehouse} is. */
    static final String HURRY = "CRASH_HURRY";

    public static void main(String[] arguments) {
        System.setProperty("h2.bindAddress", "127.0.0.1");
        System.exit(BatchCommand.run(
                arguments,
                (settings, types) -> BatchApplication.start(settings, types, CrashingBatch.class),
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8)));
    }

    @Bean
    static BeanPostProcessor crashes(ObjectProvider<GoogleSettings> settings, ObjectProvider<GoogleProject> project) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                if (bean instanceof BigQueryWarehouse && System.getenv(HURRY) != null) {
                    return hurried(settings.getObject(), project.getObject());
                }
                if (bean instanceof ObjectStore store) {
                    return new CrashingStore(store);
                }
                return bean instanceof DataSource database ? new CrashingDataSource(database) : bean;
            }
        };
    }

    private static BigQueryWarehouse hurried(GoogleSettings settings, GoogleProject project) {
        try {
            int times = Integer.parseInt(System.getenv(HURRY));
            return HurriedWarehouse.open(project, settings.bigQuery(), times);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record CrashingStore(ObjectStore store) implements ObjectStore {
        @Override
        public StoredObject put(ObjectUri uri, Path file) throws IOException {
            if (uri.toString().contains("/checkpoint-")) {
                StoredObject stored = store.put(uri, file);
                CrashPoint.IN_CHECKPOINT.reached();
                return stored;
            }
            if (!uri.fileName().endsWith(".parquet")) {
                return store.put(uri, file);
            }
            remember(uri);
            CrashPoint.BEFORE_UPLOAD.reached();
            StoredObject stored = store.put(uri, file);
            CrashPoint.AFTER_UPLOAD.reached();
            return stored;
        }

        @Override
        public StoredObject replace(ObjectUri uri, byte[] content, Optional<StoredObject> expected) throws IOException {
            if (!uri.fileName().equals("manifest.json")) {
                return store.replace(uri, content, expected);
            }
            CrashPoint.BEFORE_MANIFEST.reached();
            CrashPoint.DURING_MANIFEST.begins();
            StoredObject stored = store.replace(uri, content, expected);
            CrashPoint.AFTER_MANIFEST.reached();
            return stored;
        }

        @Override
        public StoredObject replace(ObjectUri uri, Path file, Optional<StoredObject> expected) throws IOException {
            return store.replace(uri, file, expected);
        }

        @Override
        public Optional<StoredObject> find(ObjectUri uri) throws IOException {
            return store.find(uri);
        }

        @Override
        public List<StoredObject> list(ObjectUri folder) throws IOException {
            return store.list(folder);
        }

        @Override
        public Map<ObjectUri, Long> sizes(ObjectUri folder) throws IOException {
            return store.sizes(folder);
        }

        @Override
        public byte[] beginning(ObjectUri uri, int most) throws IOException {
            return store.beginning(uri, most);
        }

        @Override
        public byte[] read(ObjectUri uri) throws IOException {
            return store.read(uri);
        }

        @Override
        public void download(ObjectUri uri, Path file) throws IOException {
            store.download(uri, file);
        }

        @Override
        public String location(ObjectUri uri) {
            return store.location(uri);
        }

        @Override
        public void delete(ObjectUri uri) throws IOException {
            CrashPoint.BEFORE_REMOVAL.reached();
            store.delete(uri);
            CrashPoint.AFTER_REMOVAL.reached();
        }

        private static void remember(ObjectUri uri) {
            try {
                Files.writeString(Path.of(UPLOADS), uri + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class CrashingDataSource extends DelegatingDataSource {
        CrashingDataSource(DataSource database) {
            super(database);
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection connection = super.getConnection();
            return (Connection) Proxy.newProxyInstance(
                    Connection.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (proxy, method, arguments) -> invoke(connection, method, arguments));
        }

        private static Object invoke(Connection connection, Method method, Object[] arguments) throws Throwable {
            boolean commits = method.getName().equals("commit");
            if (commits) {
                CrashPoint.BEFORE_COMMIT.reached();
            }
            if (method.getName().equals("prepareStatement")
                    && String.valueOf(arguments[0]).contains("set OWNER_ID")) {
                CrashPoint.DURING_TAKEOVER.begins();
            }
            try {
                Object result = method.invoke(connection, arguments);
                if (commits) {
                    CrashPoint.AFTER_COMMIT.reached();
                }
                return result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }
}
