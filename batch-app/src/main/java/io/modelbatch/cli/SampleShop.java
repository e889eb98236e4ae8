package io.modelbatch.cli;

import io.modelbatch.jobspec.JobFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * The sample that the jar carries: receipt lines, a small model and the job files that use them. It is written file by file, and
 * never over a file that is there.
 */
final class SampleShop {
    private static final String JOBS = "sample/job-configs/";
    private static final String LOCAL = "sample/local/";
    private static final String WAREHOUSE = "warehouse";

    private final Settings settings;

    SampleShop(Settings settings) {
        this.settings = settings;
    }

    /** Writes what is missing of it before a job of the sample runs, unless other jobs or tables are here. */
    void writeForFirstRun(String job) throws IOException {
        List<SampleFile> needed = neededFor(job);
        if (!needed.isEmpty()) {
            makeHome();
        }
        for (SampleFile file : needed) {
            file.writeIfMissing();
        }
    }

    /** Makes the folder of the local environment, with the buckets, which are not for everybody. */
    void makeHome() throws IOException {
        SampleFile.refuseObstacle(settings.localFolders().buckets());
        settings.localFolders().makeBuckets();
    }

    /** True when a first run of this job would write some of it. */
    boolean isMissingFor(String job) throws IOException {
        for (SampleFile file : neededFor(job)) {
            if (file.state() == SampleFile.State.MISSING) {
                return true;
            }
        }
        return false;
    }

    /** Job files only where the job has none: somebody may have removed the others. */
    private List<SampleFile> neededFor(String job) throws IOException {
        if (!settings.isLocal() || !isJob(job) || !isPlace()) {
            return List.of();
        }
        boolean hasJob = Files.exists(settings.jobs().resolve(job + ".yaml"));
        return files().stream()
                .filter(file -> file.kind() != SampleFile.Kind.JOB || !hasJob)
                .toList();
    }

    /** All its files. The job files come last: a run that finds its job finds what that needs. */
    List<SampleFile> files() throws IOException {
        List<SampleFile> files = new ArrayList<>(below(LOCAL, settings.localHome()));
        files.addAll(below(JOBS, settings.jobs()));
        return files;
    }

    private static List<SampleFile> below(String prefix, Path folder) throws IOException {
        List<SampleFile> files = new ArrayList<>();
        for (Resource resource :
                new PathMatchingResourcePatternResolver().getResources("classpath*:" + prefix + "**")) {
            String path = resource.getURL().getPath();
            String relative = path.substring(path.lastIndexOf(prefix) + prefix.length());
            if (!relative.isEmpty() && !relative.endsWith("/") && resource.isReadable()) {
                files.add(new SampleFile(resource, folder.resolve(relative), kind(prefix, relative)));
            }
        }
        return files;
    }

    private static SampleFile.Kind kind(String prefix, String relative) {
        if (prefix.equals(JOBS)) {
            return SampleFile.Kind.JOB;
        }
        return relative.startsWith(WAREHOUSE + "/") ? SampleFile.Kind.TABLE : SampleFile.Kind.MODEL;
    }

    private static boolean isJob(String name) {
        return new ClassPathResource(JOBS + name + ".yaml").exists();
    }

    /** True when the user has nothing here: no job but the sample's, as it is in the jar, and without any job no other table. */
    private boolean isPlace() throws IOException {
        List<Path> jobs =
                children(settings.jobs()).stream().filter(JobFiles::isJobFile).toList();
        for (Path job : jobs) {
            if (!isUnchanged(job)) {
                return false;
            }
        }
        // A folder that was named and is not there is rather misspelled.
        boolean hasFolder = settings.isDefaultJobs() || Files.isDirectory(settings.jobs());
        return !jobs.isEmpty() || (hasFolder && !hasOtherTables());
    }

    private static boolean isUnchanged(Path job) throws IOException {
        ClassPathResource resource = new ClassPathResource(JOBS + job.getFileName());
        if (!resource.exists() || !Files.isRegularFile(job)) {
            return false;
        }
        // A clone may have the ends of lines of its system.
        String sample = resource.getContentAsString(StandardCharsets.UTF_8);
        String file = new String(Files.readAllBytes(job), StandardCharsets.UTF_8);
        return file.lines().toList().equals(sample.lines().toList());
    }

    private boolean hasOtherTables() throws IOException {
        Set<Path> sample = files().stream().map(SampleFile::target).collect(Collectors.toSet());
        Path warehouse = settings.localHome().resolve(WAREHOUSE);
        if (!Files.isDirectory(warehouse)) {
            return false;
        }
        try (Stream<Path> tables = Files.walk(warehouse)) {
            return tables.anyMatch(file -> Files.isRegularFile(file)
                    && !String.valueOf(file.getFileName()).startsWith(".") // half of a file, after a kill
                    && !sample.contains(file));
        }
    }

    private static List<Path> children(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
