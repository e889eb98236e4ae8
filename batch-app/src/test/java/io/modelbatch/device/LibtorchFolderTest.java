package io.modelbatch.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.pytorch.jni.LibUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Links to the libraries of the jar, with some of them absent, of another version or damaged. */
@EnabledOnOs(OS.LINUX)
class LibtorchFolderTest {
    private static final List<String> CUDA = List.of("libtorch_cuda.so", "libc10_cuda.so", "libcaffe2_nvrtc.so");

    @TempDir
    private Path folder;

    private Path real;

    @BeforeEach
    void link() throws IOException {
        ComputeEngine.start();
        real = Path.of(LibUtils.getLibtorchPath());
        for (String name : List.of("libtorch.so", "libtorch_cpu.so", "libc10.so")) {
            Files.createSymbolicLink(folder.resolve(name), real.resolve(name));
        }
    }

    @Test
    void acceptsTheLibrariesOfTheRightVersion() throws IOException {
        assertThatCode(() -> named("cpu").check()).doesNotThrowAnyException();
        assertThat(new LibtorchFolder(real, "cpu").missing()).isEmpty();
    }

    @Test
    void theEnvironmentNamesIt() {
        assertThat(LibtorchFolder.ofThisProcess(Map.of())).isEmpty();
        assertThat(LibtorchFolder.ofThisProcess(Map.of("PYTORCH_FLAVOR", "cpu")))
                .isEmpty();
        assertThat(LibtorchFolder.ofThisProcess(
                        Map.of("PYTORCH_LIBRARY_PATH", "/nowhere:" + folder, "PYTORCH_FLAVOR", "cpu")))
                .contains(named("cpu"));
        assertThatThrownBy(() -> LibtorchFolder.ofThisProcess(Map.of("PYTORCH_FLAVOR", "cu128")))
                .isInstanceOf(DeviceException.class)
                .hasMessageContainingAll("PYTORCH_FLAVOR is 'cu128'", "PYTORCH_LIBRARY_PATH", "leave both out");
    }

    @Test
    void namesEverythingThatIsWrongAtOnce() throws IOException {
        Files.delete(folder.resolve("libc10.so"));
        replace("libtorch_cpu.so", Files.readAllBytes(real.resolve("libc10.so"))); // a library without that version

        assertThatThrownBy(() -> named("cu118").check())
                .isInstanceOf(DeviceException.class)
                .hasMessageContainingAll(
                        "PYTORCH_LIBRARY_PATH names " + folder,
                        "PYTORCH_FLAVOR is 'cu118', and must be cpu or cu128",
                        "libc10.so, libtorch_cuda.so, libc10_cuda.so, libcaffe2_nvrtc.so are not there",
                        "libtorch_cpu.so is of another version than 2.7.1",
                        "docs/images.md");
        assertThatThrownBy(() -> named("").check()).hasMessageContaining("PYTORCH_FLAVOR is ''");
        assertThatThrownBy(() -> new LibtorchFolder(folder.resolve("nowhere"), "cpu").check())
                .hasMessageContaining("not a folder");
    }

    @Test
    void refusesPythonsLibrariesOfAnotherVersion() {
        Path python = Path.of(System.getenv().getOrDefault("MODELBATCH_PYTHON", "/usr/bin/python3"));
        List<Path> installed = Arrays.stream(new String[] {"python3.11", "python3.12", "python3.13", "python3.14"})
                .map(version -> python.resolveSibling("../lib/" + version + "/site-packages/torch/lib")
                        .normalize())
                .filter(Files::isDirectory)
                .toList();
        assumeTrue(!installed.isEmpty(), "there is no torch beside " + python);

        assertThatThrownBy(() -> new LibtorchFolder(installed.get(0), "cpu").check())
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("libtorch_cpu.so is of another version than 2.7.1");
    }

    @Test
    void saysThatTheDriverIsMissing() throws IOException {
        assumeTrue(Files.notExists(Path.of("/dev/nvidiactl")), "this machine has a GPU");
        for (String name : CUDA) {
            Files.createSymbolicLink(folder.resolve(name), real.resolve("libc10.so"));
        }

        assertThatThrownBy(() -> named("cu128").check())
                .isInstanceOf(DeviceException.class)
                .hasMessageContainingAll("libcuda.so.1", "nvidia.com/gpu", "LD_LIBRARY_PATH", "image for processors");
    }

    @Test
    void namesWhatTheLibrariesNeedMore() throws IOException {
        Files.delete(folder.resolve("libc10.so"));

        assertThat(named("cpu").missing())
                .contains("libtorch_cpu.so needs libc10.so, which is not there")
                .anyMatch(line -> line.startsWith("libtorch_cpu.so needs libgomp"));
    }

    @Test
    void aDamagedLibraryIsNamed() throws IOException {
        byte[] bytes = Files.readAllBytes(real.resolve("libc10.so"));
        replace("libtorch_cpu.so", Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(() -> named("cpu").check())
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("libtorch_cpu.so is damaged");
        replace("libtorch_cpu.so", new byte[0]);
        assertThatThrownBy(() -> named("cpu").check())
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("libtorch_cpu.so is not a library of this machine");
    }

    private LibtorchFolder named(String flavor) {
        return new LibtorchFolder(folder, flavor);
    }

    private void replace(String name, byte[] bytes) throws IOException {
        Files.delete(folder.resolve(name));
        Files.write(folder.resolve(name), bytes);
    }
}
