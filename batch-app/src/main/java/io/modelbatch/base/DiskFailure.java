package io.modelbatch.base;

import com.google.common.base.Throwables;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A volume of this machine that takes no more: it is full, a quota is used up, or it became read-only. Java, DuckDB and H2 all report that
 * with the operating system's words alone, at the end of a line.
 *
 * @param reason which of these
 * @param file the file that could not be written; empty where the failure does not name it
 */
public record DiskFailure(Reason reason, Optional<Path> file) {
    private static final Pattern QUOTED_PATH = Pattern.compile("[\"'](/[^\"'\\n]+)[\"']");

    /** Classes of PostgreSQL's SQLSTATE: its own server has no room, or an error of its own system. */
    private static final Pattern OF_A_SERVER = Pattern.compile("53...|58...|XX...");

    private static final Path TEMPORARY = AbsolutePath.of(Path.of(System.getProperty("java.io.tmpdir")));

    /** The reason why a volume cannot be written. */
    public enum Reason {
        /** No space left. DuckDB counts the room for its temporary files before it writes them. */
        FULL("No space left on device", "Free some space there, then repeat the command.", "max_temp_directory_size"),
        /** The user, or the folder, may not have more. */
        QUOTA("Disk quota exceeded", "Free some space there or raise the quota, then repeat the command.", null),
        /** Mounted so, or by the operating system after an error of the disk. */
        READ_ONLY("Read-only file system", "Make it writable, then repeat the command.", null);

        private final String words;
        private final String remedy;
        private final @Nullable String setting;

        Reason(String words, String remedy, @Nullable String setting) {
            this.words = words;
            this.remedy = remedy;
            this.setting = setting;
        }

        private boolean isIn(String message) {
            return (setting != null && message.contains(setting))
                    || pattern(words).matcher(message).find()
                    || (this == FULL && pattern(OwnWords.FULL).matcher(message).find());
        }

        /** The value of a row may have these words too, but an error message does not end with it. */
        private static Pattern pattern(String words) {
            return Pattern.compile("(?:^|: |\\()" + Pattern.quote(words) + "\\)?\\.?$", Pattern.MULTILINE);
        }
    }

    /** That of a failure; empty where it is about something else. */
    public static Optional<DiskFailure> of(Throwable failure) {
        List<Throwable> causes = Throwables.getCausalChain(failure);
        if (causes.stream().anyMatch(DiskFailure::isOfAServer)) {
            return Optional.empty();
        }
        return Stream.of(Reason.values())
                .filter(reason -> causes.stream().flatMap(DiskFailure::texts).anyMatch(reason::isIn))
                .findFirst()
                .map(reason -> new DiskFailure(reason, file(causes)));
    }

    /** True when room can be made; false when the volume has to be mounted again. */
    public boolean mayPass() {
        return reason != Reason.READ_ONLY;
    }

    /**
     * A sentence that says what is wrong with which volume, and what to do.
     *
     * @param volumes those that this process writes to: where the file is not known, the ones that have hardly any room are named
     */
    public String words(Volumes volumes) {
        List<Volumes.Volume> meant = file.flatMap(volumes::of)
                .map(List::of)
                .orElseGet(() -> volumes.all().stream().filter(this::concerns).toList());
        String places = meant.stream().map(this::place).collect(Collectors.joining(" and "));
        boolean isTemporary = meant.stream().anyMatch(volume -> volume.folder().equals(TEMPORARY));
        return reason.words + (places.isEmpty() ? "" : " below " + places) + ". " + reason.remedy
                + (isTemporary ? " Or name another folder for temporary files with java -Djava.io.tmpdir=DIR." : "");
    }

    private boolean concerns(Volumes.Volume volume) {
        return switch (reason) {
            case FULL -> volume.isShort();
            case READ_ONLY -> volume.readOnly();
            case QUOTA -> true;
        };
    }

    private String place(Volumes.Volume volume) {
        return reason == Reason.FULL ? volume.toString() : volume.folder().toString();
    }

    private static boolean isOfAServer(Throwable cause) {
        return cause instanceof SQLException sql
                && sql.getSQLState() != null
                && OF_A_SERVER.matcher(sql.getSQLState()).matches();
    }

    /** H2 tells another process the causes of an error as the text of its trace. */
    private static Stream<String> texts(Throwable cause) {
        return Stream.of(String.valueOf(cause.getMessage()), cause.toString());
    }

    private static Optional<Path> file(List<Throwable> causes) {
        return causes.stream().flatMap(cause -> file(cause).stream()).findFirst();
    }

    private static Optional<Path> file(Throwable cause) {
        if (cause instanceof FileSystemException failure && failure.getFile() != null) {
            // A copy fails where it writes, and names that second.
            return Optional.of(
                    Path.of(Optional.ofNullable(failure.getOtherFile()).orElse(failure.getFile())));
        }
        Matcher quoted = QUOTED_PATH.matcher(String.valueOf(cause.getMessage()));
        return quoted.find() ? Optional.of(Path.of(quoted.group(1))) : Optional.empty();
    }

    /** The operating system speaks the language of the locale. */
    private static final class OwnWords {
        private static final String FULL = ofAFullDevice();

        private static String ofAFullDevice() {
            try (FileOutputStream full = new FileOutputStream("/dev/full")) {
                full.write(0);
            } catch (IOException e) {
                String words = String.valueOf(e.getMessage());
                return words.toLowerCase(Locale.ROOT).contains("/dev/full") ? Reason.FULL.words : words;
            }
            return Reason.FULL.words;
        }
    }
}
