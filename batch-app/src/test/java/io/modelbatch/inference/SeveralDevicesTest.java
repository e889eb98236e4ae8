package io.modelbatch.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Maps;
import com.google.common.util.concurrent.Uninterruptibles;
import io.modelbatch.base.DisplayPath;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.model.Fixture;
import io.modelbatch.model.PretrainedModel;
import io.modelbatch.model.TaskModel;
import io.modelbatch.model.architecture.Head;
import io.modelbatch.result.Column;
import io.modelbatch.token.TokenBatch;
import io.modelbatch.token.TokenBatcher;
import io.modelbatch.token.Tokenizer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model on several devices, which take no processor. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SeveralDevicesTest {
    private static final List<@Nullable String> TEXTS = IntStream.range(0, 300)
            .mapToObj(row -> "milk " + "and bread ".repeat(row * 7 % 5) + row)
            .map(text -> (@Nullable String) text)
            .toList();

    private static TaskModel fixture() throws Exception {
        Fixture fixture = Fixture.named("bert-classification");
        return PretrainedModel.open(fixture.model()).forTask(fixture.task());
    }

    private static List<InferenceEngine> devices(int count, BiConsumer<ComputeDevice, TokenBatch> before)
            throws Exception {
        FixedLatencyEngines engines = new FixedLatencyEngines(count, Duration.ZERO, before);
        List<InferenceEngine> devices = new ArrayList<>();
        for (ComputeDevice device : engines.devices("gpu")) {
            devices.add(engines.load(DisplayPath.of(Path.of("none")), fixture().call(), device));
        }
        return devices;
    }

    private static TextModel model(TokenBudget budget, List<InferenceEngine> devices) throws Exception {
        TaskModel model = fixture();
        return new TextModel(
                new TextReader(
                        Tokenizer.open(Fixture.named("bert-classification").model(), 66, OptionalInt.empty()),
                        model.sizes(),
                        "",
                        TextModelOptions.LongText.TRUNCATE,
                        false),
                TextClassification.decoder((Head.TextClassification) model.head(), OptionalInt.empty()),
                new TokenBatcher(0),
                budget,
                new ForwardPasses(devices, 2));
    }

    private static Optional<Answers> answers(TextModel model) {
        return model.submit(TEXTS, Optional.empty()).await(() -> false);
    }

    private static Map<String, List<Object>> columns(Answers answers) {
        return Maps.transformValues(answers.columns(), Column::asList);
    }

    @Test
    void answersAreThoseOfOneInTheOrderOfTheRows() throws Exception {
        CountDownLatch all = new CountDownLatch(8);
        try (TextModel one = model(TokenBudget.fixed(100), devices(1, (device, batch) -> {}));
                TextModel eight = model(TokenBudget.fixed(100), devices(8, (device, batch) -> {
                    awaitAll(all);
                    Uninterruptibles.sleepUninterruptibly(
                            ThreadLocalRandom.current().nextInt(3), TimeUnit.MILLISECONDS);
                }))) {
            Map<String, List<Object>> expected = columns(answers(one).orElseThrow());

            assertThat(columns(answers(eight).orElseThrow())).isEqualTo(expected);
            assertThat(expected.get("score")).doesNotHaveDuplicates().hasSize(TEXTS.size());
        }
    }

    /** Passes go to eight devices before one of them ends. */
    private static void awaitAll(CountDownLatch devices) {
        devices.countDown();
        Uninterruptibles.awaitUninterruptibly(devices);
    }

    @ParameterizedTest
    @ValueSource(classes = {InferenceException.class, IllegalStateException.class, OutOfMemoryError.class})
    void aDeviceThatFailsHoldsUpNobody(Class<? extends Throwable> failure) throws Exception {
        CountDownLatch all = new CountDownLatch(8);
        try (TextModel model = model(TokenBudget.fixed(100), devices(8, (device, batch) -> {
            awaitAll(all);
            if (device.index() == 3) {
                throw thrown(failure);
            }
        }))) {
            List<PendingAnswers> blocks = IntStream.range(0, 4)
                    .mapToObj(block -> model.submit(TEXTS, Optional.empty()))
                    .toList();
            List<Throwable> failures = new ArrayList<>();
            for (PendingAnswers block : blocks) {
                try {
                    block.await(() -> false);
                } catch (RuntimeException | Error e) {
                    failures.add(e);
                }
            }

            assertThat(failures).isNotEmpty().allSatisfy(e -> {
                assertThat(e).isInstanceOf(failure);
                assertThat(e.getMessage()).contains("the device is lost");
            });
            if (failure == InferenceException.class) {
                assertThat(failures.get(0)).hasMessage("gpu:3: the device is lost");
            }
        }
    }

    private static RuntimeException thrown(Class<? extends Throwable> failure) {
        if (failure == OutOfMemoryError.class) {
            throw new OutOfMemoryError("the device is lost");
        }
        return failure == InferenceException.class
                ? new InferenceException("the device is lost")
                : new IllegalStateException("the device is lost");
    }

    /** Another process has taken its memory since the model was loaded. */
    @Test
    void aDeviceWithoutMemoryTakesNothingFromTheOthers() throws Exception {
        List<Integer> rowsOfPasses = Collections.synchronizedList(new ArrayList<>());
        try (TextModel model = model(TokenBudget.fixed(1_000), devices(4, (device, batch) -> {
            if (device.index() == 2) {
                throw new DeviceMemoryException("no memory", new OutOfMemoryError());
            }
            rowsOfPasses.add(batch.rows().size());
        }))) {
            Answers answers = answers(model).orElseThrow();

            assertThat(answers.rejected()).isEmpty();
            assertThat(model.tokenBudget()).isEqualTo(1_000);
            rowsOfPasses.clear();
            answers(model).orElseThrow();
            assertThat(Collections.max(rowsOfPasses)).isGreaterThan(10);
        }
    }

    @Test
    void aPassGoesToTheDeviceThatHasTheFewest() throws Exception {
        Semaphore begun = new Semaphore(0);
        List<SharedDevice> taken = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        CountDownLatch third = new CountDownLatch(1);
        try (ForwardPasses passes = new ForwardPasses(devices(2, (device, batch) -> {}), 2)) {
            CompletableFuture<Void> one = passes.submit(device -> occupy(device, taken, begun, first));
            begun.acquire();
            CompletableFuture<Void> two = passes.submit(device -> occupy(device, taken, begun, second));
            begun.acquire();
            second.countDown();
            two.join();
            CompletableFuture<Void> three = passes.submit(device -> occupy(device, taken, begun, third));
            begun.acquire();

            assertThat(taken.get(1)).isNotSameAs(taken.get(0));
            assertThat(taken.get(2)).isSameAs(taken.get(1));
            first.countDown();
            third.countDown();
            one.join();
            three.join();
        }
    }

    private static void occupy(SharedDevice device, List<SharedDevice> taken, Semaphore begun, CountDownLatch until) {
        taken.add(device);
        begun.release();
        Uninterruptibles.awaitUninterruptibly(until);
    }
}
