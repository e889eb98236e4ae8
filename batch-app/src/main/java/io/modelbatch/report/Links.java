package io.modelbatch.report;

import com.google.common.net.UrlEscapers;
import io.modelbatch.report.html.Cell;
import io.modelbatch.store.ObjectUri;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The links of a page: to files beside it in the local environment, to the console of Google Cloud there.
 *
 * @param environment where the run ran
 * @param folder the folder of the run, in which the page is
 */
record Links(RunEnvironment environment, ObjectUri folder) {
    private static final String CONSOLE = "https://console.cloud.google.com/storage/browser/";

    /** A value, which leads to an object or a folder where it is its address. */
    Cell value(String text) {
        return text.startsWith("gs://") ? Cell.code(text).linked(to(text)) : Cell.of(text);
    }

    /** The log of an execution, which is in the run's folder. */
    Cell log(String place) {
        String inFolder = "/" + folder.fileName() + "/";
        int at = place.lastIndexOf(inFolder);
        if (at < 0) {
            return Cell.code(place);
        }
        String path = place.substring(at + inFolder.length());
        return Cell.code(path).linked(Optional.of(escaped(path)));
    }

    /** The page of another run, whose report is in the folder beside this one. */
    Cell run(String name, String report) {
        String[] parts = report.split("[/\\\\]");
        return Cell.of(name)
                .linked(
                        parts.length < 2
                                ? Optional.empty()
                                : Optional.of("../" + escaped(parts[parts.length - 2]) + "/" + RunReports.PAGE));
    }

    private Optional<String> to(String address) {
        try {
            ObjectUri uri = ObjectUri.parse(address);
            String path = uri.bucket() + "/" + escaped(uri.name());
            return Optional.of(environment.name().equals(RunEnvironment.LOCAL.name()) ? up() + path : CONSOLE + path);
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a text that only begins like an address
        }
    }

    /** From the page to the folder of all buckets. */
    private String up() {
        return "../".repeat(folder.name().split("/").length + 1);
    }

    private static String escaped(String path) {
        return Arrays.stream(path.split("/"))
                .map(UrlEscapers.urlPathSegmentEscaper()::escape)
                .collect(Collectors.joining("/"));
    }
}
