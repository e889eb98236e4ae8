package io.modelbatch.step;

import io.modelbatch.base.Volumes;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.extension.Check;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepTypes;
import io.modelbatch.inference.ProcessorPrecision;
import io.modelbatch.model.script.Precision;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** The checks that several types of steps need. */
public final class CommonChecks {
    private CommonChecks() {}

    /** That the engine starts on this machine and finds a device. */
    public static Check device(String name) {
        return new Check("device " + name, () -> words(ComputeEngine.start().devices(name)));
    }

    /** That the engine starts on this machine and finds a device for a training, which uses one. */
    public static Check trainingDevice(String name) {
        return new Check(
                "device " + name,
                () -> words(ComputeEngine.start().devices(name).subList(0, 1)));
    }

    private static String words(List<ComputeDevice> devices) {
        return devices.get(0).kind() == ComputeDevice.Kind.CPU
                ? "cpu, " + ComputeEngine.processors() + " processors"
                : devices.toString();
    }

    /** That a device has int8 instructions. */
    public static Check int8(String device) {
        return new Check("dtype int8" + on(device), () -> {
            ComputeEngine.start().devices(device).forEach(ComputeDevice::requireInt8);
            return "supported by the processor";
        });
    }

    /** That a device computes in these numbers, and whether that is slower than float32. */
    public static Check dtype(Precision precision, String device) {
        return new Check(
                "dtype " + precision + on(device),
                () -> ProcessorPrecision.slower(precision, ComputeEngine.start().devices(device))
                        .orElse("supported"));
    }

    private static String on(String device) {
        return device.equals("auto") ? "" : " on " + device;
    }

    /** That the volumes that a run writes to have some room. */
    public static Check room(Volumes volumes) {
        return new Check("disk space", () -> {
            List<Volumes.Volume> all = volumes.all();
            List<Volumes.Volume> full =
                    all.stream().filter(Volumes.Volume::isShort).toList();
            if (!full.isEmpty()) {
                throw new IOException("almost no space is left below " + listed(full)
                        + ". Free some space there; a run needs 64 MB and what it writes");
            }
            return listed(all);
        });
    }

    private static String listed(List<Volumes.Volume> volumes) {
        return volumes.stream().map(Volumes.Volume::toString).collect(Collectors.joining(", "));
    }

    /**
     * That objects can be written below a folder, read and removed: by doing it, unless the bucket is known to keep them. A run replaces
     * and removes what it writes.
     */
    public static Check writable(ObjectStore store, ObjectUri folder) {
        return new Check("writing to " + folder, () -> {
            Optional<String> kept = store.keeping(folder);
            if (kept.isPresent()) {
                throw new StepFailedException(kept.get());
            }
            return tried(store, folder);
        });
    }

    /** That new objects can be written below a folder: the same, but they may be kept. */
    public static Check addable(ObjectStore store, ObjectUri folder) {
        return new Check(
                "adding to " + folder,
                () -> store.keeping(folder).isPresent()
                        ? "was not tried, because the bucket would keep the object"
                        : tried(store, folder));
    }

    /** That there is an object or a folder for a step to read; empty where an earlier step makes it. */
    public static Optional<Check> existing(ObjectStore store, StepTypes types, JobStep<?> step, ObjectUri from) {
        boolean isMade = step.steps().stream()
                .takeWhile(earlier -> !earlier.equals(step.step()))
                .flatMap(earlier -> types.written(earlier).stream())
                .anyMatch(target -> overlap(ObjectUri.parse(target), from));
        return isMade ? Optional.empty() : Optional.of(existing(store, from));
    }

    private static Check existing(ObjectStore store, ObjectUri from) {
        return new Check("files of " + from, () -> {
            Optional<StoredObject> single = store.find(from);
            List<StoredObject> objects = single.isPresent() ? List.of(single.get()) : store.list(from);
            if (objects.isEmpty()) {
                throw new NoSuchFileException(from.toString(), null, "there is no such object, and none below it");
            }
            return objects.size() + (objects.size() == 1 ? " object" : " objects");
        });
    }

    private static boolean overlap(ObjectUri one, ObjectUri other) {
        String first = one + "/";
        String second = other + "/";
        return first.startsWith(second) || second.startsWith(first);
    }

    private static String tried(ObjectStore store, ObjectUri folder) throws IOException {
        ObjectUri probe = folder.child("modelbatch-check-" + UUID.randomUUID());
        Path file = Files.createTempFile("modelbatch-check", "");
        try {
            Files.writeString(file, "check");
            StoredObject written = store.put(probe, file);
            Optional<StoredObject> seen = found(store, probe);
            remove(store, probe);
            return seen.equals(Optional.of(written))
                    ? "can be written, read and removed"
                    : "can be written and removed; a new object becomes visible with a delay";
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static Optional<StoredObject> found(ObjectStore store, ObjectUri probe) throws IOException {
        try {
            return store.find(probe);
        } catch (IOException e) {
            remove(store, probe);
            throw e;
        }
    }

    private static void remove(ObjectStore store, ObjectUri probe) throws IOException {
        try {
            store.delete(probe);
        } catch (IOException e) {
            String why = FailureCause.of(List.of(e)).map(FailureCause::message).orElse("it cannot be removed");
            throw new IOException(why + ". This check left the object " + store.location(probe), e);
        }
    }
}
