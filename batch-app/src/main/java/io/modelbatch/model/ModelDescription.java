package io.modelbatch.model;

import io.modelbatch.model.architecture.Head;
import io.modelbatch.model.architecture.ModelConfig;

/**
 * The content of {@code modelbatch.yaml}, which describes a TorchScript archive.
 *
 * @param archive the name of its file
 * @param task its task
 * @param call its arguments and its result
 * @param head the meaning of its output
 * @param sizes vocabulary, positions and token types
 * @param padTokenId the id that fills a batch's rows
 */
record ModelDescription(
        String archive, Task task, ArchiveCall call, Head head, ModelConfig.Sizes sizes, int padTokenId) {}
