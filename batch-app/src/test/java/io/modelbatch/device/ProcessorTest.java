package io.modelbatch.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessorTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "flags\t\t: fpu sse2 avx2 avx512f avx512_vnni avx512_bf16, true",
        "flags : fpu avx2 avx_vnni, true",
        "flags : fpu avx512f amx_tile amx_int8, true",
        "flags : fpu sse2 avx2 avx512f avx512_bf16, false",
        "model name : avx512_vnni, false",
        "Features : fp asimd i8mm, false"
    })
    void readsWhetherItMultipliesInt8(String line, boolean expected) throws IOException {
        Path description = Files.writeString(
                folder.resolve("cpuinfo"), "processor\t: 0\n" + line.replace("\\t", "\t") + "\nbugs\t: none\n");
        assertThat(Processor.multipliesInt8(description)).isEqualTo(expected);
    }

    @Test
    void assumesNothingWhereTheSystemDoesNotSay() {
        assertThat(Processor.multipliesInt8(folder.resolve("none"))).isFalse();
    }

    @Test
    void aCardDoesNotComputeInt8() {
        assertThatThrownBy(new ComputeDevice(ComputeDevice.Kind.GPU, 1)::requireInt8)
                .isInstanceOf(DeviceException.class)
                .hasMessageContainingAll("gpu:1", "dtype: auto", "device: cpu");
    }
}
