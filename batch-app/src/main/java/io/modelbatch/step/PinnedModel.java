package io.modelbatch.step;

import io.modelbatch.artifact.RecordSchema;

/**
 * The model that all rows of a run go through.
 *
 * @param address where it is, a version instead of {@code latest}
 * @param fingerprint SHA-256 over its files
 * @param schema what a row becomes
 */
record PinnedModel(String address, String fingerprint, RecordSchema schema) {}
