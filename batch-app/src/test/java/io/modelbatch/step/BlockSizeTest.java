package io.modelbatch.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BlockSizeTest {
    private long now;

    private final BlockSize size = BlockSize.byRate(() -> now);

    @Test
    void the_first_block_is_the_same_everywhere() {
        assertThat(size.next()).isEqualTo(2_048);
    }

    @Test
    void the_next_block_is_ten_seconds_of_work() {
        work(2_048, Duration.ofSeconds(4));

        assertThat(size.next()).isEqualTo(5_120);
    }

    @Test
    void a_slow_model_gets_no_less_than_the_least() {
        work(2_048, Duration.ofMinutes(10));

        assertThat(size.next()).isEqualTo(256);
    }

    @Test
    void a_fast_model_gets_no_more_than_the_most() {
        work(2_048, Duration.ofMillis(1));

        assertThat(size.next()).isEqualTo(65_536);
    }

    @Test
    void a_fixed_size_stays() {
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
