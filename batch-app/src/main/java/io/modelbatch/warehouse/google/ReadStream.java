package io.modelbatch.warehouse.google;

import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.ServerStream;
import com.google.api.gax.rpc.StatusCode.Code;
import com.google.cloud.bigquery.storage.v1.BigQueryReadClient;
import com.google.cloud.bigquery.storage.v1.ReadRowsRequest;
import com.google.cloud.bigquery.storage.v1.ReadRowsResponse;
import io.modelbatch.warehouse.SessionExpiredException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The responses of one stream of a read session from an offset on. Google's client continues by itself where a server became
 * unavailable; after what else may pass, this one does.
 */
final class ReadStream implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ReadStream.class);

    private static final int FAILURES = 8;
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LAST_PAUSE_MILLIS = 20_000;

    private final BigQueryReadClient client;
    private final String name;
    private final long end;
    private long offset;
    private int failures;
    private @Nullable ServerStream<ReadRowsResponse> stream;
    private @Nullable Iterator<ReadRowsResponse> responses;

    /**
     * Reads a stream.
     *
     * @param offset of the first row that is wanted
     * @param end rows of the stream: a server may close one that nobody read for an hour as if it were at its end
     */
    ReadStream(BigQueryReadClient client, String name, long offset, long end) {
        this.client = client;
        this.name = name;
        this.offset = offset;
        this.end = end;
    }

    /**
     * The next response; empty at the end.
     *
     * @throws SessionExpiredException when the session has expired
     */
    Optional<ReadRowsResponse> next() {
        while (true) {
            try {
                Iterator<ReadRowsResponse> rest = opened();
                if (rest.hasNext()) {
                    return Optional.of(received(rest.next()));
                }
                if (offset >= end || failures == FAILURES) {
                    return Optional.empty();
                }
                close();
                again("It was closed before its end, row " + end);
            } catch (ApiException e) {
                close();
                recover(e);
            }
        }
    }

    /** A response without rows does not count as progress. */
    private ReadRowsResponse received(ReadRowsResponse response) {
        offset += response.getRowCount();
        failures = response.getRowCount() > 0 ? 0 : failures;
        return response;
    }

    private Iterator<ReadRowsResponse> opened() {
        if (responses == null) {
            ReadRowsRequest request = ReadRowsRequest.newBuilder()
                    .setReadStream(name)
                    .setOffset(offset)
                    .build();
            stream = client.readRowsCallable().call(request);
            responses = stream.iterator();
        }
        return responses;
    }

    private void recover(ApiException failure) {
        Code code = failure.getStatusCode().getCode();
        if (code == Code.NOT_FOUND || code == Code.FAILED_PRECONDITION) {
            throw new SessionExpiredException(name, failure);
        }
        RuntimeException explained = BigQueryFailures.explain("The pinned rows cannot be read", failure);
        if (failures == FAILURES || !(explained instanceof UncheckedIOException)) {
            throw explained;
        }
        again(failure.getMessage());
    }

    private void again(@Nullable String why) {
        failures++;
        log.debug("Reading continues at row {} of {}: {}", offset, name, why);
        long pause = Math.min(FIRST_PAUSE_MILLIS << failures, LAST_PAUSE_MILLIS);
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(pause));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("stopped");
        }
    }

    @Override
    public void close() {
        if (stream != null) {
            stream.cancel();
        }
        stream = null;
        responses = null;
    }
}
