package io.modelbatch.warehouse.google;

import com.google.cloud.bigquery.storage.v1.CreateReadSessionRequest;
import com.google.cloud.bigquery.storage.v1.DataFormat;
import com.google.cloud.bigquery.storage.v1.ReadRowsRequest;
import com.google.cloud.bigquery.storage.v1.ReadRowsResponse;
import com.google.cloud.bigquery.storage.v1.ReadSession;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;

/** Reads a table by the Storage Read API, as Google's own client does. */
final class ReadArrow {
    private final BigQueryPlace place;
    private final String table;

    ReadArrow(BigQueryPlace place, String table) {
        this.place = place;
        this.table = table;
    }

    ReadSession session(String restriction) {
        return ask(ReadSession.newBuilder()
                .setReadOptions(ReadSession.TableReadOptions.newBuilder().setRowRestriction(restriction)));
    }

    ReadSession ask(ReadSession.Builder session) {
        return place.reads()
                .createReadSession(CreateReadSessionRequest.newBuilder()
                        .setParent("projects/" + place.project())
                        .setMaxStreamCount(1)
                        .setReadSession(session.setTable("projects/" + place.project() + "/datasets/" + place.dataset()
                                        + "/tables/" + table)
                                .setDataFormat(DataFormat.ARROW))
                        .build());
    }

    Iterable<ReadRowsResponse> messages(ReadSession session, long offset) {
        return place.reads()
                .readRowsCallable()
                .call(ReadRowsRequest.newBuilder()
                        .setReadStream(session.getStreams(0).getName())
                        .setOffset(offset)
                        .build());
    }

    List<String> cells(ReadSession session, long offset) throws IOException {
        List<String> rows = new ArrayList<>();
        try (RootAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = VectorSchemaRoot.create(
                        MessageSerializer.deserializeSchema(channel(
                                session.getArrowSchema().getSerializedSchema().toByteArray())),
                        allocator)) {
            for (ReadRowsResponse answer : messages(session, offset)) {
                if (answer.getRowCount() == 0) {
                    continue;
                }
                byte[] bytes =
                        answer.getArrowRecordBatch().getSerializedRecordBatch().toByteArray();
                try (ArrowRecordBatch batch = MessageSerializer.deserializeRecordBatch(channel(bytes), allocator)) {
                    new VectorLoader(root).load(batch);
                }
                for (int row = 0; row < root.getRowCount(); row++) {
                    rows.add(row(root, row));
                }
            }
        }
        return rows;
    }

    private static ReadChannel channel(byte[] bytes) {
        return new ReadChannel(Channels.newChannel(new ByteArrayInputStream(bytes)));
    }

    private static String row(VectorSchemaRoot root, int row) {
        return root.getFieldVectors().stream()
                .map(vector -> vector.getObject(row))
                .map(cell ->
                        cell instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(cell))
                .toList()
                .toString();
    }
}
