/**
 * The step types that move data: {@code extract} and {@code load} of rows, {@code upload} and {@code download} of files.
 *
 * <p>{@link ExtractSteps} asks the warehouse to pin the result of the query, and compares its columns with what later steps read
 * ({@code RowDemands}, {@code QueryColumns}, {@code StepType.reads}). The output is a {@code PinnedInput}. {@link LoadSteps} asks for the
 * result of its own run ({@code CommittedResult}) and loads it. The ledger says which objects belong to the run. A folder whose manifest
 * names another run is refused, and so is an object that is missing or has another length or CRC32C. {@link UploadSteps} and
 * {@link DownloadSteps} copy files by {@code Transfers}: eight at a time, each complete or not there.
 */
@NullMarked
package io.modelbatch.step.transfer;

import org.jspecify.annotations.NullMarked;
