package io.modelbatch.launch;

import io.modelbatch.extension.StepType;
import io.modelbatch.extension.StepTypes;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The step types of this process: the built-in ones, and those of the jars in a folder. */
public final class InstalledStepTypes {
    private static final String SUFFIX = ".jar";

    private InstalledStepTypes() {}

    /**
     * Loads them. The jars share a class loader below that of the application, which stays open as long as the process.
     *
     * @param extensions the folder of the jars; where it does not exist there are the built-in types alone
     * @throws ExtensionException when a jar cannot be used, or two types have the same key
     */
    public static StepTypes in(Path extensions) {
        StepTypes builtIn = BuiltInStepTypes.all();
        List<Path> jars = jars(extensions);
        if (jars.isEmpty()) {
            return builtIn;
        }
        URLClassLoader loader = new URLClassLoader(urls(jars), InstalledStepTypes.class.getClassLoader());
        List<StepType<?>> found = new ArrayList<>();
        try {
            ServiceLoader.load(StepType.class, loader).stream()
                    .filter(provider -> provider.type().getClassLoader() == loader)
                    .forEach(provider -> found.add(provider.get()));
            return builtIn.with(found);
        } catch (ServiceConfigurationError | LinkageError | IllegalArgumentException e) {
            throw new ExtensionException("The jars in " + extensions + " cannot be used: " + words(e)
                    + ". Replace the jar by one that is built for this version, or move it out of the folder");
        }
    }

    private static String words(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == null ? String.valueOf(failure.getMessage()) : failure.getMessage() + " (" + cause + ")";
    }

    private static List<Path> jars(Path folder) {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> jars = files.filter(file -> file.toString().endsWith(SUFFIX) && Files.isRegularFile(file))
                    .sorted()
                    .toList();
            jars.forEach(InstalledStepTypes::verify);
            return jars;
        } catch (IOException e) {
            throw new ExtensionException(folder + " cannot be read: " + e
                    + ". It is the folder of extensions; name another with --modelbatch.extensions=DIR");
        }
    }

    /** A class loader would pass over a file that is not a jar. */
    private static void verify(Path jar) {
        try {
            new JarFile(jar.toFile()).close();
        } catch (IOException e) {
            throw new ExtensionException(
                    jar + " is not a readable jar: " + e.getMessage() + ". Replace it, or move it out of the folder");
        }
    }

    private static URL[] urls(List<Path> jars) {
        return jars.stream().map(InstalledStepTypes::url).toArray(URL[]::new);
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
