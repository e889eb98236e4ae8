package io.modelbatch.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComputeDeviceTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"auto|0|[cpu]", "auto|2|[gpu:0, gpu:1]", "cpu|2|[cpu]", "gpu|1|[gpu:0]", "gpu:1|2|[gpu:1]"})
    void findsWhatIsAskedFor(String name, int gpus, String device) {
        assertThat(ComputeDevice.choose(name, gpus)).hasToString(device);
    }

    @ParameterizedTest
    @CsvSource({"gpu, 0", "gpu:0, 0", "gpu:2, 2"})
    void saysThatACardIsMissing(String name, int gpus) {
        assertThatThrownBy(() -> ComputeDevice.choose(name, gpus))
                .isInstanceOf(DeviceException.class)
                .hasMessageContainingAll("no " + name, gpus + " GPUs", "device: cpu");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tpu", "gpu:", "gpu:-1", "gpu:99999", "CPU"})
    void refusesWhatIsNoDevice(String name) {
        assertThatThrownBy(() -> ComputeDevice.choose(name, 4))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("'" + name + "' is not a device");
    }

    @Test
    void theCacheIsOursUnlessTheEnvironmentSaysOtherwise() {
        assertThat(ComputeEngine.cacheFolder(Map.of()))
                .isEqualTo(Path.of(System.getProperty("user.home"), ".cache/modelbatch/djl"));
        assertThat(ComputeEngine.cacheFolder(Map.of("XDG_CACHE_HOME", "/caches")))
                .isEqualTo(Path.of("/caches/modelbatch/djl"));
        assertThat(ComputeEngine.cacheFolder(Map.of("XDG_CACHE_HOME", "/caches", "DJL_CACHE_DIR", "/djl")))
                .isEqualTo(Path.of("/djl"));
    }

    @Test
    void aUserWithoutAHomeFolderIsToldToNameTheCache() {
        assertThatThrownBy(() -> ComputeEngine.cacheFolder(Map.of(), Path.of("?")))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("DJL_CACHE_DIR");
        assertThat(ComputeEngine.cacheFolder(Map.of("DJL_CACHE_DIR", "/djl"), Path.of("?")))
                .isEqualTo(Path.of("/djl"));
    }

    @Test
    void startsOnceAndOffline() {
        ComputeEngine engine = ComputeEngine.start();
        assertThat(engine.version()).startsWith("PyTorch 2.");
        assertThat(System.getProperty("ai.djl.offline")).isEqualTo("true");
        assertThat(engine.device(ComputeDevice.CPU)).isEqualTo(ai.djl.Device.cpu());
        assertThat(ComputeEngine.start().gpus()).isEqualTo(engine.gpus());
        assertThat(ComputeEngine.processors()).isPositive();
    }
}
