package io.modelbatch.telemetry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.observation.Observation;
import java.util.List;
import java.util.stream.StreamSupport;

/** Timers of the jobs and steps that Spring Batch observes. It also observes items, which are single rows in some steps: these have no timer. */
final class ObservedSteps extends DefaultMeterObservationHandler {
    private static final String SPRING_BATCH = "spring.batch.";
    private static final String STEP = ".step.name";

    ObservedSteps(MeterRegistry meters) {
        super(meters, IgnoredMeters.LONG_TASK_TIMER);
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        return isOfJobOrStep(context);
    }

    /** True for what there is once in a run, or once in a partition. */
    static boolean isOfJobOrStep(Observation.Context context) {
        return List.of(SPRING_BATCH + "job", SPRING_BATCH + "step").contains(context.getName());
    }

    /** A label for the step of a partition, {@code infer:3}, names the step, because a step may have thousands of partitions. */
    static MeterFilter withoutPartitions() {
        return new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return id.getName().startsWith(SPRING_BATCH)
                        ? id.replaceTags(
                                StreamSupport.stream(id.getTagsAsIterable().spliterator(), false)
                                        .map(ObservedSteps::withoutPartition)
                                        .toList())
                        : id;
            }
        };
    }

    private static Tag withoutPartition(Tag tag) {
        return tag.getKey().endsWith(STEP) ? Tag.of(tag.getKey(), tag.getValue().split(":", 2)[0]) : tag;
    }
}
