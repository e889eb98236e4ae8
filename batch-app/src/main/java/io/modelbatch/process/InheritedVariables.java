package io.modelbatch.process;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The variables of this process that a program gets. */
public final class InheritedVariables {
    /** None of them is a secret. */
    private static final List<String> ALWAYS = List.of(
            "PATH",
            "HOME",
            "USER",
            "LOGNAME",
            "SHELL",
            "LANG",
            "LC_ALL",
            "LC_CTYPE",
            "TZ",
            "TMPDIR",
            "LD_LIBRARY_PATH",
            "CUDA_VISIBLE_DEVICES",
            "NVIDIA_VISIBLE_DEVICES",
            "VIRTUAL_ENV",
            "CONDA_PREFIX",
            "JAVA_HOME",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR");

    private InheritedVariables() {}

    /**
     * Those that every program gets, and more.
     *
     * @param more names that are asked for
     * @param environment the variables of this process; null for one that is not set
     */
    public static Map<String, String> of(List<String> more, UnaryOperator<@Nullable String> environment) {
        Map<String, String> variables = new TreeMap<>();
        Stream.concat(ALWAYS.stream(), more.stream()).forEach(name -> {
            String value = environment.apply(name);
            if (value != null) {
                variables.put(name, value);
            }
        });
        return variables;
    }
}
