package io.modelbatch.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import io.modelbatch.step.rows.PartitionDemand;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.dao.QueryTimeoutException;

/** When a manager asks for workers. */
class CallForWorkersTest {
    private static final WaitingPartitions NO_WORKER = new WaitingPartitions(3, 0);
    private static final WaitingPartitions AT_WORK = new WaitingPartitions(3, 1);
    private static final WaitingPartitions NOTHING_WAITS = new WaitingPartitions(0, 0);

    private long now;
    private WaitingPartitions partitions = NO_WORKER;
    private int calls;
    private boolean isRefused;

    private final CallForWorkers.Looks looks = new CallForWorkers(
            id -> partitions,
            () -> {
                calls++;
                if (isRefused) {
                    throw new IOException("403");
                }
            },
            new Ticker() {
                @Override
                public long read() {
                    return now;
                }
            })
    .new Looks(new Dispatch(1, 1, "predict", "run", "infer", PartitionDemand.NONE));

    private void lookAfter(Duration time) {
        now += time.toNanos();
        looks.look();
    }

    @Test
    void onceWhenNoWorkerHasComeForAWhileAndAgainMuchLater() {
        lookAfter(Duration.ZERO);
        lookAfter(Duration.ofSeconds(9));
        assertThat(calls).isZero();

        lookAfter(Duration.ofSeconds(1));
        lookAfter(Duration.ofMinutes(9));
        assertThat(calls).isEqualTo(1);

        lookAfter(Duration.ofMinutes(1));
        assertThat(calls).isEqualTo(2);
    }

    @Test
    void notWhereWorkersTakeThePartitionsOrNothingIsLeft() {
        for (WaitingPartitions enough : new WaitingPartitions[] {AT_WORK, NOTHING_WAITS}) {
            partitions = enough;
            lookAfter(Duration.ofMinutes(1));
            lookAfter(Duration.ofMinutes(1));
        }
        partitions = NO_WORKER;
        lookAfter(Duration.ofMinutes(1));

        assertThat(calls).isZero();
    }

    @Test
    void againWhereItWasRefusedAndWhileTheRepositoryIsAway() {
        isRefused = true;
        lookAfter(Duration.ZERO);
        lookAfter(Duration.ofSeconds(10));
        lookAfter(Duration.ofMinutes(10));
        CallForWorkers.Looks withoutRepository = new CallForWorkers(
                id -> {
                    throw new QueryTimeoutException("away");
                },
                () -> calls++,
                Ticker.systemTicker())
        .new Looks(new Dispatch(1, 1, "predict", "run", "infer", PartitionDemand.NONE));
        withoutRepository.look();

        assertThat(calls).isEqualTo(2);
    }
}
