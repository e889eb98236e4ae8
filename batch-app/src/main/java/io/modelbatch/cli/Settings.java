package io.modelbatch.cli;

import com.google.common.primitives.Ints;
import io.modelbatch.base.AbsolutePath;
import io.modelbatch.kubernetes.GoogleCloud;
import io.modelbatch.launch.LocalFolders;
import io.modelbatch.launch.NextCommand;
import io.modelbatch.launch.TypedCommand;
import io.modelbatch.run.RunSummary;
import io.modelbatch.telemetry.GoogleLog;
import io.modelbatch.telemetry.TelemetrySettings;
import io.modelbatch.worker.WorkerMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The properties of a command: {@code --name=value} arguments first, then options {@code -Dname=value} of the JVM, then environment
 * variables, then defaults.
 *
 * @param arguments arguments and options of the JVM, by name
 * @param environment the process's environment
 */
public record Settings(Map<String, String> arguments, Map<String, String> environment) {
    private static final String JOBS = "modelbatch.jobs";
    private static final String EXTENSIONS = "modelbatch.extensions";
    private static final String LOCAL_HOME = "modelbatch.local.home";
    private static final String LOCAL_ACCESS = "modelbatch.local.access";
    private static final String WORKERS = "modelbatch.workers";
    private static final String PRIORITY = "modelbatch.priority";
    private static final String MAX_PARTITIONS = "modelbatch.max-partitions";
    private static final String PYTHON = "modelbatch.python";
    private static final List<String> PRICES =
            List.of("modelbatch.price.query-tib", "modelbatch.price.device-hour", "modelbatch.price.currency");
    private static final List<String> TELEMETRY =
            List.of(TelemetrySettings.LISTEN, TelemetrySettings.ENDPOINT, GoogleLog.PROPERTY);
    private static final String PROJECT = "modelbatch.gcp.project";
    private static final String GOOGLE = "modelbatch.gcp.";
    private static final String MOUNTS = GOOGLE + "mounts.";
    private static final String PROFILES = "spring.profiles.active";
    private static final String GOOGLE_PROFILE = "gcp";
    private static final String SPRING_JOB = "spring.batch.job.name";
    private static final String REPOSITORY = "spring.datasource.url";
    private static final String USER = "spring.datasource.username";
    private static final String MIGRATION = "spring.flyway.enabled";
    private static final Pattern SECRET =
            Pattern.compile("password|secret|token|credential|[.-]key$", Pattern.CASE_INSENSITIVE);
    private static final String PLAIN = "plain";
    private static final String HIDDEN = "***";

    /** The folder of the job files. */
    public Path jobs() {
        return Path.of(property(JOBS).orElse("job-configs"));
    }

    /** True when that folder was not set. */
    boolean isDefaultJobs() {
        return property(JOBS).isEmpty();
    }

    /** The folder of jars with more types of steps. */
    Path extensions() {
        return Path.of(property(EXTENSIONS).orElse("extensions"));
    }

    /** True when folders stand for tables and buckets. */
    boolean isLocal() {
        return property(PROFILES).filter(GOOGLE_PROFILE::equals).isEmpty();
    }

    /** The settings of Google Cloud, as variables: an argument takes precedence over a variable. */
    GoogleCloud googleCloud() {
        Map<String, String> variables = new TreeMap<>();
        Map<String, String> mounts = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith(variable(MOUNTS))) {
                mounts.put(name.substring(MOUNTS.length()).toLowerCase(Locale.ROOT), value);
            } else if (name.startsWith(variable(GOOGLE))) {
                variables.put(name, value);
            }
        });
        arguments.forEach((name, value) -> {
            if (name.startsWith(MOUNTS)) {
                mounts.put(name.substring(MOUNTS.length()), value);
            } else if (name.startsWith(GOOGLE)) {
                variables.put(variable(name).replace("-", ""), value);
            }
        });
        return new GoogleCloud(variables, mounts);
    }

    /** The folder of the local environment. */
    public Path localHome() {
        return Path.of(property(LOCAL_HOME).orElse("local"));
    }

    /** The folder of models and of what is made from them. */
    Path cache() {
        return localHome().resolve("cache");
    }

    /** True when there is a job repository to read. Starting the application makes one that is missing. */
    boolean hasRepository() {
        return !isLocal()
                || property(REPOSITORY).isPresent()
                || Files.exists(localHome().resolve("repository/modelbatch.mv.db"));
    }

    /** The folders of the local environment. */
    public LocalFolders localFolders() {
        return new LocalFolders(AbsolutePath.of(localHome()), access().orElseThrow());
    }

    private Optional<LocalFolders.Access> access() {
        String name = property(LOCAL_ACCESS).orElse(LocalFolders.Access.OWNER.toString());
        return Stream.of(LocalFolders.Access.values())
                .filter(access -> access.toString().equals(name))
                .findFirst();
    }

    /** Entries of Cloud Logging in place of plain lines; empty when they are not wanted. */
    public Optional<GoogleLog> googleLog() {
        return property(GoogleLog.PROPERTY)
                .filter(GoogleLog.GOOGLE::equals)
                .map(google -> new GoogleLog(property(PROJECT)));
    }

    /** The properties for the application. */
    public String[] propertyArguments() {
        return arguments.entrySet().stream()
                .map(entry -> "--" + asSpringReadsIt(entry.getKey()) + "=" + entry.getValue())
                .toArray(String[]::new);
    }

    /** Without brackets, Spring would leave the dots and underlines of a bucket's name out. */
    private static String asSpringReadsIt(String name) {
        return name.startsWith(MOUNTS)
                ? MOUNTS.substring(0, MOUNTS.length() - 1) + "[" + name.substring(MOUNTS.length()) + "]"
                : name;
    }

    /** Takes the {@code --name=value} arguments with a dotted name out of the command line. */
    static Settings takenFrom(List<String> commandLine, Map<String, String> environment) {
        Map<String, String> properties = new LinkedHashMap<>(ofTheJvm());
        for (String argument : new ArrayList<>(commandLine)) {
            int equals = argument.indexOf('=');
            if (argument.startsWith("--") && equals > 0 && argument.lastIndexOf('.', equals) > 0) {
                properties.put(argument.substring(2, equals), argument.substring(equals + 1));
                commandLine.remove(argument);
            }
        }
        nameJob(commandLine, properties, environment);
        return new Settings(properties, environment);
    }

    /** Spring Boot's name of a job is the word {@code job=NAME}: as an argument of any command, elsewhere of a run that names no other job. */
    private static void nameJob(
            List<String> commandLine, Map<String, String> properties, Map<String, String> environment) {
        boolean isTyped = !ofTheJvm().containsKey(SPRING_JOB) && properties.containsKey(SPRING_JOB);
        String name = Optional.ofNullable(properties.remove(SPRING_JOB)).orElse(environment.get(variable(SPRING_JOB)));
        boolean isRun = commandLine.stream().allMatch(word -> word.contains("=") && !word.startsWith("-"));
        boolean isNamed = commandLine.stream().anyMatch(word -> word.startsWith(JobCommand.JOB + "="));
        if (name != null && (isTyped || isRun && !isNamed)) {
            commandLine.add(isRun ? 0 : commandLine.size(), JobCommand.JOB + "=" + name);
        }
    }

    /** Options {@code -Dname=value} of the JVM with a name of ours or of Spring are the same as arguments. */
    private static Map<String, String> ofTheJvm() {
        Map<String, String> properties = new TreeMap<>();
        System.getProperties().stringPropertyNames().stream()
                .filter(Settings::isProperty)
                .forEach(name -> properties.put(name, System.getProperty(name)));
        return properties;
    }

    private static boolean isProperty(String name) {
        return name.startsWith("modelbatch.") || name.startsWith("spring.");
    }

    /** Our own properties are few; a misspelled one must not be ignored, nor an environment that is not there. */
    List<String> problems() {
        Stream<String> unknown = ours().filter(name ->
                        !List.of(JOBS, EXTENSIONS, LOCAL_HOME, LOCAL_ACCESS, WORKERS, PRIORITY, MAX_PARTITIONS, PYTHON)
                                        .contains(name)
                                && !PRICES.contains(name)
                                && !TELEMETRY.contains(name)
                                && !name.startsWith(GOOGLE))
                .map(name -> "--" + name + " is not a property; allowed are --" + JOBS + ", --" + EXTENSIONS + ", --"
                        + LOCAL_HOME + ", --" + LOCAL_ACCESS + ", --" + WORKERS + ", --" + PRIORITY + ", --"
                        + MAX_PARTITIONS + ", --" + PYTHON + ", --"
                        + String.join(", --", PRICES) + ", --" + String.join(", --", TELEMETRY)
                        + " and, for Google Cloud, --" + GOOGLE
                        + "…");
        Stream<String> environment = property(PROFILES).stream()
                .filter(profiles -> !List.of("local", GOOGLE_PROFILE).contains(profiles))
                .map(profiles -> "Unknown environment '" + profiles + "'; " + PROFILES
                        + " is gcp for Google Cloud, or left out for the local one");
        Stream<String> repository =
                property(REPOSITORY).map(RepositoryUrl::new).flatMap(RepositoryUrl::problem).stream();
        Stream<String> access = access().isPresent()
                ? Stream.empty()
                : Stream.of(LOCAL_ACCESS + " is neither owner nor group: '"
                        + property(LOCAL_ACCESS).orElse("") + "'");
        Stream<String> extensions =
                property(EXTENSIONS).map(Path::of).filter(folder -> !Files.isDirectory(folder)).stream()
                        .map(folder -> EXTENSIONS + " is " + folder
                                + ", which is not a folder. Make it, or name the folder of the jars");
        Stream<String> telemetry =
                TelemetrySettings.problems(name -> property(name).orElse(null)).stream();
        Stream<String> logs = property(GoogleLog.PROPERTY)
                .filter(format -> !List.of(PLAIN, GoogleLog.GOOGLE).contains(format))
                .map(format ->
                        GoogleLog.PROPERTY + " is neither " + PLAIN + " nor " + GoogleLog.GOOGLE + ": '" + format + "'")
                .stream();
        return Stream.of(unknown, environment, repository, access, extensions, telemetry, logs, place(), workers())
                .flatMap(Function.identity())
                .toList();
    }

    private Stream<String> workers() {
        String mode = property(WORKERS).orElse(WorkerMode.LOCAL.toString());
        boolean known = Stream.of(WorkerMode.values()).map(WorkerMode::toString).anyMatch(mode::equals);
        Stream<String> modes = known
                ? Stream.empty()
                : Stream.of(WORKERS + " is '" + mode + "'; allowed are " + List.of(WorkerMode.values()));
        Stream<String> repository = known && !mode.equals(WorkerMode.LOCAL.toString())
                ? lacksPostgres(WORKERS + "=" + mode).stream()
                : Stream.empty();
        return Stream.of(
                        modes,
                        repository,
                        number(PRIORITY, Short.MIN_VALUE, Short.MAX_VALUE).stream(),
                        number(MAX_PARTITIONS, 1, Integer.MAX_VALUE).stream())
                .flatMap(Function.identity());
    }

    private Optional<String> number(String name, int least, int most) {
        return property(name)
                .filter(text -> Optional.ofNullable(Ints.tryParse(text))
                        .filter(value -> value >= least && value <= most)
                        .isEmpty())
                .map(text -> name + " is '" + text + "', which is not a whole number from " + least + " to " + most);
    }

    /** The reason why workers cannot reach the job repository; empty where they can. */
    Optional<String> lacksPostgres(String who) {
        return property(REPOSITORY)
                                .filter(url -> url.startsWith("jdbc:h2:") || url.isBlank())
                                .isPresent()
                        || property(REPOSITORY).isEmpty()
                ? Optional.of(who + " needs a job repository that several machines reach: PostgreSQL. Set " + REPOSITORY
                        + "=jdbc:postgresql://HOST:PORT/DATABASE, or the variable " + variable(REPOSITORY))
                : Optional.empty();
    }

    /** The command that resumes a run. Has the properties of this one: without them it would mean other jobs or another repository. */
    TypedCommand resume(String job, Map<String, String> parameters) {
        List<String> words = new ArrayList<>(List.of(JobCommand.JOB + "=" + job));
        parameters.forEach((name, value) -> words.add(name + "=" + value));
        return command(words);
    }

    /** The next commands for a run. */
    List<NextCommand> next(RunSummary run) {
        return NextCommand.after(run, resume(run.job(), run.parameters()));
    }

    /** H2 takes a semicolon for the end of its file's name, and a backslash for a slash. */
    private Stream<String> place() {
        String home = AbsolutePath.of(localHome()).toString();
        return Stream.of(";", "\\")
                .filter(sign -> property(REPOSITORY).isEmpty() && home.contains(sign))
                .map(sign -> LOCAL_HOME + " is " + home + ", and H2 cannot keep the job repository in a folder with "
                        + sign + " in its path; name another folder");
    }

    /** A command line with the properties of this one, for a person to type. */
    TypedCommand command(List<String> words) {
        return new TypedCommand(
                program(),
                words,
                arguments.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + shown(property))
                        .toList());
    }

    /** The command that starts this application in the same way: variables that it reads, then Java with its options. */
    private String program() {
        List<String> words = new ArrayList<>();
        for (String name : List.of(JOBS, EXTENSIONS, LOCAL_HOME, LOCAL_ACCESS, PROFILES, REPOSITORY, USER, MIGRATION)) {
            String value = environment.get(variable(name));
            if (value != null && !arguments.containsKey(name) && value.equals(shown(Map.entry(name, value)))) {
                words.add(variable(name) + "=" + TypedCommand.quoted(value));
            }
        }
        new TreeMap<>(environment).forEach((name, value) -> {
            if (name.startsWith(variable(GOOGLE))) {
                words.add(name + "=" + TypedCommand.quoted(value));
            }
        });
        words.addAll(JavaCommand.ofThisProcess().words(this::shownOption));
        return String.join(" ", words);
    }

    /** An option of the JVM as it is typed again; empty where an argument says the same. */
    private Optional<String> shownOption(String option) {
        if (!option.startsWith("-D")) {
            return Optional.of(option);
        }
        String[] halves = option.substring(2).split("=", 2);
        if (isProperty(halves[0])) {
            return Optional.empty();
        }
        return Optional.of(
                halves.length == 1 ? option : "-D" + halves[0] + "=" + shown(Map.entry(halves[0], halves[1])));
    }

    /** Hides possible secrets: whoever types the command has to put them in. */
    private static String shown(Map.Entry<String, String> property) {
        if (SECRET.matcher(property.getKey()).find()) {
            return HIDDEN;
        }
        return property.getKey().endsWith("url")
                ? new RepositoryUrl(property.getValue()).withSecretsHidden()
                : property.getValue();
    }

    private Stream<String> ours() {
        return arguments.keySet().stream().filter(name -> name.startsWith("modelbatch."));
    }

    /** The address of the job repository, without secrets. */
    String repository() {
        return property(REPOSITORY)
                .map(url -> new RepositoryUrl(url).withoutSecrets())
                .orElseGet(() -> localHome().resolve("repository").toString());
    }

    private Optional<String> property(String name) {
        return Optional.ofNullable(arguments.get(name)).or(() -> Optional.ofNullable(environment.get(variable(name))));
    }

    private static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replace('.', '_');
    }
}
