package io.modelbatch.step.train;

import io.modelbatch.store.DamagedObjectException;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.Transfers;
import io.modelbatch.store.WrittenFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Folders of files in a bucket: the checkpoints of a training, and the model that it made. */
record TrainingStore(ObjectStore store) {
    /** Uploads the files of a folder. */
    WrittenFolder upload(Path folder, ObjectUri target) throws IOException {
        return WrittenFolder.of(target, Transfers.with(store).upload(folder, target));
    }

    /** Refuses a folder that is not as it was uploaded. */
    void verify(ObjectUri source, WrittenFolder uploaded) throws IOException {
        try {
            uploaded.verify(source, store.list(source));
        } catch (DamagedObjectException e) {
            throw new DamagedObjectException(e.getMessage() + "; again=true starts a new run, which trains again");
        }
    }

    /** Downloads all files of a folder into an existing one. */
    void download(ObjectUri source, Path folder) throws IOException {
        Transfers.with(store).download(source, folder);
    }

    /** Removes every object below a folder that is in none of these folders. */
    void keepOnly(ObjectUri folder, List<ObjectUri> kept) throws IOException {
        for (ObjectUri object : store.sizes(folder).keySet()) {
            if (kept.stream().noneMatch(keep -> object.toString().startsWith(keep + "/"))) {
                store.delete(object);
            }
        }
    }
}
