/**
 * Text to token batches: exactly the ids that the model's own tokenizer makes in Python, packed under a token budget.
 *
 * <p>{@link TokenizerFiles} reads {@code tokenizer.json} and the files beside it. {@link TokenizerClass} is the class that Hugging Face's
 * {@code AutoTokenizer} would choose. All classes but the general one make their own steps from {@code tokenizer_config.json}, and take
 * only the vocabulary from {@code tokenizer.json}. {@link TokenizerConfiguration} writes the same as a {@code tokenizer.json} for the
 * library ({@link NativeTokenizer}). The library panics on a few damages, and ends the process, so {@link TokenizerValidation} refuses
 * these first.
 *
 * <p>The library is asked for the bare tokens of a text. {@link TruncatedRange} truncates them or makes windows, and
 * {@link SpecialTokenTemplate} adds the special tokens, which {@link SpecialTokenTemplates} learned from an example. Of a long text that is
 * to be truncated only the {@link TextPrefix} is read. One that must be read to its end may have four million characters (a gigabyte of
 * tokens). {@link TokenDecoder} joins tokens to text again.
 */
@NullMarked
package io.modelbatch.token;

import org.jspecify.annotations.NullMarked;
