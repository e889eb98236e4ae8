package io.modelbatch.model.tensor;

import java.nio.ByteBuffer;
import java.util.Locale;

/** The types of a tensor's numbers, little-endian. */
public enum Dtype {
    FLOAT32("F32", "FloatStorage", 6, Float.BYTES),
    BFLOAT16("BF16", "BFloat16Storage", 15, Short.BYTES),
    FLOAT16("F16", "HalfStorage", 5, Short.BYTES);

    private final String safetensorsName;
    private final String torchStorage;
    private final int torchCode;
    private final int bytes;

    Dtype(String safetensorsName, String torchStorage, int torchCode, int bytes) {
        this.safetensorsName = safetensorsName;
        this.torchStorage = torchStorage;
        this.torchCode = torchCode;
        this.bytes = bytes;
    }

    /** Its name in a safetensors header. */
    String safetensorsName() {
        return safetensorsName;
    }

    /** The class of its storage in a TorchScript pickle. */
    public String torchStorage() {
        return torchStorage;
    }

    /** Its number in TorchScript source, as {@code torch.to} takes it. */
    public int torchCode() {
        return torchCode;
    }

    /** Bytes of one number. */
    public int bytes() {
        return bytes;
    }

    /** The name as job files and {@code config.json} spell it: {@code float32}, {@code bfloat16}, {@code float16}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads the next number of a little-endian buffer. */
    float decode(ByteBuffer from) {
        return switch (this) {
            case FLOAT32 -> from.getFloat();
            case BFLOAT16 -> Float.intBitsToFloat(from.getShort() << 16);
            case FLOAT16 -> halfToFloat(from.getShort());
        };
    }

    /** Puts a number into a little-endian buffer, rounded to the nearest, ties to even. */
    void encode(float value, ByteBuffer to) {
        switch (this) {
            case FLOAT32 -> to.putFloat(value);
            case BFLOAT16 -> to.putShort(floatToBfloat(value));
            case FLOAT16 -> to.putShort(floatToHalf(value));
        }
    }

    /** True if a finite number is still finite in this type. */
    boolean holds(float value) {
        return switch (this) {
            case FLOAT32 -> Float.isFinite(value);
            case BFLOAT16 -> Math.abs(value) < 0x1.ffp127f;
            case FLOAT16 -> Math.abs(value) < 65520f;
        };
    }

    private static short floatToBfloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }

    private static float halfToFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >>> 10) & 0x1f;
        int fraction = half & 0x3ff;
        if (exponent == 0) {
            return fraction * (sign == 0 ? 0x1p-24f : -0x1p-24f);
        }
        int biased = exponent == 0x1f ? 0xff : exponent + 112;
        return Float.intBitsToFloat(sign | biased << 23 | fraction << 13);
    }

    private static short floatToHalf(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = (bits >>> 16) & 0x8000;
        int magnitude = bits & 0x7fffffff;
        if (magnitude < 0x38800000) {
            return (short) (sign | (int) Math.rint(Float.intBitsToFloat(magnitude) * 0x1p24f));
        }
        int rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
        return (short) (sign | Math.min(0x7c00, (rounded - (112 << 23)) >>> 13));
    }
}
