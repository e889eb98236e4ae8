package io.modelbatch.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.result.FieldType;
import io.modelbatch.result.RecordSchema;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockSizeTest {
    private long now;

    private final BlockSize size = BlockSize.byRate(65_536, () -> now);

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
    void embeddingsOfABlockFitIntoMemory() {
        RecordSchema schema = new RecordSchema(List.of(
                new RecordSchema.Field("id", FieldType.INT64),
                new RecordSchema.Field("embedding", FieldType.embedding(1_024))));

        assertThat(BlockSize.most(schema)).isBetween(16_000, 16_384);
        assertThat(BlockSize.most(new RecordSchema(List.of(new RecordSchema.Field("id", FieldType.INT64)))))
                .isEqualTo(65_536);
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
