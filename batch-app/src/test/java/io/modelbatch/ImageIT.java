package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.json.JsonMapper;

/** The image of {@code docs/images.md}, on a base of Debian's packages: what is in it, and a training in it. */
class ImageIT {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Path SBOM = Path.of("target/classes/META-INF/sbom/application.cdx.json");

    /** Takes the classes and the software bill of materials that are there, in place of the phase {@code package}. */
    private static final String[] THIS_BUILD = {"-pl", "batch-app", "dependency:unpack@libtorch", "antrun:run@image"};

    /** Has the image of this build, which the first test that takes it makes. */
    @TempDir
    private static Path images;

    /** JUnit would warn of each link in the image. */
    @TempDir(cleanup = CleanupMode.NEVER)
    private Path folder;

    private Path base;

    @BeforeEach
    void assumePossible() {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can run a container with runc");
        InstalledPrograms.assumeInstalled("runc");
        base = InstalledPrograms.assumeThere("image-base.tar");
        assumeThat(SBOM)
                .as("a build without network (mvnw -o) makes no software bill of materials")
                .exists();
    }

    @AfterEach
    void remove() throws IOException {
        FileSystemUtils.deleteRecursively(folder);
    }

    @Test
    void aPodTrainsInItWithoutRightsAndWithoutNetwork() throws Exception {
        Path tar = image();
        ContainerImage image = ContainerImage.unpack(tar, folder);
        assertThat(image.settings().path("User").stringValue()).isEqualTo("10001:10001");
        assertThat(image.root().resolve("opt/libtorch")).isDirectoryContaining("glob:**/libtorch_cpu.so");
        assertThat(names(image.root().resolve("app/libs")))
                .hasSizeGreaterThan(100)
                .noneMatch(name -> name.startsWith("pytorch-native"));
        assertThat(image.root().resolve("app/application.cdx.json")).hasSameTextualContentAs(SBOM);

        // as in k8s/train.yaml
        Path data = image.folder("data");
        Path cache = image.folder("cache");
        Path jobs = Files.createDirectory(folder.resolve("job-configs"));
        Files.copy(PROJECT.resolve("job-configs/train.yaml"), jobs.resolve("train.yaml"));
        ContainerImage.Ended ended = image.run(
                Map.of("/data", data, "/cache", cache, "/etc/modelbatch/job-configs", jobs),
                Map.of("MODELBATCH_JOBS", "/etc/modelbatch/job-configs", "MODELBATCH_LOCAL_HOME", "/data/local"),
                "job=train");

        assertThat(ended.exit()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("train-1 COMPLETED");
        assertThat(names(data.resolve("local/buckets/receipts-ml/models/categories")))
                .isNotEmpty();
        ContainerImage.Ended checked = image.run(
                Map.of("/data", data, "/cache", cache, "/etc/modelbatch/job-configs", jobs),
                Map.of("MODELBATCH_JOBS", "/etc/modelbatch/job-configs", "PYTORCH_FLAVOR", "cu128"),
                "check");
        assertThat(checked.exit()).as(checked.output()).isEqualTo(2);
        assertThat(checked.output()).contains("PYTORCH_LIBRARY_PATH names /opt/libtorch: libtorch_cuda.so");
        assertThat(names(cache.resolve("pytorch")))
                .as("libtorch is not unpacked again")
                .allSatisfy(name -> assertThat(cache.resolve("pytorch").resolve(name))
                        .isDirectoryContaining("glob:**/*libdjl_torch.so")
                        .isDirectoryNotContaining("glob:**/libtorch*.so"));
    }

    @Test
    void aFolderThatIsNotLibtorchIsRefused() throws Exception {
        Path libtorch = Files.createDirectory(folder.resolve("lib"));
        Files.writeString(libtorch.resolve("libtorch.so"), "");

        Process maven = maven(
                PROJECT, "-pl", "batch-app", "antrun:run@image", "-Dlibtorch=" + libtorch, "-Dlibtorch.flavor=cu128");

        assertThat(maven.waitFor()).isPositive();
        assertThat(folder.resolve("maven.log"))
                .content()
                .contains("libtorch names " + libtorch, "libtorch_cuda.so", "are not there", "docs/images.md");
    }

    /** A push sends what the tar file has. */
    @Test
    void aRegistryTakesIt() throws Exception {
        Path crane = InstalledPrograms.assumeInstalled("crane");
        String address = "127.0.0.1:" + PostgresServer.freePort();
        Process registry = new ProcessBuilder(
                        crane.toString(), "registry", "serve", "--address", address, "--disk", folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("registry.log").toFile())
                .start();
        try {
            Path tar = image();
            String image = address + "/modelbatch:1";
            Process push = start(
                    PROJECT,
                    List.of(),
                    "-pl",
                    "batch-app",
                    "jib:build",
                    "-Djib.from.image=tar://" + base,
                    "-Djib.allowInsecureRegistries=true",
                    "-Dimage=" + image);

            assertThat(push.waitFor())
                    .as(Files.readString(folder.resolve("maven.log")))
                    .isZero();
            assertThat(InstalledPrograms.output(List.of(crane.toString(), "digest", image)))
                    .isEqualToIgnoringNewLines(digest(tar));
            InstalledPrograms.output(List.of(crane.toString(), "validate", "--remote", image));
        } finally {
            registry.destroy();
            registry.waitFor();
        }
    }

    private static String digest(Path tar) throws IOException, InterruptedException {
        String index =
                InstalledPrograms.output(List.of("tar", "--extract", "--to-stdout", "--file=" + tar, "index.json"));
        return JsonMapper.shared().readTree(index).at("/manifests/0/digest").stringValue();
    }

    @Test
    void anotherBuildHasTheSameBytes() throws Exception {
        assumeTrue(Boolean.getBoolean("image-again"), "-Dimage-again=true builds all of it once more");
        Path first = image();
        Path elsewhere = Files.createDirectories(folder.resolve("another folder"));
        for (String file : InstalledPrograms.output(List.of("git", "-C", PROJECT.toString(), "ls-files"))
                .lines()
                .toList()) {
            Path copy = elsewhere.resolve(file);
            Files.createDirectories(copy.getParent());
            Files.copy(PROJECT.resolve(file), copy);
        }

        Path second = build(elsewhere, folder.resolve("second.tar"), "-DskipTests", "package");

        assertThat(Files.mismatch(first, second)).isEqualTo(-1);
    }

    /** The tar file of the image of this build. */
    private Path image() throws IOException, InterruptedException {
        Path tar = images.resolve("image.tar");
        return Files.exists(tar) ? tar : build(PROJECT, tar, THIS_BUILD);
    }

    /** Runs Maven without a network, and returns the tar file of the image. */
    private Path build(Path project, Path tar, String... goals) throws IOException, InterruptedException {
        Process maven = maven(
                project,
                Stream.concat(
                                Stream.of(goals),
                                Stream.of(
                                        "jib:buildTar",
                                        "-Djib.from.image=tar://" + base,
                                        "-Djib.outputPaths.tar=" + tar))
                        .toArray(String[]::new));
        assertThat(maven.waitFor())
                .as(Files.readString(folder.resolve("maven.log")))
                .isZero();
        return tar;
    }

    private Process maven(Path project, String... goals) throws IOException {
        return start(project, List.of("unshare", "--net"), goals);
    }

    private Process start(Path project, List<String> network, String... goals) throws IOException {
        List<String> command = new ArrayList<>(network);
        command.addAll(List.of(project.resolve("mvnw").toString(), "--batch-mode", "--quiet", "-Pimage"));
        command.addAll(List.of(goals));
        return new ProcessBuilder(command)
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("maven.log").toFile())
                .start();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
