package io.modelbatch.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The properties of a command: {@code --name=value} arguments first, then environment variables, then defaults.
 *
 * @param arguments {@code --name=value} arguments, by name
 * @param environment the process's environment
 */
public record Settings(Map<String, String> arguments, Map<String, String> environment) {
    private static final String JOBS = "modelbatch.jobs";
    private static final String LOCAL_HOME = "modelbatch.local.home";
    private static final String PROFILES = "spring.profiles.active";

    /** The folder of the job files. */
    public Path jobs() {
        return Path.of(property(JOBS).orElse("job-configs"));
    }

    /** The folder of the local environment. */
    public Path localHome() {
        return Path.of(property(LOCAL_HOME).orElse("local"));
    }

    /** Whether this is the local environment: the default. */
    public boolean isLocal() {
        return property(PROFILES).map(profiles -> !profiles.contains("gcp")).orElse(true);
    }

    /** The properties for the application, the folder of the local environment made absolute. */
    public String[] propertyArguments() {
        Map<String, String> properties = new LinkedHashMap<>(arguments);
        properties.put(LOCAL_HOME, localHome().toAbsolutePath().normalize().toString());
        return properties.entrySet().stream()
                .map(entry -> "--" + entry.getKey() + "=" + entry.getValue())
                .toArray(String[]::new);
    }

    /** Takes the {@code --name=value} arguments with a dotted name out of the command line. */
    static Settings takenFrom(List<String> commandLine, Map<String, String> environment) {
        Map<String, String> properties = new LinkedHashMap<>();
        for (String argument : new ArrayList<>(commandLine)) {
            int equals = argument.indexOf('=');
            if (argument.startsWith("--") && equals > 0 && argument.lastIndexOf('.', equals) > 0) {
                properties.put(argument.substring(2, equals), argument.substring(equals + 1));
                commandLine.remove(argument);
            }
        }
        return new Settings(properties, environment);
    }

    /** Our own properties are few; a misspelled one must not be ignored. */
    List<String> unknown() {
        return arguments.keySet().stream()
                .filter(name -> name.startsWith("modelbatch."))
                .filter(name -> !List.of(JOBS, LOCAL_HOME).contains(name))
                .map(name -> "--" + name + " is no property; there are --" + JOBS + " and --" + LOCAL_HOME)
                .toList();
    }

    private Optional<String> property(String name) {
        String variable = name.toUpperCase(Locale.ROOT).replace('.', '_');
        return Optional.ofNullable(arguments.get(name)).or(() -> Optional.ofNullable(environment.get(variable)));
    }
}
