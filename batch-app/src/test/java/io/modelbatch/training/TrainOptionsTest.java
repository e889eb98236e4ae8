package io.modelbatch.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TrainOptionsTest {
    /** Checkpoints hold a hash of this text. A run that an earlier version began resumes only with the same one. */
    @Test
    void thePlanIsTheTextOfTheFirstVersion() {
        assertThat(Options.of(Map.of("textPair", "reply", "maxLength", 64)).plan())
                .isEqualTo("TrainOptions[model=base, task=TEXT_CLASSIFICATION, text=text, textPair=reply, label=label,"
                        + " holdout=0.1, maxLength=64, numTrainEpochs=4, learningRate=0.003, perDeviceTrainBatchSize=16,"
                        + " weightDecay=0.01, warmupRatio=0.1, maxGradNorm=1.0, adamBeta1=0.9, adamBeta2=0.999,"
                        + " adamEpsilon=1.0E-8, seed=42, saveSteps=500, lrSchedulerType=LINEAR]");
        assertThat(Options.of(Map.of()).plan()).contains("textPair=null, ", "maxLength=null, ");
    }

    @Test
    void thePlanHasEachOptionButTheDevice() {
        assertThat(names(TrainOptions.class).filter(name -> !name.equals("device")))
                .hasSize(19)
                .allSatisfy(name -> assertThat(Options.of(Map.of()).plan().replace("[", ", "))
                        .containsOnlyOnce(", " + name + "="));
    }

    @Test
    void aTrainingMayResumeOnAnotherDevice() {
        assertThat(Options.of(Map.of("device", "gpu:1")).plan())
                .isEqualTo(Options.of(Map.of("device", "cpu")).plan());
    }

    private static Stream<String> names(Class<?> options) {
        return Arrays.stream(options.getRecordComponents()).flatMap(TrainOptionsTest::names);
    }

    private static Stream<String> names(RecordComponent component) {
        return component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)
                ? names(component.getType())
                : Stream.of(component.getName());
    }
}
