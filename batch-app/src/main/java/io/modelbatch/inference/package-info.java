/**
 * A model answering: embeddings, entities and labels as the columns of a result.
 *
 * <p>{@link TextModel} answers blocks of texts. The tokenizer makes ids of all texts on its own threads. {@code TokenBatcher} sorts them by
 * length and packs them under a budget of padded tokens ({@link TokenBudget}), which is found on the first batches of a model and kept
 * beside its archive. {@link ForwardPasses} runs each batch on a lane: one for each core, or two for each GPU. A batch is halved when
 * memory runs out, and the smaller budget is kept. A {@link Decoder} for the task ({@link TextClassification}, {@link TokenClassification},
 * {@link FeatureExtraction}) makes the answers, of all windows of a long text together. A text that cannot be answered is rejected.
 * {@link PendingAnswers} become {@link Answers} in the order of the rows. {@link DjlInferenceEngine} runs the archive, and compares the
 * shape and type of every output with the model's {@code ArchiveCall}.
 */
@NullMarked
package io.modelbatch.inference;

import org.jspecify.annotations.NullMarked;
