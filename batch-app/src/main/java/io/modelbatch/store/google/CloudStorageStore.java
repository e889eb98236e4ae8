package io.modelbatch.store.google;

import com.google.cloud.ReadChannel;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Bucket;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.Storage.BlobSourceOption;
import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.Storage.BlobWriteOption;
import com.google.cloud.storage.Storage.BucketField;
import com.google.cloud.storage.Storage.BucketGetOption;
import com.google.cloud.storage.StorageException;
import com.google.cloud.storage.StorageOptions;
import io.modelbatch.google.GoogleProject;
import io.modelbatch.store.Crc32c;
import io.modelbatch.store.ObjectExistsException;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cloud Storage by its JSON API. Google's client sends an upload again where it broke off, and asks after one whose answer was lost.
 * What the service says that it stored is compared with what was sent; an answer of success alone is not believed.
 */
public final class CloudStorageStore implements ObjectStore {
    private static final Logger log = LoggerFactory.getLogger(CloudStorageStore.class);

    /** Metadata of an object that tells our upload from another one's. */
    private static final String UPLOAD = "modelbatch-upload";

    private static final int UPLOADS = 3;
    private static final int READ_BYTES = 4 << 20;

    private final Storage storage;

    private CloudStorageStore(Storage storage) {
        this.storage = storage;
    }

    /**
     * Opens the buckets that a project may use.
     *
     * @param endpoint the service's address; empty for Google's
     */
    public static CloudStorageStore open(GoogleProject project, Optional<URI> endpoint) {
        StorageOptions.Builder options = StorageOptions.newBuilder()
                .setTransportOptions(new LargeWrites())
                .setProjectId(project.id())
                .setCredentials(project.requestCredentials());
        endpoint.ifPresent(address -> options.setHost(address.toString()));
        return new CloudStorageStore(options.build().getService());
    }

    @Override
    public StoredObject put(ObjectUri uri, Path file) throws IOException {
        return upload(uri, file, Optional.empty(), "already exists with different content");
    }

    @Override
    public StoredObject replace(ObjectUri uri, Path file, Optional<StoredObject> expected) throws IOException {
        return upload(uri, file, expected, "was changed by another process in the meantime");
    }

    private StoredObject upload(ObjectUri uri, Path file, Optional<StoredObject> expected, String otherwise)
            throws IOException {
        try {
            return uploadUntilStored(uri, file, expected, otherwise);
        } catch (StorageException e) {
            throw StorageFailures.explain(uri, e);
        }
    }

    /** Sends a file again when the service stored something else. */
    private StoredObject uploadUntilStored(ObjectUri uri, Path file, Optional<StoredObject> expected, String otherwise)
            throws IOException {
        StoredObject sent = new StoredObject(uri, Files.size(file), Crc32c.of(file), 0);
        BlobInfo info = BlobInfo.newBuilder(uri.bucket(), uri.name())
                .setMetadata(Map.of(UPLOAD, UUID.randomUUID().toString()))
                .setCrc32c(Base64.getEncoder().encodeToString(HexFormat.of().parseHex(sent.crc32c())))
                .build();
        Optional<StoredObject> there = expected;
        for (int upload = 1; upload <= UPLOADS; upload++) {
            Blob blob = uploaded(info, file, there);
            StoredObject stored = describe(uri, blob);
            if (stored.bytes() == sent.bytes() && stored.crc32c().equals(sent.crc32c())) {
                return stored;
            }
            if (!info.getMetadata().equals(blob.getMetadata())) {
                throw new ObjectExistsException(uri, otherwise);
            }
            log.warn("{} was not stored as it was sent; sending it again", uri);
            // A name that was free becomes free again at once: whoever comes after a crash here would find it taken.
            there = expected.isPresent() ? Optional.of(stored) : removed(stored);
        }
        there.ifPresent(this::removed);
        throw new IOException("Cloud Storage stored " + uri + " " + UPLOADS + " times with different content than the "
                + sent.bytes() + " bytes that were sent");
    }

    /** The object after an upload that succeeded, or that failed because an object was there. */
    private Blob uploaded(BlobInfo info, Path file, Optional<StoredObject> expected) throws IOException {
        try {
            // Told the checksum, the service refuses other bytes, and the client does not read the file for one of its
            // own.
            return storage.createFrom(
                    info,
                    file,
                    BlobWriteOption.crc32cMatch(),
                    expected.map(seen -> BlobWriteOption.generationMatch(seen.generation()))
                            .orElseGet(BlobWriteOption::doesNotExist));
        } catch (StorageException e) {
            Blob there = storage.get(info.getBlobId());
            boolean isAnswer = e.getCode() == StorageFailures.PRECONDITION_FAILED
                    || (there != null && info.getMetadata().equals(there.getMetadata()));
            if (there == null || !isAnswer) {
                throw e;
            }
            return there;
        }
    }

    private Optional<StoredObject> removed(StoredObject damaged) {
        storage.delete(
                BlobId.of(damaged.uri().bucket(), damaged.uri().name(), damaged.generation()),
                BlobSourceOption.generationMatch());
        return Optional.empty();
    }

    @Override
    public StoredObject replace(ObjectUri uri, byte[] content, Optional<StoredObject> expected) throws IOException {
        BlobTargetOption precondition = expected.map(seen -> BlobTargetOption.generationMatch(seen.generation()))
                .orElseGet(BlobTargetOption::doesNotExist);
        try {
            return describe(uri, storage.create(info(uri), content, precondition));
        } catch (StorageException e) {
            if (e.getCode() != StorageFailures.PRECONDITION_FAILED) {
                throw StorageFailures.explain(uri, e);
            }
            // An answer may have been lost: an object with our content is as good as one that we wrote.
            return find(uri)
                    .filter(there -> there.crc32c().equals(Crc32c.of(content)))
                    .orElseThrow(() -> StorageFailures.explain(uri, e));
        }
    }

    @Override
    public Optional<StoredObject> find(ObjectUri uri) throws IOException {
        try {
            return Optional.ofNullable(storage.get(BlobId.of(uri.bucket(), uri.name())))
                    .map(blob -> describe(uri, blob));
        } catch (StorageException e) {
            throw StorageFailures.explain(uri, e);
        }
    }

    @Override
    public List<StoredObject> list(ObjectUri folder) throws IOException {
        String prefix = folder.name().isEmpty() ? "" : folder.name() + "/";
        List<StoredObject> objects = new ArrayList<>();
        try {
            for (Blob blob :
                    storage.list(folder.bucket(), BlobListOption.prefix(prefix)).iterateAll()) {
                if (!blob.getName().endsWith("/")) { // a folder that somebody made in the console
                    objects.add(describe(new ObjectUri(blob.getBucket(), blob.getName()), blob));
                }
            }
        } catch (StorageException e) {
            throw StorageFailures.explain(folder, e);
        }
        return objects;
    }

    @Override
    public Map<ObjectUri, Long> sizes(ObjectUri folder) throws IOException {
        Map<ObjectUri, Long> sizes = new LinkedHashMap<>();
        list(folder).forEach(object -> sizes.put(object.uri(), object.bytes()));
        return sizes;
    }

    @Override
    public byte[] beginning(ObjectUri uri, int most) throws IOException {
        try (ReadChannel from = storage.reader(BlobId.of(uri.bucket(), uri.name()))) {
            from.setChunkSize(most);
            from.limit(most);
            ByteBuffer buffer = ByteBuffer.allocate(most);
            while (buffer.hasRemaining() && from.read(buffer) >= 0) {
                // reads on
            }
            return Arrays.copyOf(buffer.array(), buffer.position());
        } catch (StorageException e) {
            throw StorageFailures.explain(uri, e);
        } catch (IOException e) {
            throw e.getCause() instanceof StorageException refused ? StorageFailures.explain(uri, refused) : e;
        }
    }

    @Override
    public byte[] read(ObjectUri uri) throws IOException {
        try {
            return storage.readAllBytes(BlobId.of(uri.bucket(), uri.name()));
        } catch (StorageException e) {
            throw StorageFailures.explain(uri, e);
        }
    }

    @Override
    public void download(ObjectUri uri, Path file) throws IOException {
        StoredObject object = find(uri).orElseThrow(() -> missing(uri));
        BlobId generation = BlobId.of(uri.bucket(), uri.name(), object.generation());
        try (ReadChannel from = storage.reader(generation);
                FileChannel to = FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            from.setChunkSize(READ_BYTES);
            ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
        } catch (StorageException e) {
            throw StorageFailures.explain(uri, e);
        } catch (IOException e) {
            throw e.getCause() instanceof StorageException refused ? StorageFailures.explain(uri, refused) : e;
        }
        if (!Crc32c.of(file).equals(object.crc32c())) {
            throw new IOException(file + " differs from " + uri + ": it was damaged in transit or on the disk");
        }
    }

    /** A dual-region is near two regions, of which its name tells none. */
    @Override
    public Optional<String> region(ObjectUri uri) throws IOException {
        try {
            return Optional.ofNullable(storage.get(
                            uri.bucket(), BucketGetOption.fields(BucketField.LOCATION, BucketField.LOCATION_TYPE)))
                    .filter(bucket -> !"dual-region".equals(bucket.getLocationType()))
                    .map(Bucket::getLocation);
        } catch (StorageException e) {
            throw StorageFailures.explain(uri, e);
        }
    }

    @Override
    public Optional<String> keeping(ObjectUri uri) throws IOException {
        try {
            return Optional.ofNullable(storage.get(
                            uri.bucket(),
                            BucketGetOption.fields(BucketField.RETENTION_POLICY, BucketField.DEFAULT_EVENT_BASED_HOLD)))
                    .flatMap(KeptObjects::by);
        } catch (StorageException e) {
            if (e.getCode() == StorageFailures.FORBIDDEN) {
                return Optional.empty(); // without storage.buckets.get it shows when an object is removed
            }
            throw StorageFailures.explain(uri, e);
        }
    }

    @Override
    public String location(ObjectUri uri) {
        return uri.toString();
    }

    @Override
    public void delete(ObjectUri uri) throws IOException {
        try {
            storage.delete(BlobId.of(uri.bucket(), uri.name()));
        } catch (StorageException e) {
            throw StorageFailures.explain(uri, e);
        }
    }

    static NoSuchFileException missing(ObjectUri uri) {
        return new NoSuchFileException(uri.toString(), null, "there is no such object");
    }

    private static BlobInfo info(ObjectUri uri) {
        return BlobInfo.newBuilder(uri.bucket(), uri.name()).build();
    }

    private static StoredObject describe(ObjectUri uri, Blob blob) {
        String crc32c = HexFormat.of().formatHex(Base64.getDecoder().decode(blob.getCrc32c()));
        return new StoredObject(uri, blob.getSize(), crc32c, blob.getGeneration());
    }
}
