package io.modelbatch.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import io.modelbatch.step.rows.PartitionDemand;
import io.modelbatch.worker.WorkerSource.Machines;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.dao.QueryTimeoutException;

/** When a manager asks for workers. */
class CallForWorkersTest {
    private static final WaitingPartitions NO_WORKER = new WaitingPartitions(3, 0, Machines.ANY);
    private static final WaitingPartitions AT_WORK = new WaitingPartitions(3, 1, Machines.ANY);
    private static final WaitingPartitions NOTHING_WAITS = new WaitingPartitions(0, 0, Machines.ANY);
    private static final WaitingPartitions NONE_THAT_STAYS = new WaitingPartitions(3, 0, Machines.ON_DEMAND);

    private long now;
    private WaitingPartitions partitions = NO_WORKER;
    private final List<Machines> calls = new ArrayList<>();
    private boolean isRefused;

    private final CallForWorkers.Looks looks = new CallForWorkers(
            id -> partitions,
            machines -> {
                calls.add(machines);
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
        assertThat(calls).isEmpty();

        lookAfter(Duration.ofSeconds(1));
        lookAfter(Duration.ofMinutes(9));
        assertThat(calls).containsExactly(Machines.ANY);

        lookAfter(Duration.ofMinutes(1));
        assertThat(calls).containsExactly(Machines.ANY, Machines.ANY);
    }

    /** The call for Spot machines may have been a moment ago. */
    @Test
    void atOnceForMachinesThatStayWhenTheRunHasLostTooMany() {
        lookAfter(Duration.ZERO);
        lookAfter(Duration.ofSeconds(10));
        partitions = NONE_THAT_STAYS;
        lookAfter(Duration.ofSeconds(2));
        lookAfter(Duration.ofSeconds(2));

        assertThat(calls).containsExactly(Machines.ANY, Machines.ON_DEMAND);
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

        assertThat(calls).isEmpty();
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
                calls::add,
                Ticker.systemTicker())
        .new Looks(new Dispatch(1, 1, "predict", "run", "infer", PartitionDemand.NONE));
        withoutRepository.look();

        assertThat(calls).hasSize(2);
    }
}
