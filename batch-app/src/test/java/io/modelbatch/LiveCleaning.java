package io.modelbatch;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQuery.DatasetDeleteOption;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Dataset;
import com.google.cloud.bigquery.DatasetId;
import io.modelbatch.store.ObjectUri;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Removes what a run of the live test kit made, and what earlier runs left. */
final class LiveCleaning {
    private static final int ROUNDS = 5;

    private final LivePlace place;
    private final Clock clock;
    private final PrintStream out;
    private boolean done;

    LiveCleaning(LivePlace place, Clock clock, PrintStream out) {
        this.place = place;
        this.clock = clock;
        this.out = out;
    }

    /** Removes what runs left that began more than a day ago, as one that was killed. */
    void removeLeftovers() throws IOException {
        List<String> datasets = StreamSupport.stream(
                        place.bigQuery()
                                .listDatasets(place.project())
                                .iterateAll()
                                .spliterator(),
                        false)
                .map(Dataset::getDatasetId)
                .map(DatasetId::getDataset)
                .filter(name -> LiveName.isLeftOver(name, clock))
                .toList();
        List<ObjectUri> objects = Stream.concat(objects(LiveName.FOLDERS).stream(), objects("runs").stream())
                .filter(object -> LiveName.isLeftOver(object.name(), clock))
                .toList();
        if (!datasets.isEmpty() || !objects.isEmpty()) {
            out.println("Removes what earlier runs left: datasets " + datasets + ", objects " + objects + ".");
        }
        datasets.forEach(this::removeIfPossible);
        for (ObjectUri object : objects) {
            place.store().delete(object);
        }
    }

    private List<ObjectUri> objects(String folder) throws IOException {
        return List.copyOf(place.store()
                .sizes(ObjectUri.parse("gs://" + place.settings().bucket() + "/" + folder.replaceFirst("/$", "")))
                .keySet());
    }

    /** It is in nobody's way. */
    private void removeIfPossible(String dataset) {
        try {
            remove(dataset);
        } catch (BigQueryException e) {
            out.println(
                    "An earlier run left dataset " + dataset + ", which cannot be removed (" + e.getMessage() + "):");
            out.println(removal(dataset));
        }
    }

    private String removal(String dataset) {
        return "  bq rm -r -f --dataset " + place.project() + ":" + dataset;
    }

    private void remove(String dataset) {
        BigQuery bigQuery = place.bigQuery();
        bigQuery.delete(DatasetId.of(place.project(), dataset), DatasetDeleteOption.deleteContents());
    }

    /** The objects of this run. */
    List<ObjectUri> own() throws IOException {
        return Stream.concat(
                        objects(place.name().folder()).stream(),
                        objects("runs").stream()
                                .filter(object ->
                                        object.name().startsWith(place.name().runs())))
                .toList();
    }

    /** Removes all that this run made, once. What cannot be removed is printed as commands; false then. */
    synchronized boolean removeOwn() {
        if (done) {
            return true;
        }
        done = true;
        List<String> failures = new ArrayList<>();
        for (String dataset : List.of(place.dataset(), place.datasetElsewhere())) {
            try {
                remove(dataset);
            } catch (BigQueryException e) {
                failures.add(String.valueOf(e.getMessage()));
            }
        }
        try {
            // a test that did not end after a signal may still be writing
            for (int round = 0; round < ROUNDS && !own().isEmpty(); round++) {
                for (ObjectUri object : own()) {
                    place.store().delete(object);
                }
            }
        } catch (IOException e) {
            failures.add(String.valueOf(e.getMessage()));
        }
        if (failures.isEmpty()) {
            out.println("Removed: datasets " + place.dataset() + " and " + place.datasetElsewhere() + ", folder "
                    + place.folder() + ".");
        } else {
            out.println("Not everything could be removed: " + String.join("; ", failures));
            commands().forEach(out::println);
        }
        return failures.isEmpty();
    }

    /** The commands by which a person removes it all. */
    List<String> commands() {
        String bucket = "gs://" + place.settings().bucket() + "/";
        return List.of(
                removal(place.dataset()),
                removal(place.datasetElsewhere()),
                "  gcloud storage rm -r " + bucket + place.name().folder() + " \"" + bucket
                        + place.name().runs() + "*\"");
    }
}
