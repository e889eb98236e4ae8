package io.modelbatch.launch;

import io.modelbatch.extension.StepType;
import io.modelbatch.extension.StepTypeJar;
import io.modelbatch.extension.StepTypes;
import io.modelbatch.jobspec.OptionsProblems;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * The step types of this process: the built-in ones, and those of the jars in a folder. The services files are read here and not by
 * {@code ServiceLoader}, whose errors do not name a jar.
 */
public final class InstalledStepTypes {
    private static final String SUFFIX = ".jar";
    private static final String SERVICES = "META-INF/services/" + StepType.class.getName();

    private final StepTypes builtIn = BuiltInStepTypes.all();
    private final Map<String, String> origins = new HashMap<>();
    private final List<StepType<?>> found = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private InstalledStepTypes() {
        builtIn.keys().forEach(key -> origins.put(key, "a built-in one"));
    }

    /**
     * Loads them. The jars share a class loader below that of the application, which stays open as long as the process.
     *
     * @param extensions the folder of the jars; where it does not exist there are the built-in types alone
     * @throws ExtensionException names each jar that cannot be used, and each type whose key is taken
     */
    public static StepTypes in(Path extensions) {
        return new InstalledStepTypes().with(extensions);
    }

    private StepTypes with(Path folder) {
        List<Path> jars = jars(folder);
        if (jars.isEmpty()) {
            return builtIn;
        }
        Map<Path, List<String>> classes = new LinkedHashMap<>();
        jars.forEach(jar -> classes.put(jar, named(jar)));
        if (problems.isEmpty() && classes.values().stream().allMatch(List::isEmpty)) {
            problems.add(
                    "No jar in " + folder + " names a step type in " + SERVICES
                            + ". Write the class of each type into that file of its jar, a class a line; or move the jars out of the folder");
        }
        ClassLoader loader = new URLClassLoader(
                "extensions",
                jars.stream().map(InstalledStepTypes::url).toArray(URL[]::new),
                builtIn.getClass().getClassLoader());
        classes.forEach((jar, names) -> names.forEach(name -> load(jar, name, loader)));
        if (!problems.isEmpty()) {
            throw new ExtensionException(String.join(System.lineSeparator(), problems));
        }
        return builtIn.with(found);
    }

    private static List<Path> jars(Path folder) {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX) && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new ExtensionException(folder + " cannot be read: " + e
                    + ". It is the folder of extensions; name another with --modelbatch.extensions=DIR");
        }
    }

    /** The classes that a jar names as step types; none for a library. A class loader would pass over a file that is not a jar. */
    private List<String> named(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            ZipEntry services = file.getEntry(SERVICES);
            return services == null ? List.of() : names(file, services);
        } catch (IOException | SecurityException e) {
            problems.add(
                    jar + " is not a readable jar: " + e.getMessage() + ". Replace it, or move it out of the folder");
            return List.of();
        }
    }

    private static List<String> names(JarFile file, ZipEntry services) throws IOException {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(file.getInputStream(services), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .distinct()
                    .toList();
        }
    }

    private void load(Path jar, String name, ClassLoader loader) {
        try {
            Class<?> type = Class.forName(name, true, loader);
            if (!StepType.class.isAssignableFrom(type)) {
                problems.add(jar + ": " + name + " is named in " + SERVICES + ", and does not implement StepType");
                return;
            }
            Optional<StepTypeJar> other =
                    StepTypeJar.of(type).filter(its -> !its.path().equals(jar.toAbsolutePath()));
            if (other.isPresent()) {
                problems.add(jar + ": the class " + name + " is also in "
                        + other.get().path().getFileName()
                        + ", from which it is loaded. Move one of the jars out of the folder");
                return;
            }
            StepType<?> made = (StepType<?>) type.getConstructor().newInstance();
            List<String> mistakes = mistakes(made);
            mistakes.forEach(mistake -> problems.add(jar + ": " + name + " " + mistake));
            if (mistakes.isEmpty()) {
                add(jar, made);
            }
        } catch (ClassNotFoundException e) {
            problems.add(jar + ": " + SERVICES + " names " + name
                    + ", and there is no such class in the jar. Correct the name, or build the jar again");
        } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
            problems.add(jar + ": " + name + " must be a public class with a public constructor without parameters");
        } catch (InvocationTargetException e) {
            problem(jar, name, e.getCause() == null ? e : e.getCause());
        } catch (LinkageError | RuntimeException e) {
            problem(jar, name, e);
        }
    }

    private void problem(Path jar, String name, Throwable failure) {
        problems.add(jar + ": " + name + " " + new StepTypeJar(jar).problem(failure));
    }

    /** A type describes itself when it is loaded, before any job file is read. */
    private static List<String> mistakes(StepType<?> type) {
        try {
            StepTypes.of(List.of(type));
        } catch (IllegalArgumentException e) {
            return List.of("is refused: " + e.getMessage());
        }
        return Stream.concat(
                        type.description() == null || type.description().isBlank()
                                ? Stream.of("has no description()")
                                : Stream.of(),
                        OptionsProblems.of(type.options()).stream())
                .toList();
    }

    private void add(Path jar, StepType<?> type) {
        String other = origins.putIfAbsent(type.key(), "one of " + jar.getFileName());
        if (other == null) {
            found.add(type);
        } else {
            problems.add(jar + ": there is a step type '" + type.key() + "' already, " + other
                    + ". Give it another key, or move one of the jars out of the folder");
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
