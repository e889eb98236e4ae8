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
        "flags\\t\\t: fpu sse2 avx2 avx512f avx512_vnni avx512_bf16, true",
        "flags : fpu avx2 avx_vnni, true",
        "flags : fpu avx512f amx_tile amx_int8, true",
        "flags : fpu sse2 avx2 avx512f avx512_bf16, false",
        "model name : avx512_vnni, false"
    })
    void readsWhetherItMultipliesInt8(String line, boolean expected) throws IOException {
        assertThat(described("amd64", line).multipliesInt8()).isEqualTo(expected);
    }

    /** Zen 2 and 3, Cascade Lake, Zen 4, Sapphire Rapids, Graviton 2 and 3. */
    @ParameterizedTest
    @CsvSource({
        "amd64, flags : avx avx2 fma, true, false, false, false",
        "amd64, flags : avx2 avx512f avx512dq avx512bw avx512vl avx512_vnni, true, true, false, false",
        "amd64, flags : avx2 avx512f avx512dq avx512bw avx512vl avx512_vnni avx512_bf16, true, true, true, false",
        "amd64, flags : avx512dq avx512bw avx512vl avx512_bf16 avx512_fp16 amx_bf16 amx_int8, true, true, true, true",
        "aarch64, Features : fp asimd asimdhp, false, false, false, true",
        "aarch64, Features : fp asimd asimdhp i8mm bf16, false, false, true, true"
    })
    void readsWhatItPacksAndMultiplies(
            String architecture, String line, boolean packs, boolean packsBfloat16, boolean bfloat16, boolean float16)
            throws IOException {
        Processor processor = described(architecture, line);
        assertThat(processor.packsFloat32()).isEqualTo(packs);
        assertThat(processor.packsBfloat16()).isEqualTo(packsBfloat16);
        assertThat(processor.multipliesBfloat16()).isEqualTo(bfloat16);
        assertThat(processor.multipliesFloat16()).isEqualTo(float16);
        assertThat(processor.multipliesInt8()).isEqualTo(line.contains("vnni") || line.contains("amx_int8"));
    }

    private Processor described(String architecture, String line) throws IOException {
        return Processor.described(
                architecture,
                Files.writeString(
                        folder.resolve("cpuinfo"),
                        "processor\t: 0\n" + line.replace("\\t", "\t") + "\nbugs\t: none\n"));
    }

    @Test
    void assumesNothingWhereTheSystemDoesNotSay() {
        Processor unknown = Processor.described("aarch64", folder.resolve("none"));
        assertThat(unknown.instructions()).isEmpty();
        assertThat(unknown.multipliesInt8()).isFalse();
    }

    @Test
    void aCardDoesNotComputeInt8() {
        assertThatThrownBy(new ComputeDevice(ComputeDevice.Kind.GPU, 1)::requireInt8)
                .isInstanceOf(DeviceException.class)
                .hasMessageContainingAll("gpu:1", "dtype: auto", "device: cpu");
    }
}
