package io.modelbatch.warehouse.google;

import com.google.api.gax.retrying.BasicResultRetryAlgorithm;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides which failures Google's client retries. */
final class RetryWhatMayPass extends BasicResultRetryAlgorithm<Object> {
    private static final Logger log = LoggerFactory.getLogger(RetryWhatMayPass.class);

    @Override
    public boolean shouldRetry(@Nullable Throwable failure, @Nullable Object answer) {
        boolean again = failure != null && BigQueryFailures.passesSoon(failure);
        if (again) {
            log.debug("Retrying a request to BigQuery: {}", String.valueOf(failure));
        }
        return again;
    }
}
