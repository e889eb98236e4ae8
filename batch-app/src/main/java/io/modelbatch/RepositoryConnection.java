package io.modelbatch;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.core.env.Environment;

/**
 * Address and user of the job repository.
 *
 * @param url its address
 * @param user the database user; null for the one of the address
 * @param password of the user; null for none. {@link #toString} does not tell it
 */
record RepositoryConnection(
        String url, @Nullable String user, @Nullable String password) implements JdbcConnectionDetails {
    /** The property that has the address. */
    static final String ADDRESS = "spring.datasource.url";

    /** The one that properties name. */
    static RepositoryConnection of(Environment properties, @Nullable String password) {
        return new RepositoryConnection(
                properties.getRequiredProperty(ADDRESS),
                properties.getProperty("spring.datasource.username"),
                password);
    }

    @Override
    public @Nullable String getUsername() {
        return user;
    }

    @Override
    public @Nullable String getPassword() {
        return password;
    }

    @Override
    public String getJdbcUrl() {
        return url;
    }

    @Override
    public String toString() {
        return "RepositoryConnection[user=" + user + "]";
    }
}
