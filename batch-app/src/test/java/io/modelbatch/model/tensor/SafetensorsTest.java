package io.modelbatch.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.model.Fixture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"bert-classification", "bert-multi-label", "bert-regression", "bert-pair"})
    void writesTheBytesThatTheReferenceImplementationWrote(String name) throws Exception {
        Path original = Fixture.named(name).model().resolve("model.safetensors");
        Path copy = folder.resolve("copy.safetensors");
        SafetensorsWriter.write(copy, Safetensors.open(original).tensors().values());
        assertThat(copy).hasSameBinaryContentAs(original);
    }

    @Test
    void readsWhatItWrote() throws Exception {
        Path file = folder.resolve("a.safetensors");
        float[] values = {1, -2.5f, 3e-20f, 0, 5, 6};
        SafetensorsWriter.write(
                file, List.of(Tensor.of("b", List.of(2L, 3L), () -> values), Tensor.of("a", List.of(), () ->
                        new float[] {7})));
        Safetensors read = Safetensors.open(file);
        assertThat(read.tensors().keySet()).containsExactly("a", "b");
        assertThat(read.tensors().get("b").shape()).containsExactly(2L, 3L);
        assertThat(read.tensors().get("b").values()).containsExactly(values);
        assertThat(read.tensors().get("a").values()).containsExactly(7);
    }

    @Test
    void readsHalfPrecision() throws Exception {
        Path file = write("""
                {"h":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},"b":{"dtype":"BF16","shape":[1],"data_offsets":[2,4]}}""", new byte[] {0, (byte) 0xc0, (byte) 0x80, 0x3f});
        assertThat(Safetensors.open(file).tensors().get("h").values()).containsExactly(-2);
        assertThat(Safetensors.open(file).tensors().get("b").values()).containsExactly(1);
    }

    @Test
    void refusesOtherTypesOnlyWhenTheyAreRead() throws Exception {
        Path file = write("{\"ids\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}", new byte[8]);
        Tensor ids = Safetensors.open(file).tensors().get("ids");
        assertThatThrownBy(ids::values)
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll(file.toString(), "ids", "I64", "F32");
    }

    @Test
    void readsTypesOfTheFutureOnlyWhenTheyAreUnused() throws Exception {
        Path file = write("{\"x\":{\"dtype\":\"F4\",\"shape\":[4],\"data_offsets\":[0,2]}}", new byte[2]);
        assertThatThrownBy(Safetensors.open(file).tensors().get("x")::values).hasMessageContaining("F4");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]| not a JSON object",
                "{\"a\":| not valid JSON",
                "{} {}| not valid JSON",
                "{\"a\":1}| no pair of data_offsets",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}| no pair of data_offsets",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}| no pair of data_offsets",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,-8]}}| '-8'",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8.5]}}| '8.5'",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,99999999999999999999]}}| '99999999999999999999'",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}| lies at 8 to 0",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}| the file has 8 bytes of data",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}| takes 12 bytes by its shape",
                "{\"a\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,8]}}| takes 4 bytes by its shape",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}| '-2'",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":\"2\",\"data_offsets\":[0,8]}}| no dtype or no shape",
                "{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}}| no dtype or no shape",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,8]}}| impossible shape",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}| its tensors take 4 bytes, but it has 8",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}| leaves a gap",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}| overlaps",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}| Duplicate",
            })
    void refusesHeadersThatContradictThemselvesOrTheFile(String header, String cause) throws Exception {
        Path file = write(header, new byte[8]);
        assertThatThrownBy(() -> Safetensors.open(file))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll(file.toString(), cause.strip());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MAX_VALUE, 100_000_001, 5_000})
    void refusesHeadersOfImpossibleLength(long length) throws Exception {
        Path file = folder.resolve("x.safetensors");
        Files.write(
                file,
                ByteBuffer.allocate(16)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(length)
                        .array());
        assertThatThrownBy(() -> Safetensors.open(file))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll(file.toString(), "header claims");
    }

    @Test
    void refusesEveryTruncation() throws Exception {
        byte[] whole = Files.readAllBytes(Fixture.named("bert-pair").model().resolve("model.safetensors"));
        Path file = folder.resolve("cut.safetensors");
        for (int length : new int[] {0, 7, 8, 100, 4_000, whole.length - 4_096, whole.length - 1}) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Safetensors.open(file)).isInstanceOf(ModelException.class);
        }
    }

    @Test
    void refusesWhatHasNotAsManyValuesAsItsShapeSays() {
        Tensor wrong = Tensor.of("w", List.of(3L), () -> new float[2]);
        assertThatThrownBy(() -> SafetensorsWriter.write(folder.resolve("w.safetensors"), List.of(wrong)))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll("w", "2 values");
    }

    @Test
    void refusesToWriteNumbersThatAreNone() {
        Tensor wrong = Tensor.of("w", List.of(1L), () -> new float[] {Float.NaN});
        assertThatThrownBy(() -> SafetensorsWriter.write(folder.resolve("w.safetensors"), List.of(wrong)))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll("w", "NaN");
    }

    private Path write(String header, byte[] data) throws Exception {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve("x.safetensors");
        Files.write(
                file,
                ByteBuffer.allocate(8 + json.length + data.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(json.length)
                        .put(json)
                        .put(data)
                        .array());
        return file;
    }
}
