package io.modelbatch.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DtypeTest {
    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16"})
    void everyNumberSurvivesTheWayThroughFloat32(Dtype dtype) {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = dtype.decode(ByteBuffer.allocate(2)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putShort((short) bits)
                    .flip());
            if (!Float.isNaN(value)) {
                assertThat(bitsOf(dtype, value)).as("%04x is %s", bits, value).isEqualTo(bits);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "FLOAT16, 1.0, 3c00",
        "FLOAT16, -2.0, c000",
        "FLOAT16, 65504, 7bff",
        "FLOAT16, 65519.996, 7bff",
        "FLOAT16, 65520, 7c00",
        "FLOAT16, 5.9604645E-8, 0001",
        "FLOAT16, 6.103515625E-5, 0400",
        "FLOAT16, 6.1E-5, 03ff",
        "FLOAT16, 2.98E-8, 0000",
        "FLOAT16, 1.00048828125, 3c00",
        "FLOAT16, 1.00146484375, 3c02",
        "BFLOAT16, 1.0, 3f80",
        "BFLOAT16, 1.00390625, 3f80",
        "BFLOAT16, 1.01171875, 3f82",
        "BFLOAT16, -3.1415927, c049"
    })
    void roundsToTheNearestAndTiesToEven(Dtype dtype, float value, String bits) {
        assertThat(String.format("%04x", bitsOf(dtype, value))).isEqualTo(bits);
    }

    @Test
    void knowsWhatItHolds() {
        assertThat(Dtype.FLOAT16.holds(65519f)).isTrue();
        assertThat(Dtype.FLOAT16.holds(-65520f)).isFalse();
        assertThat(Dtype.BFLOAT16.holds(Float.MAX_VALUE)).isFalse();
        assertThat(Dtype.FLOAT32.holds(Float.MAX_VALUE)).isTrue();
    }

    private static int bitsOf(Dtype dtype, float value) {
        ByteBuffer bytes = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
        dtype.encode(value, bytes);
        return bytes.getShort(0) & 0xffff;
    }
}
