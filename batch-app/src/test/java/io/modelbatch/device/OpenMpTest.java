package io.modelbatch.device;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class OpenMpTest {
    @Test
    void tellsTheLibraryUnlessTheUserDid() {
        OpenMp.sleepSoon();
        assertThat(environment("GOMP_SPINCOUNT")).isEqualTo("1000");

        Function.getFunction("c", "setenv").invokeInt(new Object[] {"GOMP_SPINCOUNT", "7", 1});
        OpenMp.sleepSoon();
        assertThat(environment("GOMP_SPINCOUNT")).isEqualTo("7");
    }

    private static String environment(String name) {
        return Function.getFunction("c", "getenv").invokeString(new Object[] {name}, false);
    }
}
