package io.modelbatch.extension;

import com.google.common.base.Throwables;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A jar with step types of a user.
 *
 * @param path the file
 */
public record StepTypeJar(Path path) {
    private static final String VERSION = "Modelbatch-Version";
    private static final Pattern CLASS_FILES = Pattern.compile("class file version (\\d+)");
    /** Class files of Java 1.0 have the version 45 less one. */
    private static final int BEFORE_JAVA = 44;

    /** The jar of a class; empty for a class of the application itself. */
    public static Optional<StepTypeJar> of(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        return type.getClassLoader() == StepTypeJar.class.getClassLoader() || source == null
                ? Optional.empty()
                : Optional.of(new StepTypeJar(path(source.getLocation())));
    }

    private static Path path(URL location) {
        try {
            return Path.of(location.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The cause why a class of the jar cannot be loaded, linked or made, and what to do; follows the name of the jar. */
    public String problem(Throwable failure) {
        Throwable cause = failure instanceof ExceptionInInitializerError && failure.getCause() != null
                ? failure.getCause()
                : failure;
        if (cause instanceof UnsupportedClassVersionError) {
            return newerJava(cause);
        }
        Optional<String> missing = missing(cause);
        if (missing.isPresent() && !missing.get().startsWith("io.modelbatch.")) {
            return "lacks the class " + missing.get()
                    + ". Neither the application nor a jar in the same folder has it; put the jar of its library there";
        }
        return cause instanceof LinkageError || missing.isPresent()
                ? "does not fit " + application() + " (" + words(cause) + "). " + remedy()
                : "fails with " + words(Throwables.getRootCause(cause))
                        + ". Correct it, or move the jar out of the folder";
    }

    /** One line of it. */
    private static String words(Throwable cause) {
        return cause.toString().lines().findFirst().orElse("").replace("java.lang.", "");
    }

    private static String newerJava(Throwable failure) {
        Matcher compiled = CLASS_FILES.matcher(String.valueOf(failure.getMessage()));
        String java =
                compiled.find() ? String.valueOf(Integer.parseInt(compiled.group(1)) - BEFORE_JAVA) : "a newer version";
        return "is compiled for Java " + java + ", and this is Java "
                + Runtime.version().feature() + ". Start the application with Java " + java
                + ", or compile the jar with --release "
                + Runtime.version().feature();
    }

    private static Optional<String> missing(Throwable failure) {
        return failure instanceof NoClassDefFoundError || failure instanceof ClassNotFoundException
                ? Optional.ofNullable(failure.getMessage()).map(name -> name.replace('/', '.'))
                : Optional.empty();
    }

    private String remedy() {
        return builtFor()
                        .map(version -> "It is built for version " + version + ". ")
                        .orElse("") + "Build it again for this version, or move it out of the folder";
    }

    private static String application() {
        String version = StepTypeJar.class.getPackage().getImplementationVersion();
        return version == null ? "this version" : "version " + version;
    }

    /** The version of the application for which the jar is built, where its manifest says so. */
    private Optional<String> builtFor() {
        try (JarFile jar = new JarFile(path.toFile())) {
            Manifest manifest = jar.getManifest();
            return Optional.ofNullable(
                    manifest == null ? null : manifest.getMainAttributes().getValue(VERSION));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
