package io.modelbatch.model;

import io.modelbatch.base.DisplayPath;
import io.modelbatch.model.architecture.Head;
import io.modelbatch.model.architecture.ModelConfig;
import io.modelbatch.model.script.Precision;
import java.util.List;
import java.util.OptionalLong;

/** A model that answers texts: its task, dimensions, archives and precisions. */
public sealed interface AnsweringModel permits TaskModel, ScriptedModel {
    /** The directory that its tokenizer is in. */
    DisplayPath directory();

    /** The head, which gives its output a meaning. */
    Head head();

    /** Vocabulary size, maximum length and hidden size. */
    ModelConfig.Sizes sizes();

    /** The id that fills a batch's rows. */
    int padTokenId();

    /** The rules of its directory for reading texts of the task. */
    TextRules texts();

    /** The arguments and result of its archives. */
    ArchiveCall call();

    /** The precisions that its linear layers can be computed in. */
    List<Precision> precisions();

    /** Multiplications of its dense layers for each token, nearly all of its work; empty where that is not known. */
    OptionalLong multiplicationsPerToken();
}
