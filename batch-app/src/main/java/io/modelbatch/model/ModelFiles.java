package io.modelbatch.model;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import io.modelbatch.base.DisplayPath;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.model.tensor.ModelFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Which files make a model, and what their content adds up to. */
final class ModelFiles {
    static final String CONFIG = "config.json";
    static final String WEIGHTS = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";
    static final String TOKENIZER = "tokenizer.json";
    /** The file that describes a TorchScript archive. */
    static final String DESCRIPTION = "modelbatch.yaml";

    private static final String ARCHIVE = ".pt";
    /** The list of the modules of sentence-transformers, which follow the encoder. */
    static final String MODULES = "modules.json";
    /** Files with the maximum length of a text in sentence-transformers: the first that is there. Older versions named it after the encoder. */
    static final List<String> SENTENCES = List.of(
            "sentence_bert_config.json",
            "sentence_roberta_config.json",
            "sentence_distilbert_config.json",
            "sentence_camembert_config.json",
            "sentence_albert_config.json",
            "sentence_xlm-roberta_config.json",
            "sentence_xlnet_config.json");
    /** The prompts that sentence-transformers puts before texts. */
    static final String PROMPTS = "config_sentence_transformers.json";
    /** A folder of one of those modules, such as {@code 1_Pooling}. */
    static final String MODULE_FOLDER = "[0-9]+_[A-Za-z0-9]+";

    /** The files of the model in such a folder. */
    private static final List<String> OF_MODULES = List.of(CONFIG, WEIGHTS);

    /** The configuration of an adapter by PEFT, also where its base model lies beside it. */
    private static final String ADAPTER = "adapter_config.json";

    private static final Set<String> KINDS = Set.of("json", "safetensors", "txt", "model", "jinja");

    private ModelFiles() {}

    /**
     * True if a file of that name belongs to the model. Pickles, other frameworks' weights and folders do not, except the configurations
     * and weights of sentence-transformers' modules.
     *
     * @param name relative to the model's directory
     */
    static boolean belongs(String name) {
        int slash = name.indexOf('/');
        return slash < 0
                ? !name.startsWith(".") && KINDS.contains(name.substring(name.lastIndexOf('.') + 1))
                : name.substring(0, slash).matches(MODULE_FOLDER) && OF_MODULES.contains(name.substring(slash + 1));
    }

    /**
     * Those that belong to the model. Archives are code, so they do only where the description says how one is called.
     *
     * @param names all files that are there
     */
    static List<String> belonging(Collection<String> names) {
        boolean scripted = names.contains(DESCRIPTION);
        return names.stream()
                .filter(name -> belongs(name) || scripted && (name.equals(DESCRIPTION) || isArchive(name)))
                .sorted()
                .toList();
    }

    private static boolean isArchive(String name) {
        return name.endsWith(ARCHIVE) && !name.startsWith(".") && !name.contains("/");
    }

    /** The names of the model's files, relative to its directory, sorted. A link that leads nowhere is one: left out, it would be missing without a word. */
    static List<String> list(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (Files.isDirectory(file)) {
                    OF_MODULES.stream().map(inside -> name + "/" + inside).forEach(names::add);
                } else {
                    names.add(name);
                }
            }
        }
        names.removeIf(name -> !Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS));
        return belonging(names);
    }

    /**
     * Refuses what cannot be a whole model, by the names of its files alone.
     *
     * @param names all files that are there, pickles included
     * @param where the directory or bucket folder, for the message
     */
    static void requireWhole(Collection<String> names, String where) {
        if (names.contains(DESCRIPTION)) {
            requireArchive(names, where);
        } else {
            requirePretrained(names, where);
        }
    }

    private static void requireArchive(Collection<String> names, String where) {
        for (String other : List.of(CONFIG, WEIGHTS, INDEX)) {
            if (names.contains(other)) {
                throw new ModelException(where + " has " + DESCRIPTION + ", which describes a TorchScript archive, and "
                        + other + ", which belongs to a model as save_pretrained leaves it; remove one of the two");
            }
        }
        if (names.stream().noneMatch(ModelFiles::isArchive)) {
            throw new ModelException(where + " has " + DESCRIPTION + " but no TorchScript archive, a .pt file");
        }
        requireTokenizer(names, where);
    }

    private static void requirePretrained(Collection<String> names, String where) {
        if (names.contains(ADAPTER)) {
            throw new ModelException(
                    where + "/" + ADAPTER + " makes it an adapter to another model. Merge the two once, in"
                            + " Python: PeftModel.from_pretrained(BASE, 'DIRECTORY').merge_and_unload().save_pretrained('NEW'),"
                            + " where BASE is that model, loaded by the class of its task");
        }
        boolean archive = names.stream().anyMatch(ModelFiles::isArchive);
        if (!names.contains(WEIGHTS) && !names.contains(INDEX) && (names.contains(CONFIG) || !archive)) {
            UnsupportedWeights.in(names).ifPresent(found -> {
                throw new ModelException(where + "/" + found);
            });
        }
        require(
                names,
                CONFIG,
                where,
                archive ? "; nor is there a " + DESCRIPTION + ", which a TorchScript archive needs" : "");
        if (!names.contains(INDEX)) {
            require(names, WEIGHTS, where, "; nor is there a " + INDEX);
        }
        requireTokenizer(names, where);
    }

    private static void requireTokenizer(Collection<String> names, String where) {
        require(
                names,
                TOKENIZER,
                where,
                "; AutoTokenizer.from_pretrained('DIRECTORY').save_pretrained('DIRECTORY') in Python writes it");
    }

    private static void require(Collection<String> names, String name, String where, String remedy) {
        if (!names.contains(name)) {
            throw new ModelException(where + "/" + name + " is missing" + remedy
                    + ". A model is a directory as save_pretrained leaves it, and nothing is fetched from a hub");
        }
    }

    /** SHA-256 over the names and contents of the model's files. */
    static String fingerprint(DisplayPath directory) throws IOException {
        return fingerprint(digests(directory));
    }

    /** The same, of what was read already. */
    static String fingerprint(SortedMap<String, String> digests) {
        Hasher whole = Hashing.sha256().newHasher();
        digests.forEach((name, digest) -> whole.putString(digest + "  " + name + "\n", StandardCharsets.UTF_8));
        return whole.hash().toString();
    }

    /** SHA-256 of each of the model's files, by name. */
    static SortedMap<String, String> digests(DisplayPath directory) throws IOException {
        SortedMap<String, String> digests = new TreeMap<>();
        for (String name : list(directory.path())) {
            DisplayPath file = directory.resolve(name);
            ModelFile.check(file);
            digests.put(
                    name,
                    MoreFiles.asByteSource(file.path()).hash(Hashing.sha256()).toString());
        }
        return digests;
    }

    /** The names of all that lies directly in a directory. */
    static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
