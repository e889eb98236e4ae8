package io.modelbatch.model;

import io.modelbatch.base.DisplayPath;
import io.modelbatch.model.script.ArchiveVariant;
import io.modelbatch.model.script.Precision;
import io.modelbatch.model.script.ScriptModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** The model of a fixture as a user's own archive: two arguments, in an order of their own. */
public final class ScriptedDirectory {
    public static final String YAML = """
            archive: model.pt
            task: text-classification
            inputs: [attention_mask, input_ids]
            outputs: logits
            labels: [bakery, dairy, drinks, household]
            max-length: 64
            pad-token-id: 0
            vocabulary: 700
            """;
    private static final String ARGUMENTS =
            "input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:\n";

    private ScriptedDirectory() {}

    /** With the right archive. */
    public static Path write(Path folder, String fixture, String yaml) throws IOException {
        return write(folder, fixture, yaml, source -> source);
    }

    /**
     * With an archive of which something is changed.
     *
     * @param change of its source
     */
    public static Path write(Path folder, String fixture, String yaml, UnaryOperator<String> change)
            throws IOException {
        Fixture original = Fixture.named(fixture);
        Files.createDirectories(folder);
        for (String name : new String[] {"tokenizer.json", "tokenizer_config.json"}) {
            Files.copy(original.model().resolve(name), folder.resolve(name));
        }
        Files.writeString(folder.resolve("modelbatch.yaml"), yaml);
        ScriptModule module = PretrainedModel.open(original.model())
                .forTask(original.task())
                .script(new ArchiveVariant.Inference(Precision.FLOAT32, ArchiveVariant.Layout.PLAIN));
        String source = module.source()
                .replace(
                        ARGUMENTS,
                        "attention_mask: Tensor, input_ids: Tensor) -> Tensor:\n"
                                + "    token_type_ids = torch.zeros_like(input_ids)\n");
        TorchScriptArchive.write(
                folder.resolve("model.pt"),
                new ScriptModule(
                        module.className(),
                        change.apply(source),
                        module.dtype(),
                        module.gradients(),
                        module.tensors(),
                        module.flags()));
        return folder;
    }

    /** The SHA-256 of the archive. */
    public static String sha256(Path folder) throws IOException {
        return ModelFiles.digests(DisplayPath.of(folder)).get("model.pt");
    }
}
