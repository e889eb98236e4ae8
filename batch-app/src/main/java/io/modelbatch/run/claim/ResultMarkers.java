package io.modelbatch.run.claim;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import io.modelbatch.store.ObjectExistsException;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells processes of other job repositories that a run writes into a folder: a small object there, which is renewed each minute and
 * removed at the end. One that a killed process left is replaced: at once by a process of the same job repository or machine, which
 * knows; else when it is old and is not renewed while it is watched. So no clock decides alone, and nobody has to remove it.
 */
public final class ResultMarkers implements ResultGuard {
    /** The age at which a marker that was not renewed may be one of a killed process. */
    static final Duration STALE = Duration.ofMinutes(5);

    static final String NAME = "modelbatch.lock";

    /** A mount may show a half for a moment; what stays like that is damaged. */
    private static final Duration UNREADABLE = Duration.ofSeconds(3);

    private static final Duration RENEWAL = Duration.ofMinutes(1);
    private static final Logger log = LoggerFactory.getLogger(ResultMarkers.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ObjectStore store;
    private final Clock clock;
    private final Duration watched;
    private final RunOwner self = RunOwner.thisProcess();
    private final Map<ObjectUri, Held> held = new LinkedHashMap<>();
    private final ScheduledExecutorService renewals =
            Executors.newSingleThreadScheduledExecutor(new ThreadFactoryBuilder()
                    .setNameFormat("result-markers")
                    .setDaemon(true)
                    .build());
    private boolean renewing;

    /**
     * The content of a marker.
     *
     * @param run the run, as it is typed
     * @param repository the job repository that knows the run
     * @param owner the process
     */
    record Content(String run, String repository, RunOwner owner, Instant since, Instant renewed) {
        boolean isKnownToBeGone(String repositoryOfReader) {
            return repository.equals(repositoryOfReader) || owner.isDead();
        }

        boolean isOf(String ofRun, String ofRepository) {
            return run.equals(ofRun) && repository.equals(ofRepository);
        }

        boolean isStale(Instant now) {
            return Duration.between(renewed, now).abs().compareTo(STALE) > 0;
        }
    }

    private record Held(Content content, StoredObject object) {}

    /**
     * Without any marker.
     *
     * @param watched how long a marker is watched that looks old
     */
    public ResultMarkers(ObjectStore store, Clock clock, Duration watched) {
        this.store = store;
        this.clock = clock;
        this.watched = watched;
    }

    /**
     * Marks folders that no other run of the same job repository writes.
     *
     * @param patience how long to wait for processes of other job repositories
     * @throws RunHeldException when one of them writes there to the end
     */
    void acquire(String run, String repository, List<ObjectUri> folders, WaitTimeout patience) throws IOException {
        startRenewals();
        for (ObjectUri folder : folders) {
            acquire(folder, new Content(run, repository, self, clock.instant(), clock.instant()), patience);
        }
    }

    private synchronized void startRenewals() {
        if (!renewing) {
            renewals.scheduleWithFixedDelay(this::renew, RENEWAL.toSeconds(), RENEWAL.toSeconds(), TimeUnit.SECONDS);
            renewing = true;
        }
    }

    private void acquire(ObjectUri folder, Content content, WaitTimeout patience) throws IOException {
        ObjectUri marker = folder.child(NAME);
        Optional<StoredObject> first = Optional.empty();
        long watchedSince = System.nanoTime();
        boolean renewed = false;
        while (true) {
            Optional<StoredObject> there = store.find(marker);
            if (!there.equals(first)) {
                renewed = first.isPresent(); // by a process whose clock may be wrong, but which is there
                first = there;
                watchedSince = System.nanoTime();
            }
            Optional<Content> other = there.isPresent() ? read(marker) : Optional.empty();
            long unchanged = System.nanoTime() - watchedSince;
            if (there.isEmpty() || mayReplace(other, content.repository(), Duration.ofNanos(unchanged))) {
                if (write(marker, content, there)) {
                    return;
                }
            } else if (other.isPresent() && (renewed || !other.get().isStale(clock.instant())) && patience.isOver()) {
                throw held(folder, marker, other.get());
            }
            patience.pause("looking whether a process still renews " + marker);
        }
    }

    private static RunHeldException held(ObjectUri folder, ObjectUri marker, Content by) {
        return new RunHeldException(folder + " is being written by a run of another job repository, " + by.run()
                + " (process " + by.owner().processId() + " on " + by.owner().host() + ", since " + by.since()
                + "). Wait until it ends, for instance with wait=1h, or write somewhere else; if that process is gone, "
                + marker + ", renewed at " + by.renewed() + ", expires " + STALE.toMinutes()
                + " minutes after that.");
    }

    private boolean mayReplace(Optional<Content> other, String repository, Duration unchanged) {
        return other.map(content -> content.isKnownToBeGone(repository)
                        || (content.isStale(clock.instant()) && unchanged.compareTo(watched) > 0))
                .orElse(unchanged.compareTo(UNREADABLE) > 0);
    }

    /** False when another process was faster. */
    private synchronized boolean write(ObjectUri marker, Content content, Optional<StoredObject> expected)
            throws IOException {
        try {
            held.put(marker, new Held(content, store.replace(marker, JSON.writeValueAsBytes(content), expected)));
            return true;
        } catch (ObjectExistsException another) {
            return false;
        }
    }

    /** Empty also for one that cannot be read, or is being written. */
    private Optional<Content> read(ObjectUri marker) throws IOException {
        try {
            return Optional.ofNullable(JSON.readValue(store.read(marker), Content.class))
                    .filter(content -> content.owner() != null && content.renewed() != null);
        } catch (NoSuchFileException | JacksonException e) {
            return Optional.empty();
        }
    }

    private synchronized void renew() {
        for (Map.Entry<ObjectUri, Held> mine : Map.copyOf(held).entrySet()) {
            ObjectUri marker = mine.getKey();
            Content before = mine.getValue().content();
            Content now = new Content(before.run(), before.repository(), self, before.since(), clock.instant());
            try {
                if (!write(marker, now, Optional.of(mine.getValue().object())) && isMine(marker)) {
                    write(marker, now, store.find(marker)); // the answer to an earlier renewal was lost
                }
            } catch (IOException | RuntimeException e) {
                log.warn("{} could not be renewed; trying again in {}", marker, RENEWAL, e);
            }
        }
    }

    private boolean isMine(ObjectUri marker) throws IOException {
        return read(marker).filter(content -> content.owner().equals(self)).isPresent();
    }

    @Override
    public synchronized void verify(ObjectUri folder) throws IOException {
        ObjectUri marker = folder.child(NAME);
        Held mine = held.get(marker);
        if (mine == null || isMine(marker)) {
            return;
        }
        if (!write(marker, mine.content(), Optional.empty())) { // unless somebody only removed it
            throw new ResultTakenException(folder + " was taken over by another run"
                    + read(marker).map(other -> " (" + other.run() + ")").orElse("")
                    + ", so this one publishes nothing there. Wait until that run ends, or write somewhere else");
        }
    }

    /** Removes the markers that a killed process left of a run that this process holds. */
    void removeLeft(String run, String repository, List<ObjectUri> folders) {
        for (ObjectUri folder : folders) {
            ObjectUri marker = folder.child(NAME);
            try {
                if (read(marker)
                        .filter(content -> content.isOf(run, repository))
                        .isPresent()) {
                    store.delete(marker);
                }
            } catch (IOException | RuntimeException e) {
                log.warn("{}, which a killed process left, could not be removed", marker, e);
            }
        }
    }

    /** Removes all markers of this process, and ends their renewal. */
    synchronized void release() {
        renewals.shutdown();
        for (ObjectUri marker : held.keySet()) {
            try {
                if (isMine(marker)) {
                    store.delete(marker);
                }
            } catch (IOException | RuntimeException e) {
                log.warn("{} could not be removed; it expires in {}", marker, STALE, e);
            }
        }
        held.clear();
    }
}
