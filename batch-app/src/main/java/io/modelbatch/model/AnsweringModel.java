package io.modelbatch.model;

import io.modelbatch.artifact.DisplayPath;
import io.modelbatch.model.architecture.Head;
import io.modelbatch.model.architecture.ModelConfig;
import io.modelbatch.model.architecture.Precision;
import java.util.List;
import java.util.OptionalLong;

/** What must be known of a model to have its answers. */
public sealed interface AnsweringModel permits TaskModel, ScriptedModel {
    /** The directory that its tokenizer is in. */
    DisplayPath directory();

    /** What its numbers are. */
    Head head();

    /** What its users must know of its dimensions. */
    ModelConfig.Sizes sizes();

    /** The id that fills a batch's rows. */
    int padTokenId();

    /** The rules of its directory for reading texts of the task. */
    TextRules texts();

    /** How its archives are called. */
    ArchiveCall call();

    /** What its products can be computed with. */
    List<Precision> precisions();

    /** Multiplications of its dense layers for each token, nearly all of its work; empty where that is not known. */
    OptionalLong multiplicationsPerToken();
}
