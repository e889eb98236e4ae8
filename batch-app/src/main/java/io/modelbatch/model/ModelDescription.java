package io.modelbatch.model;

import io.modelbatch.model.architecture.Head;
import io.modelbatch.model.architecture.ModelConfig;

/**
 * The content of {@code modelbatch.yaml}, which describes a TorchScript archive.
 *
 * @param archive the name of its file
 * @param task what it does
 * @param call how it is called
 * @param head what its numbers are
 * @param sizes what it has numbers for
 * @param padTokenId the id that fills a batch's rows
 */
record ModelDescription(
        String archive, Task task, ArchiveCall call, Head head, ModelConfig.Sizes sizes, int padTokenId) {}
