package io.modelbatch.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Instructions that not every processor has. Linux names them in {@code /proc/cpuinfo}; elsewhere none are assumed.
 *
 * @param architecture as the JVM calls it: {@code amd64}, {@code aarch64}
 * @param instructions as Linux calls them: {@code avx512_vnni} of x86, {@code bf16} of arm64
 */
public record Processor(String architecture, Set<String> instructions) {
    /** A file in place of {@code /proc/cpuinfo}: tests run as on another processor. */
    static final String DESCRIPTION = "MODELBATCH_CPUINFO";

    private static final Pattern INSTRUCTIONS = Pattern.compile("(flags|Features)\\s*:.*");

    /** Keeps its own copy. */
    public Processor {
        instructions = Set.copyOf(instructions);
    }

    /** The one of this machine. */
    public static Processor ofThisMachine() {
        return described(
                System.getProperty("os.arch"),
                Path.of(Optional.ofNullable(System.getenv(DESCRIPTION)).orElse("/proc/cpuinfo")));
    }

    static Processor described(String architecture, Path description) {
        try {
            return new Processor(
                    architecture,
                    Files.exists(description)
                            ? Files.readAllLines(description).stream()
                                    .filter(line -> INSTRUCTIONS.matcher(line).matches())
                                    .flatMap(line -> Arrays.stream(line.split("\\s+")))
                                    .collect(Collectors.toSet())
                            : Set.of());
        } catch (IOException e) {
            return new Processor(architecture, Set.of());
        }
    }

    private boolean isX86() {
        return architecture.equals("amd64") || architecture.equals("x86_64");
    }

    /**
     * True when it adds up products of 8 bits in 32 bits. Without these instructions sums saturate at 16 bits, which changes answers.
     * oneDNN has such products for x86 only.
     */
    public boolean multipliesInt8() {
        return isX86() && hasAny("avx512_vnni", "avx_vnni", "amx_int8");
    }

    /** True when it has instructions for products of bfloat16. Without them such products take 2 to 40 times as long as those of float32. */
    public boolean multipliesBfloat16() {
        return isX86() ? hasAny("avx512_bf16", "amx_bf16", "avx_ne_convert") : hasAny("bf16");
    }

    /** The same for float16. Without them such products take about 50 times as long as those of float32. */
    public boolean multipliesFloat16() {
        return isX86() ? hasAny("avx512_fp16", "amx_fp16", "avx_ne_convert") : hasAny("asimdhp");
    }

    private boolean hasAny(String... names) {
        return Arrays.stream(names).anyMatch(instructions::contains);
    }

    /** True when oneDNN has products with packed weights in float32. */
    public boolean packsFloat32() {
        return isX86();
    }

    /** True when oneDNN has products with packed weights in bfloat16. */
    public boolean packsBfloat16() {
        return isX86()
                && (hasAny("avx_ne_convert") || instructions.containsAll(Set.of("avx512bw", "avx512vl", "avx512dq")));
    }
}
