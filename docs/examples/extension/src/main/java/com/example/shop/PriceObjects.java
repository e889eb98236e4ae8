package com.example.shop;

import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ItemWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes each chunk as an object of JSON lines, named by its first line: a chunk that is repeated after a crash replaces its own object.
 *
 * @param store the buckets
 * @param folder of the objects
 */
record PriceObjects(ObjectStore store, ObjectUri folder) implements ItemWriter<Price> {
    private static final JsonMapper JSON = new JsonMapper();

    @Override
    public void write(Chunk<? extends Price> prices) throws IOException {
        ObjectUri object = folder.child("prices-%09d.jsonl".formatted(prices.getItems().get(0).line()));
        String lines = prices.getItems().stream()
                .map(price -> JSON.writeValueAsString(price) + "\n")
                .collect(Collectors.joining());
        store.replace(object, lines.getBytes(StandardCharsets.UTF_8), store.find(object));
    }
}
