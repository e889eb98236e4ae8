package io.modelbatch.source.google;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SessionSizeTest {
    private long now;
    private final SessionSize size = new SessionSize(() -> now);

    @Test
    void aFastModelHasLongSessions() {
        assertThat(size.rows()).isEqualTo(5_000);
        done(Duration.ofSeconds(1), 5_000);
        assertThat(size.rows()).isEqualTo(20_000);
        done(Duration.ofSeconds(4), 20_000);
        assertThat(size.rows()).isEqualTo(80_000);
    }

    @Test
    void aSessionIsHalfAnHourOfWork() {
        done(Duration.ofMinutes(50), 5_000);
        assertThat(size.rows()).isEqualTo(3_000);
        done(Duration.ofMinutes(10), 3_000);
        assertThat(size.rows()).isEqualTo(9_000);
        done(Duration.ofDays(2), 1);
        assertThat(size.rows()).isEqualTo(1);
    }

    private void done(Duration after, long rows) {
        now += after.toNanos();
        size.done(rows);
    }
}
