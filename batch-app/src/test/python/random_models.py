"""Makes small models of every architecture with random sizes, options and weights, and what Hugging Face transformers answers with them.

    python random_models.py DIRECTORY [SEED [EACH]]

There are EACH models of every architecture. With four, each architecture has each task, and each setting and activation occurs among
them; a model of full size, whose configuration leaves out all that is a default, only once. With ten, each architecture has each setting.

Each model is a directory NAME/model, varied as directories are found: keys left out, null or under an old name, old names of tensors,
encoders saved alone, shards, half precision. NAME/expected.json says what it is for and lists batches of token ids with the numbers of
each row: logits, those of each token one after the other, or an embedding. They are computed in float64, by the model as
from_pretrained reads the directory.
"""

import itertools
import json
import random
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModel, AutoModelForMaskedLM, AutoModelForSequenceClassification, AutoModelForTokenClassification

ACTIVATIONS = ["gelu", "gelu_new", "relu", "silu", "gelu_10", "quick_gelu", "relu2", "relu6", "leaky_relu", "swish", "mish", "hardswish",
               "tanh", "sigmoid", "linear", "gelu_fast", "gelu_python", "gelu_pytorch_tanh", "gelu_accurate", "gelu_python_tanh",
               "laplace", "sqrtsoftplus"]
KINDS = {"texts": AutoModelForSequenceClassification, "tokens": AutoModelForTokenClassification, "encoder": AutoModel,
         "masked": AutoModelForMaskedLM}
EDITS = ["none", "no labels", "null padding", "old type", "defaults", "old names", "shards", "bfloat16", "num_labels"]
POOLINGS = ["cls", "mean", "max", "mean_sqrt_len_tokens", None]


# ---------------------------------------------------------------- configurations
@dataclass
class Sizes:
    """What is drawn for a model, whatever its architecture calls it."""

    hidden: int
    heads: int
    layers: int
    intermediate: int
    embedding: int
    vocabulary: int
    positions: int
    types: int
    activation: str
    eps: float
    padding: int
    groups: int
    inner: int


def draw(rng: random.Random, activation: str) -> Sizes:
    hidden, heads = rng.choice([(30, 5), (42, 6), (15, 3), (64, 1), (36, 12), (8, 8), (40, 4), (96, 2)])
    return Sizes(hidden, heads, rng.choice([1, 2, 3, 5]), rng.choice([37, 50, 96, 128]), rng.choice([hidden, 7, 24, 50]),
                 rng.choice([60, 129, 400]), rng.choice([20, 66, 150, 300]), rng.choice([1, 2, 3]), activation,
                 rng.choice([1e-12, 1e-5, 1e-3, 0.1]), rng.choice([0, 1, 5]), rng.choice([1, 2, 3]), rng.choice([1, 2]))


def common(s: Sizes) -> dict:
    return dict(vocab_size=s.vocabulary, hidden_size=s.hidden, num_hidden_layers=s.layers, num_attention_heads=s.heads,
                intermediate_size=s.intermediate, max_position_embeddings=s.positions, hidden_act=s.activation, layer_norm_eps=s.eps,
                pad_token_id=s.padding)


def with_types(s: Sizes) -> dict:
    return common(s) | dict(type_vocab_size=s.types)


def distilbert(s: Sizes) -> dict:
    return dict(vocab_size=s.vocabulary, dim=s.hidden, n_layers=s.layers, n_heads=s.heads, hidden_dim=s.intermediate, activation=s.activation,
                max_position_embeddings=s.positions, pad_token_id=s.padding, sinusoidal_pos_embds=s.types == 1)


def electra(s: Sizes) -> dict:
    return with_types(s) | dict(embedding_size=s.embedding)


def albert(s: Sizes) -> dict:
    return electra(s) | dict(num_hidden_groups=s.groups, inner_group_num=s.inner)


@dataclass
class Family:
    """An architecture: its options, those that must stay small, and how many positions are for no token."""

    options: Callable[[Sizes], dict]
    small: tuple = ("hidden_size",)
    unused: Callable[[int], int] = lambda padding: 0
    padding: int = 0
    null_padding: bool = True


def of_roberta() -> Family:
    return Family(with_types, unused=lambda padding: padding + 1, padding=1, null_padding=False)


FAMILIES = {
    "bert": Family(with_types),
    "roberta": of_roberta(),
    "camembert": of_roberta(),
    "xlm-roberta": of_roberta(),
    "distilbert": Family(distilbert, small=("dim",)),
    "electra": Family(electra),
    "mpnet": Family(common, unused=lambda padding: 2, padding=1),
    "albert": Family(albert, small=("hidden_size", "intermediate_size")),
}


def configuration(name: str, edit: str, kind: str, rng: random.Random, activation: str):
    family, sizes = FAMILIES[name], draw(rng, activation)
    options = family.options(sizes)
    if edit == "defaults":
        heads = AutoConfig.for_model(name).num_attention_heads
        options = {key: heads * 3 if key in ("hidden_size", "dim") else options[key] for key in family.small}
    labels = 2 if edit == "no labels" else rng.choice([1, 3, 4])
    classified = kind in ("texts", "tokens") and edit != "num_labels"
    names = dict(id2label={i: f"is {i}" for i in range(labels)}) if classified and edit != "no labels" else dict(num_labels=labels)
    return AutoConfig.for_model(name, initializer_range=0.02, **options, **names)


# ---------------------------------------------------------------- directories
def spread(model: torch.nn.Module) -> None:
    """Weights of which each matters, so that a wrong order or scale shows."""
    with torch.no_grad():
        for name, p in sorted(model.named_parameters()):
            if p.dim() > 1:
                p.copy_(torch.randn_like(p) * (1.0 if "embed" in name or "relative" in name else 1.5 / p.shape[-1] ** 0.5))
            elif name.endswith("bias"):
                p.copy_(torch.randn_like(p) * 0.1)
            else:
                p.copy_(1 + torch.randn_like(p) * 0.1)


def write_json(file: Path, content) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content), encoding="utf-8")


def save(model, config, edit: str, directory: Path) -> None:
    if edit in ("bfloat16", "old type"):
        model = model.to(torch.bfloat16 if edit == "bfloat16" else torch.float16)
    model.save_pretrained(directory, **(dict(max_shard_size="20KB") if edit == "shards" else {}))
    write_json(directory / "tokenizer.json", {})
    file = directory / "config.json"
    entries = json.loads(file.read_text())
    if edit in ("no labels", "num_labels"):
        entries = {key: value for key, value in entries.items() if key not in ("id2label", "label2id")}
        entries |= dict(num_labels=config.num_labels) if edit == "num_labels" else {}
    elif edit == "null padding" and FAMILIES[config.model_type].null_padding:
        entries["pad_token_id"] = None
    elif edit == "old type":
        entries["torch_dtype"] = entries.pop("dtype")
        entries["position_embedding_type"] = "absolute"
    elif edit == "defaults":
        default = type(config)().to_dict()
        entries = {key: value for key, value in entries.items() if key == "model_type" or key not in default or value != default[key]}
    write_json(file, entries)
    if edit == "old names":
        weights = load_file(directory / "model.safetensors")
        weights = {key.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"): value
                   for key, value in weights.items()}
        table = next(key for key in weights if key.endswith("embeddings.position_embeddings.weight"))
        weights[table.replace("position_embeddings.weight", "position_ids")] = torch.arange(len(weights[table])).unsqueeze(0)
        save_file(weights, directory / "model.safetensors", metadata={"format": "pt"})


def modules(directory: Path, pooling: str | None, normalize: bool) -> None:
    """What sentence-transformers leaves; nothing stands for the mean as it is."""
    if pooling is None:
        return
    kinds = ["Transformer", "Pooling"] + ["Normalize"] * normalize
    paths = ["", "1_Pooling", "2_Normalize"]
    write_json(directory / "modules.json", [dict(idx=i, name=str(i), path=paths[i], type=f"sentence_transformers.models.{kind}")
                                            for i, kind in enumerate(kinds)])
    write_json(directory / "1_Pooling" / "config.json", {f"pooling_mode_{pooling}{'_token' if pooling == 'cls' else '_tokens' if pooling in ('mean', 'max') else ''}": True})


# ---------------------------------------------------------------- answers
def embedding(states: torch.Tensor, pooling: str | None, normalize: bool) -> torch.Tensor:
    if pooling == "cls":
        pooled = states[0]
    elif pooling == "max":
        pooled = states.max(dim=0).values
    else:
        pooled = states.sum(dim=0) / len(states) ** (0.5 if pooling == "mean_sqrt_len_tokens" else 1)
    return pooled / pooled.norm() if normalize and pooling else pooled


def numbers(model, ids: list[list[int]], types: list[list[int]] | None, padding: int, finish) -> tuple[dict, list]:
    width = max(map(len, ids))
    pad = lambda rows, value: [row + [value] * (width - len(row)) for row in rows]
    batch = dict(input_ids=pad(ids, padding), attention_mask=pad([[1] * len(row) for row in ids], 0))
    batch |= dict(token_type_ids=pad(types, 0)) if types else {}
    with torch.no_grad():
        output = model(**{key: torch.tensor(value) for key, value in batch.items()})
    states = output.logits if hasattr(output, "logits") else output.last_hidden_state
    return batch, [finish(states[i], len(row)).flatten().tolist() for i, row in enumerate(ids)]


def rounded(rows: list) -> list:
    return [[round(number, 9) for number in row] for row in rows]


def make(name: str, index: int, kind: str, edit: str, activation: str, seed: int, out: Path) -> None:
    rng = random.Random(f"{seed} {name} {index}")
    torch.manual_seed(rng.randrange(2**31))
    config = configuration(name, edit, kind, rng, activation)
    model = KINDS[kind].from_config(config, **(dict(add_pooling_layer=False) if kind == "encoder" and index % 2
                                               and name not in ("distilbert", "electra") else {})).eval()
    spread(model)
    directory = out / f"{name}-{index}-{kind}-{edit}-{activation}".replace(" ", "_")
    save(model, config, edit, directory / "model")
    pooling, normalize = (rng.choice(POOLINGS), rng.random() < 0.5) if kind in ("encoder", "masked") else (None, False)
    modules(directory / "model", pooling, normalize)

    reader = AutoModel if kind == "masked" else KINDS[kind]
    model, loaded = reader.from_pretrained(directory / "model", local_files_only=True, dtype=torch.float32,
                                           attn_implementation="eager", output_loading_info=True)
    missing = [key for key in loaded["missing_keys"] if "pooler" not in key or kind == "texts"]
    assert not missing and not loaded["mismatched_keys"], (directory, loaded)
    model = model.double().eval()
    family, config = FAMILIES[name], model.config
    padding = family.padding if config.pad_token_id is None else config.pad_token_id
    longest = config.max_position_embeddings - family.unused(padding)
    lengths = [1, longest, 2, *(rng.randint(1, min(longest, 60)) for _ in range(4))]
    ids = [[rng.randrange(config.vocab_size) for _ in range(length)] for length in lengths]
    types = [[rng.randrange(config.type_vocab_size) for _ in row] for row in ids] if hasattr(config, "type_vocab_size") else None

    def finish(states: torch.Tensor, length: int) -> torch.Tensor:
        if kind == "texts":
            return states
        return states[:length] if kind == "tokens" else embedding(states[:length], pooling, normalize)

    batches = []
    for rows in (range(len(ids)), range(2, len(ids)), *([i] for i in range(len(ids)))):
        batch, answers = numbers(model, [ids[i] for i in rows], types and [types[i] for i in rows], padding, finish)
        batches.append(batch | dict(numbers=rounded(answers)))
    task = dict(texts="text-classification", tokens="token-classification").get(kind, "feature-extraction")
    write_json(directory / "expected.json", dict(task=task, positions=longest, pad_token_id=padding, batches=batches,
                                                 labels=[config.id2label[i] for i in range(config.num_labels)]))


def main(out: Path, seed: int, each: int) -> None:
    transformers.logging.set_verbosity_error()
    torch.set_num_threads(1)
    activations, kinds = itertools.cycle(ACTIVATIONS), itertools.cycle(KINDS)
    for family, name in enumerate(FAMILIES):
        first = seed + family * each
        for index in range(first, first + each):
            edit = EDITS[index % len(EDITS)]
            full_size_again = edit == "defaults" and family > 0 and each < len(EDITS)
            make(name, index, next(kinds), "none" if full_size_again else edit, next(activations), seed, out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1, int(sys.argv[3]) if len(sys.argv) > 3 else 4)
