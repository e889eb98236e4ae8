package io.modelbatch.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class DatabaseClockTest {
    private boolean isAway;
    private int questions;
    private final JdbcClient database = JdbcClient.create(new DriverManagerDataSource("jdbc:h2:mem:") {
        @Override
        public Connection getConnection() throws SQLException {
            questions++;
            if (isAway) {
                throw new SQLTransientConnectionException("the server is away");
            }
            return super.getConnection();
        }
    });
    private Duration passed = Duration.ZERO;
    private Instant timeOfDay = Instant.now();

    private DatabaseClock clock() {
        return new DatabaseClock(database, () -> passed.toNanos(), () -> timeOfDay);
    }

    private static Instant expected(Duration later) {
        return Instant.now().plus(later);
    }

    private void pass(Duration time) {
        passed = passed.plus(time);
        timeOfDay = timeOfDay.plus(time);
    }

    private static void assertIs(Instant time, Instant expected) {
        assertThat(time).isCloseTo(expected, within(20, ChronoUnit.SECONDS));
    }

    @Test
    void aWrongTimeOfDayDoesNotMatter() {
        for (long hours : new long[] {-1, 1, 24 * 365}) {
            timeOfDay = Instant.now().plus(Duration.ofHours(hours));

            assertIs(clock().now(), expected(Duration.ZERO));
        }
    }

    @Test
    void countsTheTimeThatPasses() {
        DatabaseClock clock = clock();

        pass(Duration.ofMinutes(4));

        assertIs(clock.now(), expected(Duration.ofMinutes(4)));
    }

    @Test
    void asksTheDatabaseAgainAfterAWhile() {
        DatabaseClock clock = clock();

        pass(Duration.ofMinutes(6));

        assertIs(clock.now(), expected(Duration.ZERO));
    }

    @Test
    void countsOnWhileTheDatabaseIsAway() {
        DatabaseClock clock = clock();
        pass(Duration.ofMinutes(6));
        isAway = true;

        assertIs(clock.now(), expected(Duration.ofMinutes(6)));
        isAway = false;
        assertThat(questions).isEqualTo(2);
        assertIs(clock.now(), expected(Duration.ofMinutes(6)));
        assertThat(questions).as("so soon").isEqualTo(2);

        pass(Duration.ofSeconds(10));
        assertIs(clock.now(), expected(Duration.ZERO));
    }

    /** Its time of day continues, and the counter that never jumps does not. */
    @Test
    void asksTheDatabaseAgainAfterTheMachineWasSuspended() {
        DatabaseClock clock = clock();
        pass(Duration.ofMinutes(4));

        timeOfDay = timeOfDay.plus(Duration.ofMinutes(1));

        assertIs(clock.now(), expected(Duration.ZERO));
    }
}
