/**
 * Hugging Face directories, safetensors, TorchScript archives of ours and of users, and where models come from.
 *
 * <p>{@link PretrainedModel} is a directory as {@code save_pretrained} leaves it, and {@link TaskModel} the same for a task.
 * {@link SentenceModules} reads the additions of sentence-transformers: pooling and normalisation. {@link ScriptedModel} is a user's own
 * archive, described by {@code modelbatch.yaml} ({@link DescriptionReader}). It is opened only with the SHA-256 that its user trusts, which
 * is compared with that of the copy in the cache. Both kinds are a {@link ModelDirectory} to the cache and an {@link AnsweringModel} to the
 * inference. An {@link ArchiveCall} says which arguments {@code forward} takes and which shape it returns. {@link TorchScriptArchive}
 * writes the archive of a model where the cache has none.
 *
 * <p>A file of a model is a {@code DisplayPath}: it is read in the cache, and messages name the folder or address that the user wrote.
 * {@code check} opens a model of a bucket by its {@link ModelOutline}: small files, and the headers of the weights in files of the
 * original's length. It then tries everything that a run does before it loads the weights.
 */
@NullMarked
package io.modelbatch.model;

import org.jspecify.annotations.NullMarked;
