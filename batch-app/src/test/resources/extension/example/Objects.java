package example;

import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ItemWriter;

/** Writes each chunk as an object that is named by its first row: a chunk that is repeated after a crash replaces its own object. */
record Objects(ObjectStore store, ObjectUri folder, Rows rows) implements ItemWriter<String> {
    @Override
    public void write(Chunk<? extends String> lines) throws IOException {
        ObjectUri object = folder.child("words-%09d.tsv".formatted(rows.first()));
        byte[] content = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        store.replace(object, content, store.find(object));
    }
}
