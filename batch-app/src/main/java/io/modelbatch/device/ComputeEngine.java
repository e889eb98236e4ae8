package io.modelbatch.device;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.util.cuda.CudaUtils;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The native engine of this process. It starts once; its settings cannot change afterwards. */
public final class ComputeEngine {
    /** Its name among DJL's engines. */
    public static final String NAME = "PyTorch";

    private static final String CACHE = "DJL_CACHE_DIR";

    private static volatile boolean running;

    private final Engine engine;

    private ComputeEngine(Engine engine) {
        this.engine = engine;
    }

    /**
     * Starts the engine, or returns the running one. It never reaches the network, and unpacks its libraries into
     * {@code DJL_CACHE_DIR}, by default below the user's cache folder.
     *
     * @throws DeviceException when the engine's libraries are missing or cannot be unpacked
     */
    public static synchronized ComputeEngine start() {
        System.setProperty("ai.djl.offline", "true");
        setDefault("ai.djl.pytorch.num_threads", String.valueOf(processors()));
        setDefault("ai.djl.pytorch.num_interop_threads", "1");
        Path cache = cacheFolder(System.getenv());
        setDefault(CACHE, cache.toString());
        try {
            Files.createDirectories(Path.of(System.getProperty(CACHE)));
            setDefault(
                    "jna.tmpdir",
                    System.getProperty(CACHE)); // its default is below the home of the user, who may have none
            OpenMp.sleepSoon();
            if (!running) {
                LibtorchFolder.ofThisProcess(System.getenv()).ifPresent(LibtorchFolder::check);
            }
            ComputeEngine started = new ComputeEngine(Engine.getEngine(NAME));
            running = true;
            return started;
        } catch (IOException e) {
            throw new DeviceException(
                    "The engine cannot unpack its libraries into " + System.getProperty(CACHE)
                            + "; set the environment variable " + CACHE + " to a folder that can be written",
                    e);
        } catch (EngineException | UnsatisfiedLinkError e) {
            throw new DeviceException(
                    "The engine does not start: " + e.getMessage()
                            + ". Its libraries for this machine must be in the jar,"
                            + " or where PYTORCH_LIBRARY_PATH and PYTORCH_FLAVOR point; nothing is downloaded",
                    e);
        }
    }

    private static void setDefault(String key, String value) {
        if (System.getProperty(key) == null) {
            System.setProperty(key, value);
        }
    }

    /** The environment's choice, else a folder of ours where the system keeps caches. */
    static Path cacheFolder(Map<String, String> environment) {
        return cacheFolder(environment, Path.of(System.getProperty("user.home")));
    }

    static Path cacheFolder(Map<String, String> environment, Path home) {
        Optional<String> chosen = Optional.ofNullable(environment.get(CACHE)).filter(text -> !text.isBlank());
        if (chosen.isPresent()) {
            return Path.of(chosen.get());
        }
        return Optional.ofNullable(environment.get("XDG_CACHE_HOME"))
                .filter(text -> !text.isBlank())
                .map(Path::of)
                .orElseGet(() -> absolute(home).resolve(".cache"))
                .resolve("modelbatch/djl");
    }

    /** Java calls the home of a user id without a name "?", as in a container; that would be a folder where it was started. */
    private static Path absolute(Path home) {
        if (!home.isAbsolute()) {
            throw new DeviceException("This user has no home folder to unpack the engine's libraries into;"
                    + " set the environment variable " + CACHE + " to a folder that can be written");
        }
        return home;
    }

    /**
     * Sets how many threads a matrix product of the calling thread is divided among, and of threads that are started later. Several
     * callers with one thread each do not wait for each other; a single caller wants all {@link #processors}. Does nothing where the engine is not
     * running.
     */
    public static void useThreads(int threads) {
        if (running) {
            PyTorchInternals.useThreads(threads);
        }
    }

    /** Processors that this process may use; a container's limit counts. */
    public static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** Number of GPUs that the engine can use. */
    public int gpus() {
        return engine.getGpuCount();
    }

    /**
     * Finds what a job file asks for: {@code auto} (all GPUs, or the processor where there is none), {@code cpu}, {@code gpu} (all
     * GPUs) or {@code gpu:1}.
     *
     * @throws DeviceException when there is no such device
     */
    public List<ComputeDevice> devices(String name) {
        return ComputeDevice.choose(name, gpus());
    }

    /** The names of devices of one kind for people: how many, and what they are called. */
    public static String names(List<ComputeDevice> devices) {
        return DeviceName.HERE.of(devices);
    }

    /** True if the engine failed because a device has not enough memory. It has no type of exception for that. */
    public static boolean isOutOfMemory(Throwable failure) {
        if (!(failure instanceof EngineException)) {
            return false;
        }
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("out of memory") || message.contains("can't allocate memory");
    }

    /** True if a GPU or its driver failed: another one, or the same after a restart, may not. PyTorch has no type of exception for that. */
    public static boolean isDeviceFailure(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return failure instanceof EngineException
                && !isOutOfMemory(failure)
                && Stream.of("CUDA error", "CUDA driver error", "CUBLAS_STATUS_", "CUDNN_STATUS_")
                        .anyMatch(message::contains);
    }

    /** Bytes of a device's memory that a model may take: of the processor's, what the Java heap leaves of the machine or of the container. */
    public long memory(ComputeDevice device) {
        if (device.kind() == ComputeDevice.Kind.GPU) {
            return CudaUtils.getGpuMemory(device(device)).getMax();
        }
        OperatingSystemMXBean machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return Math.max(0, machine.getTotalMemorySize() - Runtime.getRuntime().maxMemory());
    }

    /** The engine's own name and version. */
    public String version() {
        return engine.getEngineName() + " " + engine.getVersion();
    }

    /** DJL's name of a device. */
    public Device device(ComputeDevice device) {
        return device.kind() == ComputeDevice.Kind.CPU ? Device.cpu() : Device.gpu(device.index());
    }
}
