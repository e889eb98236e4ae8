package io.modelbatch.step.transform;

import io.modelbatch.result.RecordSchema;

/** The output of a transform: the columns of its result. */
record TransformOutput(RecordSchema schema) {}
