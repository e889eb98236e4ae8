package io.modelbatch.warehouse.google;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReadPaceTest {
    private long now;
    private final ReadPace pace = new ReadPace(() -> now);

    @Test
    void aFastModelHasLongSessions() {
        assertThat(pace.next()).isEqualTo(5_000);
        done(Duration.ofSeconds(1), 5_000);
        assertThat(pace.next()).isEqualTo(20_000);
        done(Duration.ofSeconds(4), 20_000);
        assertThat(pace.next()).isEqualTo(80_000);
        pace.open();
        assertThat(pace.next()).isEqualTo(5_000);
    }

    @Test
    void aSessionIsHalfAnHourOfWork() {
        done(Duration.ofMinutes(50), 5_000);
        assertThat(pace.next()).isEqualTo(3_000);
        done(Duration.ofMinutes(10), 3_000);
        assertThat(pace.next()).isEqualTo(9_000);
        done(Duration.ofDays(2), 1);
        assertThat(pace.next()).isEqualTo(1);
    }

    /** 10,000 rows in six hours are one in 2.16 seconds. */
    @Test
    void aSessionThatIsTooShortIsToldWithItsSecondBlock() {
        pace.begin(10_000);
        pace.hand(256);
        assertThat(pace.isTooSlow()).isFalse();
        pace.hand(256); // while the first is worked on
        now += Duration.ofSeconds(560).toNanos(); // it is done
        assertThat(pace.isTooSlow()).isTrue();
        assertThat(pace.isTooSlow()).as("told twice").isFalse();
        pace.expire(0);
        assertThat(pace.next()).isEqualTo(822);
        assertThat(pace.outlivesSessions(0, 822)).isFalse();
        assertThat(pace.outlivesSessions(0, 10_000)).isTrue();
    }

    @Test
    void aSessionThatIsLongEnoughIsReadToItsEnd() {
        pace.begin(10_000);
        pace.hand(256);
        pace.hand(256);
        now += Duration.ofSeconds(540).toNanos();
        assertThat(pace.isTooSlow()).isFalse();
    }

    @Test
    void whereTheRateIsUnknownTwoSessionsAreTried() {
        for (long row : new long[] {0, 300}) {
            pace.begin(5_000);
            pace.expire(row);
            assertThat(pace.outlivesSessions(row, 5_000)).isFalse();
        }
        pace.begin(5_000);
        pace.expire(300);
        assertThat(pace.outlivesSessions(300, 1)).isTrue();
        assertThat(pace.outlivesSessions(301, 1)).isFalse();
    }

    private void done(Duration after, int rows) {
        pace.begin(rows);
        pace.hand(rows);
        now += after.toNanos();
        pace.done();
    }
}
