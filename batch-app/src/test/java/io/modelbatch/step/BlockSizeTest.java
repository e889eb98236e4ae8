package io.modelbatch.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BlockSizeTest {
    private long now;

    private final BlockSize size = BlockSize.byRate(() -> now);

    @Test
    void theFirstBlockIsTheSameEverywhere() {
        assertThat(size.next()).isEqualTo(2_048);
    }

    @Test
    void theNextBlockIsTenSecondsOfWork() {
        work(2_048, Duration.ofSeconds(4));

        assertThat(size.next()).isEqualTo(5_120);
    }

    @Test
    void aSlowModelGetsNoLessThanTheLeast() {
        work(2_048, Duration.ofMinutes(10));

        assertThat(size.next()).isEqualTo(256);
    }

    @Test
    void aFastModelGetsNoMoreThanTheMost() {
        work(2_048, Duration.ofMillis(1));

        assertThat(size.next()).isEqualTo(65_536);
    }

    @Test
    void aFixedSizeStays() {
        BlockSize fixed = BlockSize.fixed(100);
        fixed.next();
        fixed.done(100);

        assertThat(fixed.next()).isEqualTo(100);
    }

    private void work(int rows, Duration time) {
        size.next();
        now += time.toNanos();
        size.done(rows);
    }
}
