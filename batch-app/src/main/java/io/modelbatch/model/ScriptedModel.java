package io.modelbatch.model;

import io.modelbatch.base.DisplayPath;
import io.modelbatch.model.architecture.Head;
import io.modelbatch.model.architecture.ModelConfig;
import io.modelbatch.model.script.Precision;
import io.modelbatch.model.tensor.ModelException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * A TorchScript archive of the user's own, beside {@code modelbatch.yaml}, which says how it is called. The archive is code, so it is
 * loaded only by who names its SHA-256.
 */
public final class ScriptedModel implements ModelDirectory, AnsweringModel {
    private final DisplayPath directory;
    private final ModelDescription description;
    private final String fingerprint;
    private final String sha256;

    private ScriptedModel(DisplayPath directory, ModelDescription description, String fingerprint, String sha256) {
        this.directory = directory;
        this.description = description;
        this.fingerprint = fingerprint;
        this.sha256 = sha256;
    }

    static ScriptedModel open(DisplayPath directory) throws IOException {
        ModelFiles.requireWhole(ModelFiles.names(directory.path()), directory.toString());
        DisplayPath file = directory.resolve(ModelFiles.DESCRIPTION);
        ModelDescription description = DescriptionReader.read(file);
        SortedMap<String, String> digests = ModelFiles.digests(directory);
        String sha256 = digests.get(description.archive());
        if (sha256 == null) {
            throw new ModelException(directory.resolve(description.archive()) + ", which 'archive' of " + file
                    + " names, is missing; copy the whole directory again");
        }
        return new ScriptedModel(directory, description, ModelFiles.fingerprint(digests), sha256);
    }

    /**
     * Refuses the archive unless its SHA-256 is the one that the user trusts.
     *
     * @param origin where the user keeps it, for the message
     */
    ScriptedModel trusted(Optional<String> trustedSha256, String origin) {
        String archive = origin + "/" + description.archive();
        if (trustedSha256.isEmpty()) {
            throw new ModelException(untrusted(archive)
                    + " If you trust its origin, and it has not been changed since, set" + " trusted-sha256: "
                    + sha256 + " in the options of the step (bench: --trusted-sha256 " + sha256 + ")");
        }
        String expected = trustedSha256.get().toLowerCase(Locale.ROOT);
        if (!expected.equals(sha256)) {
            throw new ModelException(archive + " is not the archive that is trusted: its SHA-256 is " + sha256
                    + ", trusted-sha256 is " + expected
                    + ". It is code, so it is not loaded. Find out why it changed before you change trusted-sha256");
        }
        return this;
    }

    static String untrusted(String archive) {
        return archive + " is a TorchScript archive, which is code: once loaded, it can do what this process can.";
    }

    /** The archive that the engine loads. */
    public DisplayPath archive() {
        return directory.resolve(description.archive());
    }

    @Override
    public DisplayPath directory() {
        return directory;
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }

    @Override
    public AnsweringModel forTask(Task task) {
        if (task != description.task()) {
            throw new ModelException(directory.resolve(ModelFiles.DESCRIPTION) + " says that the archive is for task "
                    + DescriptionReader.word(description.task()) + ", not " + DescriptionReader.word(task));
        }
        return this;
    }

    @Override
    public Head head() {
        return description.head();
    }

    @Override
    public ModelConfig.Sizes sizes() {
        return description.sizes();
    }

    @Override
    public int padTokenId() {
        return description.padTokenId();
    }

    @Override
    public TextRules texts() {
        return TextRules.NONE;
    }

    @Override
    public ArchiveCall call() {
        return description.call();
    }

    /** As the archive is; it may compute in any type, but answers in float32. */
    @Override
    public List<Precision> precisions() {
        return List.of(Precision.FLOAT32);
    }

    @Override
    public OptionalLong multiplicationsPerToken() {
        return OptionalLong.empty();
    }
}
