package io.modelbatch.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** The sample that the jar carries: receipt lines, a small model and the job files that use them. */
final class SampleShop {
    private static final String JOBS = "sample/job-configs/";
    private static final String LOCAL = "sample/local/";

    private final Settings settings;

    SampleShop(Settings settings) {
        this.settings = settings;
    }

    /** Writes what is missing before the first local run. */
    void writeForFirstRun() throws IOException {
        if (settings.isLocal() && Files.notExists(settings.localHome())) {
            writeMissing();
        }
    }

    /**
     * Writes the folder of job files and the local environment, each only if it is not there.
     *
     * @return what was written
     */
    List<Path> writeMissing() throws IOException {
        List<Path> written = new ArrayList<>();
        if (Files.notExists(settings.jobs())) {
            written.add(write(JOBS, settings.jobs()));
        }
        if (Files.notExists(settings.localHome())) {
            written.add(write(LOCAL, settings.localHome()));
        }
        return written;
    }

    /** A folder appears with all its files or not at all. */
    private static Path write(String prefix, Path folder) throws IOException {
        Path parent = folder.toAbsolutePath().normalize().getParent();
        Files.createDirectories(parent);
        Path incoming = Files.createTempDirectory(parent, "." + folder.getFileName() + "-");
        for (Resource resource :
                new PathMatchingResourcePatternResolver().getResources("classpath*:" + prefix + "**")) {
            String path = resource.getURL().getPath();
            String relative = path.substring(path.lastIndexOf(prefix) + prefix.length());
            if (!relative.isEmpty() && !relative.endsWith("/") && resource.isReadable()) {
                copy(resource, incoming.resolve(relative));
            }
        }
        Files.setPosixFilePermissions(incoming, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        return Files.move(incoming, folder);
    }

    private static void copy(Resource resource, Path file) throws IOException {
        Files.createDirectories(file.getParent());
        try (InputStream content = resource.getInputStream()) {
            Files.copy(content, file);
        }
    }
}
