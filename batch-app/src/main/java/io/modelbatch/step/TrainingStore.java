package io.modelbatch.step;

import io.modelbatch.artifact.ObjectStore;
import io.modelbatch.artifact.ObjectUri;
import io.modelbatch.artifact.StoredObject;
import io.modelbatch.artifact.Transfers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Folders of files in a bucket: the checkpoints of a training, and the model that it made. */
record TrainingStore(ObjectStore store) {
    /** Uploads the files of a folder. */
    void upload(Path folder, ObjectUri target) throws IOException {
        Transfers.with(store).upload(folder, target);
    }

    /** Downloads all files of a folder into an existing one. */
    void download(ObjectUri source, Path folder) throws IOException {
        Transfers.with(store).download(source, folder);
    }

    /** Removes every object below a folder that is in none of these folders. */
    void keepOnly(ObjectUri folder, List<ObjectUri> kept) throws IOException {
        for (StoredObject object : store.list(folder)) {
            if (kept.stream().noneMatch(keep -> object.uri().toString().startsWith(keep + "/"))) {
                store.delete(object.uri());
            }
        }
    }
}
