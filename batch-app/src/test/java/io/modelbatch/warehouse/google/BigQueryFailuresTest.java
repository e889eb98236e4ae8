package io.modelbatch.warehouse.google;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.gax.grpc.GrpcStatusCode;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.StatusCode;
import io.grpc.Status;
import io.modelbatch.google.TokenException;
import io.modelbatch.warehouse.WarehouseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Refusals of the Storage Read API. */
class BigQueryFailuresTest {
    @Test
    void credentialsThatGetNoTokenLeadToCheck() {
        assertThat(explain(Status.UNAUTHENTICATED.withCause(TokenException.of(new IOException("The key is deleted")))))
                .isInstanceOf(WarehouseException.class)
                .hasMessage(
                        "It fails: the credentials are not accepted (The key is deleted); run 'check' to see how to fix them");
        assertThat(explain(Status.UNAVAILABLE.withCause(TokenException.of(new ConnectException("refused")))))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("no access token is available at the moment (refused)");
    }

    /** A fault of the caller, by the pages of gRPC and of Google's client, does not pass. */
    @ParameterizedTest
    @EnumSource(
            value = Status.Code.class,
            names = {"INVALID_ARGUMENT", "PERMISSION_DENIED", "UNAUTHENTICATED", "UNIMPLEMENTED", "OUT_OF_RANGE"})
    void aFaultOfTheCallerIsForAPerson(Status.Code code) {
        assertThat(explain(code.toStatus().withDescription("no"))).isInstanceOf(WarehouseException.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.Code.class,
            names = {
                "UNAVAILABLE",
                "ABORTED",
                "CANCELLED",
                "DEADLINE_EXCEEDED",
                "INTERNAL",
                "RESOURCE_EXHAUSTED",
                "UNKNOWN"
            })
    void whatMayPassIsAnIoException(Status.Code code) {
        assertThat(explain(code.toStatus().withDescription("no"))).isInstanceOf(UncheckedIOException.class);
    }

    private static RuntimeException explain(Status status) {
        StatusCode code = GrpcStatusCode.of(status.getCode());
        return BigQueryFailures.explain("It fails", new ApiException(status.asRuntimeException(), code, false));
    }
}
