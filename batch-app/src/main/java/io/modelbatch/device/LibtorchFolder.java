package io.modelbatch.device;

import com.google.common.base.Splitter;
import com.sun.jna.NativeLibrary;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A folder with the libraries of libtorch, in place of those in the jar. The engine's own library is made for one version of
 * them, and with another one the process crashes: so they are looked at before they are loaded.
 *
 * @param folder the libraries
 * @param flavor {@code cpu}, or the version of CUDA as in {@code cu128}
 */
record LibtorchFolder(Path folder, String flavor) {
    private static final String DRIVER = "libcuda.so.1";

    /** Those that every base of an image and the driver of a GPU bring. */
    private static final Set<String> OF_THE_SYSTEM = Set.of(
            "libc.so.6",
            "libm.so.6",
            "libdl.so.2",
            "librt.so.1",
            "libpthread.so.0",
            "libutil.so.1",
            "libstdc++.so.6",
            "libgcc_s.so.1",
            "libz.so.1",
            "ld-linux-x86-64.so.2",
            "ld-linux-aarch64.so.1",
            DRIVER,
            "libnvidia-ml.so.1");

    private static final List<String> ALWAYS = List.of("torch", "torch_cpu", "c10");
    private static final List<String> ON_A_GPU = List.of("torch_cuda", "c10_cuda", "caffe2_nvrtc");
    private static final List<String> FLAVORS = List.of("cpu", "cu128");
    private static final String CUDA = "cu";

    private static final String FOLDERS = "PYTORCH_LIBRARY_PATH";
    private static final String FLAVOR = "PYTORCH_FLAVOR";

    /** {@code LibtorchFolder FOLDER FLAVOR}: looks at the libraries that go into an image. */
    public static void main(String[] arguments) throws IOException {
        LibtorchFolder libtorch = new LibtorchFolder(Path.of(arguments[0]), arguments[1]);
        List<String> problems = new ArrayList<>(libtorch.problems());
        problems.addAll(libtorch.missing());
        if (!problems.isEmpty()) {
            System.err.println(message("libtorch", libtorch.folder, problems));
            System.exit(1);
        }
    }

    /**
     * The folder that the environment names; empty where the libraries come from the jar.
     *
     * @throws DeviceException when the environment asks for CUDA alone, which is not in the jar
     */
    static Optional<LibtorchFolder> ofThisProcess(Map<String, String> environment) {
        String flavor = environment.getOrDefault(FLAVOR, "");
        List<Path> folders = Splitter.on(File.pathSeparatorChar)
                .omitEmptyStrings()
                .splitToStream(environment.getOrDefault(FOLDERS, ""))
                .map(Path::of)
                .toList();
        if (folders.isEmpty()) {
            if (flavor.startsWith(CUDA)) {
                throw new DeviceException(
                        "%s is '%s', and %s does not say where these libraries are. The jar has those of processors;"
                                        .formatted(FLAVOR, flavor, FOLDERS)
                                + " leave both out, or see docs/images.md for a GPU");
            }
            return Optional.empty();
        }
        // as the engine looks for them
        Path folder = folders.stream()
                .filter(candidate -> Files.exists(candidate.resolve(System.mapLibraryName("torch"))))
                .findFirst()
                .orElse(folders.get(0));
        return Optional.of(new LibtorchFolder(folder, flavor));
    }

    /**
     * Looks at the files, without loading them, and for the driver of a GPU where they need one.
     *
     * @throws DeviceException with everything that is wrong
     */
    void check() {
        try {
            List<String> problems = problems();
            if (!problems.isEmpty()) {
                throw new DeviceException(message(FOLDERS, folder, problems));
            }
        } catch (IOException e) {
            throw new DeviceException(FOLDERS + " names " + folder + ", which cannot be read: " + e, e);
        }
        if (flavor.startsWith(CUDA)) {
            requireDriver();
        }
    }

    private static void requireDriver() {
        try {
            NativeLibrary.getInstance(DRIVER).close();
        } catch (UnsatisfiedLinkError e) {
            throw new DeviceException(
                    ("This process finds no driver of a GPU: %s. Its libtorch is for GPUs and needs one. In a pod, request nvidia.com/gpu,"
                                    + " and set LD_LIBRARY_PATH to the folder of the driver, on GKE /usr/local/nvidia/lib64."
                                    + " Without a GPU, use the image for processors")
                            .formatted(DRIVER),
                    e);
        }
    }

    private static String message(String setting, Path folder, List<String> problems) {
        return "%s names %s: %s. It must be the folder lib of libtorch %s; docs/images.md says where that comes from"
                .formatted(setting, folder, String.join("; ", problems), version());
    }

    private List<String> problems() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of("this is not a folder");
        }
        List<String> problems = new ArrayList<>();
        if (!FLAVORS.contains(flavor)) {
            problems.add("%s is '%s', and must be %s".formatted(FLAVOR, flavor, String.join(" or ", FLAVORS)));
        }
        List<String> absent = Stream.concat(ALWAYS.stream(), flavor.startsWith(CUDA) ? ON_A_GPU.stream() : Stream.of())
                .map(System::mapLibraryName)
                .filter(name -> Files.notExists(folder.resolve(name)))
                .toList();
        if (!absent.isEmpty()) {
            problems.add(String.join(", ", absent) + (absent.size() == 1 ? " is" : " are") + " not there");
        }
        Path cpu = folder.resolve(System.mapLibraryName("torch_cpu"));
        if (Files.exists(cpu) && cpu.toString().endsWith(".so")) {
            Optional<ElfFile> library = ElfFile.read(cpu);
            if (library.isEmpty()) {
                problems.add(cpu.getFileName() + " is not a library of this machine");
            } else if (!library.get().hasText(version())) {
                problems.add(cpu.getFileName() + " is of another version than " + version());
            }
        }
        return problems;
    }

    /** Libraries that others there need, and that neither the folder nor the system has. */
    List<String> missing() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> libraries;
        try (Stream<Path> files = Files.list(folder)) {
            libraries = files.filter(Files::isRegularFile).sorted().toList();
        }
        Set<String> missing = new TreeSet<>();
        for (Path library : libraries) {
            Optional<ElfFile> elf = ElfFile.read(library);
            for (String needed : elf.isPresent() ? elf.get().needed() : List.<String>of()) {
                if (!OF_THE_SYSTEM.contains(needed) && Files.notExists(folder.resolve(needed))) {
                    missing.add("%s needs %s, which is not there".formatted(library.getFileName(), needed));
                }
            }
        }
        return List.copyOf(missing);
    }

    /** The version of libtorch that the engine's own library is made for. */
    private static String version() {
        Properties properties = new Properties();
        try (InputStream in = LibtorchFolder.class.getResourceAsStream("/jnilib/pytorch.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new DeviceException("The engine's own library cannot be read", e);
        }
        return properties.getProperty("jni_version").split("-")[0];
    }
}
