package io.modelbatch.warehouse.google;

import com.google.cloud.bigquery.storage.v1.ArrowRecordBatch;
import com.google.cloud.bigquery.storage.v1.ArrowSchema;
import com.google.cloud.bigquery.storage.v1.ArrowSerializationOptions.CompressionCodec;
import com.google.cloud.bigquery.storage.v1.BigQueryReadGrpc.BigQueryReadImplBase;
import com.google.cloud.bigquery.storage.v1.CreateReadSessionRequest;
import com.google.cloud.bigquery.storage.v1.DataFormat;
import com.google.cloud.bigquery.storage.v1.ReadRowsRequest;
import com.google.cloud.bigquery.storage.v1.ReadRowsResponse;
import com.google.cloud.bigquery.storage.v1.ReadSession;
import com.google.cloud.bigquery.storage.v1.ReadStream;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.modelbatch.warehouse.google.BigQueryServer.Fault;
import io.modelbatch.warehouse.google.BigQueryServer.Permission;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

/** The Storage Read API: sessions of one stream each, in Arrow. */
final class ServedReads extends BigQueryReadImplBase {
    /** The service sends messages without rows: apache/beam#9987. The schema is in a call's first message, whatever else it has. */
    private static final ServedBatches.Message NO_ROWS = new ServedBatches.Message(ByteString.EMPTY, 0);

    private static final List<Status.Code> CLOSED = List.of(
            Status.Code.OK,
            Status.Code.ABORTED,
            Status.Code.CANCELLED,
            Status.Code.DEADLINE_EXCEEDED,
            Status.Code.INTERNAL,
            Status.Code.UNAVAILABLE,
            Status.Code.UNKNOWN);

    private final ServedSessions sessions;
    private final ServedTables tables;
    private final ServedPermissions permissions;
    private final ServedFaults faults;
    private final ExecutorService threads;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private volatile Optional<String> refusal = Optional.empty();

    ServedReads(
            ServedSessions sessions,
            ServedTables tables,
            ServedPermissions permissions,
            ServedFaults faults,
            ExecutorService threads) {
        this.sessions = sessions;
        this.tables = tables;
        this.permissions = permissions;
        this.faults = faults;
        this.threads = threads;
    }

    void refuse(String message) {
        refusal = Optional.of(message);
    }

    @Override
    public void createReadSession(CreateReadSessionRequest request, StreamObserver<ReadSession> answer) {
        try {
            Optional<Fault> fault =
                    faults.next(List.of(Fault.UNAVAILABLE, Fault.TOO_MANY_REQUESTS, Fault.LOST_ANSWER, Fault.SLOW));
            refuseFor(fault);
            ServedFaults.pauseFor(fault);
            ReadSession session = create(request);
            if (fault.equals(Optional.of(Fault.LOST_ANSWER))) {
                throw unavailable();
            }
            answer.onNext(session);
            answer.onCompleted();
        } catch (Exception e) {
            answer.onError(status(e));
        }
    }

    private ReadSession create(CreateReadSessionRequest request) throws IOException, SQLException {
        if (refusal.isPresent()) {
            throw RefusedException.denied(refusal.get());
        }
        ReadSession asked = request.getReadSession();
        String project = request.getParent().replaceFirst("projects/", "");
        if (permissions.denied(Permission.CREATE_READ_SESSIONS, project)) {
            throw RefusedException.denied("request failed: the user does not have '"
                    + Permission.CREATE_READ_SESSIONS.code() + "' permission for '" + request.getParent() + "'");
        }
        String[] path = asked.getTable().split("/");
        ServedName name = new ServedName(path[1], path[3], path[5]);
        permissions.requireForTable(Permission.READ_TABLES, name);
        refuseFormats(asked);
        ServedTable table = tables.find(name);
        ServedSessions.Session session = sessions.create(
                name,
                asked.getReadOptions().getSelectedFieldsList(),
                asked.getReadOptions().getRowRestriction(),
                snapshot(asked));
        return describe(asked, session, project, table.location());
    }

    private static Instant snapshot(ReadSession asked) {
        Timestamp time = asked.getTableModifiers().getSnapshotTime();
        return time.getSeconds() == 0 ? Instant.MAX : Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    private static void refuseFormats(ReadSession asked) {
        CompressionCodec codec =
                asked.getReadOptions().getArrowSerializationOptions().getBufferCompression();
        if (asked.getDataFormat() != DataFormat.ARROW) {
            throw RefusedException.invalid("This server speaks Arrow only");
        }
        if (codec != CompressionCodec.COMPRESSION_UNSPECIFIED) {
            throw RefusedException.invalid("This server does not compress, and nobody should want " + codec
                    + ": LZ4 is decoded at a tenth of the speed, ZSTD at two thirds");
        }
    }

    private static ReadSession describe(
            ReadSession asked, ServedSessions.Session session, String project, String location) throws IOException {
        String name =
                "projects/" + project + "/locations/" + location.toLowerCase(Locale.ROOT) + "/sessions/" + session.id();
        ReadSession.Builder described = asked.toBuilder()
                .setName(name)
                .setExpireTime(
                        Timestamp.newBuilder().setSeconds(session.expires().getEpochSecond()))
                .setArrowSchema(ArrowSchema.newBuilder()
                        .setSerializedSchema(session.batches().schema()))
                .setEstimatedRowCount(session.batches().rows());
        if (session.batches().rows() > 0) {
            described.addStreams(ReadStream.newBuilder().setName(name + "/streams/" + session.stream()));
        }
        return described.build();
    }

    @Override
    public void readRows(ReadRowsRequest request, StreamObserver<ReadRowsResponse> answer) {
        ServerCallStreamObserver<ReadRowsResponse> call = (ServerCallStreamObserver<ReadRowsResponse>) answer;
        Flow flow = new Flow(call);
        threads.execute(() -> {
            try {
                send(request, flow);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                if (!call.isCancelled()) {
                    call.onError(status(e));
                }
            }
        });
    }

    private void send(ReadRowsRequest request, Flow flow) throws IOException, InterruptedException {
        Optional<Fault> fault = faults.next(List.of(
                Fault.UNAVAILABLE,
                Fault.TOO_MANY_REQUESTS,
                Fault.BROKEN_STREAM,
                Fault.IDLE_STREAM,
                Fault.NO_SCHEMA,
                Fault.SESSION_EXPIRED,
                Fault.SLOW));
        refuseFor(fault);
        String id = request.getReadStream().replaceFirst(".*/sessions/([^/]+)/streams/.*", "$1");
        if (fault.equals(Optional.of(Fault.SESSION_EXPIRED))) {
            sessions.expire(id);
        }
        ServedSessions.Session session = sessions.find(id);
        ServedSessions.Position position = session.position(request.getOffset());
        int batches = session.batches().size() - position.batches();
        ServedFaults.pauseFor(fault);
        boolean breaks = fault.equals(Optional.of(Fault.BROKEN_STREAM)) || fault.equals(Optional.of(Fault.IDLE_STREAM));
        Optional<ByteString> schema = fault.equals(Optional.of(Fault.NO_SCHEMA))
                ? Optional.empty()
                : Optional.of(session.batches().schema());
        if (calls.incrementAndGet() % 2 == 0 && flow.awaitReady()) {
            flow.send(NO_ROWS, schema);
            schema = Optional.empty();
        }
        for (int i = 0; i < (breaks ? batches / 2 : batches); i++) {
            if (!flow.awaitReady()) {
                return;
            }
            sessions.find(id);
            ServedBatches.Message message = session.read(position.batches() + i, i == 0 ? position.rows() : 0);
            flow.send(message, schema);
            sessions.sent(id, message.rows());
            schema = Optional.empty();
        }
        if (fault.equals(Optional.of(Fault.BROKEN_STREAM))) {
            throw unavailable();
        }
        if (fault.equals(Optional.of(Fault.IDLE_STREAM))) {
            closeIdle(flow);
            return;
        }
        flow.complete();
    }

    /**
     * The page "Introduction to the Storage Read API" (reference/storage) says that streams are closed that are idle for an hour, and not
     * with which status. So each time it is another one, and OK is among them.
     */
    private void closeIdle(Flow flow) {
        Status.Code code = CLOSED.get(closed.getAndIncrement() % CLOSED.size());
        if (code == Status.Code.OK) {
            flow.complete();
        } else {
            throw code.toStatus().withDescription("Stream was idle too long").asRuntimeException();
        }
    }

    private static void refuseFor(Optional<Fault> fault) {
        if (fault.equals(Optional.of(Fault.UNAVAILABLE))) {
            throw unavailable();
        }
        if (fault.equals(Optional.of(Fault.TOO_MANY_REQUESTS))) {
            throw exhausted();
        }
    }

    private static StatusRuntimeException unavailable() {
        return Status.UNAVAILABLE
                .withDescription("Connection closed, or the service is away")
                .asRuntimeException();
    }

    /** The one kind of exhaustion that may be retried says after how long. */
    private static StatusRuntimeException exhausted() {
        RetryInfo soon = RetryInfo.newBuilder()
                .setRetryDelay(Duration.newBuilder().setNanos(50_000_000))
                .build();
        Metadata trailers = new Metadata();
        trailers.put(ProtoUtils.keyForProto(RetryInfo.getDefaultInstance()), soon);
        return Status.RESOURCE_EXHAUSTED
                .withDescription("Quota exceeded for read requests")
                .asRuntimeException(trailers);
    }

    private static Throwable status(Exception e) {
        if (e instanceof StatusRuntimeException) {
            return e;
        }
        if (e instanceof RefusedException refused) {
            Status status = switch (refused.status()) {
                case 403 -> Status.PERMISSION_DENIED;
                case 404 -> Status.NOT_FOUND;
                default -> Status.INVALID_ARGUMENT;
            };
            return status.withDescription(refused.getMessage()).asRuntimeException();
        }
        e.printStackTrace();
        return Status.UNIMPLEMENTED
                .withDescription("This server cannot do that: " + e)
                .asRuntimeException();
    }

    /** Sends no faster than the client reads. */
    private static final class Flow {
        private final ServerCallStreamObserver<ReadRowsResponse> call;

        Flow(ServerCallStreamObserver<ReadRowsResponse> call) {
            this.call = call;
            call.setOnReadyHandler(this::changed);
            call.setOnCancelHandler(this::changed);
        }

        private synchronized void changed() {
            notifyAll();
        }

        /** False when nobody reads any more. */
        synchronized boolean awaitReady() throws InterruptedException {
            while (!call.isReady() && !call.isCancelled()) {
                wait();
            }
            return !call.isCancelled();
        }

        /** The first message of a call also tells the schema. */
        void send(ServedBatches.Message message, Optional<ByteString> schema) {
            ReadRowsResponse.Builder response = ReadRowsResponse.newBuilder().setRowCount(message.rows());
            if (message.rows() > 0) {
                response.setArrowRecordBatch(ArrowRecordBatch.newBuilder().setSerializedRecordBatch(message.bytes()));
            }
            schema.ifPresent(
                    told -> response.setArrowSchema(ArrowSchema.newBuilder().setSerializedSchema(told)));
            call.onNext(response.build());
        }

        void complete() {
            call.onCompleted();
        }
    }
}
