package io.modelbatch.step.infer;

import io.modelbatch.inference.PrecisionTrial;
import io.modelbatch.model.script.Precision;
import io.modelbatch.result.RecordSchema;
import org.jspecify.annotations.Nullable;

/**
 * The model that all rows of a run go through.
 *
 * @param address where it is, a version instead of {@code latest}
 * @param fingerprint SHA-256 over its files
 * @param bytes the lengths of its files, all together; null where an earlier version chose it
 * @param schema the columns of the result
 * @param dtype the numbers that its products are computed with
 * @param redactKey the fingerprint of the key of redactions; null without one
 * @param trial the trial that chose it; null where the job file says it
 */
record PinnedModel(
        String address,
        String fingerprint,
        @Nullable Long bytes,
        RecordSchema schema,
        Precision dtype,
        @Nullable String redactKey,
        @Nullable PrecisionTrial trial) {}
