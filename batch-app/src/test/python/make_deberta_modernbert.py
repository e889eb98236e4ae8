"""Makes small DeBERTa V2 and ModernBERT models with random weights, and what transformers computes with them in float64.

    python make_deberta_modernbert.py FOLDER

Each folder NAME below FOLDER gets `model`, as save_pretrained leaves it, and `expected.json`: the task, and padded batches with the
numbers of each row. Nothing is loaded but what is made here; a hub is never asked.
"""

import json
import math
import sys
from pathlib import Path

import torch
from transformers import (
    AutoModel,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    DebertaV2Config,
    ModernBertConfig,
)

VOCABULARY = 120
LENGTHS = [[1, 3, 8, 17, 40], [1], [2, 2], [9], [40], [33, 40]]

SMALL = {"vocab_size": VOCABULARY, "hidden_size": 32, "num_attention_heads": 4, "intermediate_size": 48}
DEBERTA = SMALL | {"num_hidden_layers": 3, "max_position_embeddings": 40}
RELATIVE = DEBERTA | {"relative_attention": True, "pos_att_type": ["p2c", "c2p"]}
V3 = RELATIVE | {
    "position_buckets": 8,
    "max_relative_positions": -1,
    "share_att_key": True,
    "norm_rel_ebd": "layer_norm",
    "position_biased_input": False,
    "type_vocab_size": 0,
}
MODERN = SMALL | {
    "num_hidden_layers": 4,
    "max_position_embeddings": 64,
    "local_attention": 8,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "cls_token_id": 1,
    "sep_token_id": 2,
}

VARIANTS = {
    "deberta-v3": (DebertaV2Config, V3),
    "deberta-v3-text": (DebertaV2Config, V3 | {"pos_att_type": "p2c|c2p", "position_buckets": 16}),
    "deberta-v2-xlarge": (DebertaV2Config, V3 | {"conv_kernel_size": 3, "conv_act": "gelu"}),
    "deberta-conv-groups": (DebertaV2Config, V3 | {"conv_kernel_size": 5, "conv_groups": 4, "embedding_size": 20}),
    "deberta-own": (
        DebertaV2Config,
        RELATIVE | {"share_att_key": False, "norm_rel_ebd": "none", "type_vocab_size": 2},
    ),
    "deberta-own-buckets": (DebertaV2Config, V3 | {"share_att_key": False, "position_buckets": 7}),
    "deberta-c2p": (
        DebertaV2Config,
        RELATIVE | {"pos_att_type": ["c2p"], "share_att_key": False, "max_relative_positions": 6},
    ),
    "deberta-c2p-shared": (DebertaV2Config, V3 | {"pos_att_type": ["c2p"]}),
    "deberta-p2c": (
        DebertaV2Config,
        RELATIVE | {"pos_att_type": "p2c", "position_buckets": 6, "max_relative_positions": 12},
    ),
    "deberta-p2c-shared": (DebertaV2Config, V3 | {"pos_att_type": ["p2c"], "type_vocab_size": 3}),
    "deberta-no-terms": (DebertaV2Config, V3 | {"pos_att_type": []}),
    "deberta-null-terms": (DebertaV2Config, V3 | {"pos_att_type": None, "share_att_key": False}),
    "deberta-absolute": (DebertaV2Config, DEBERTA | {"relative_attention": False, "pos_att_type": ["c2p", "p2c"]}),
    "deberta-defaults": (DebertaV2Config, DEBERTA),
    "deberta-narrow-words": (
        DebertaV2Config,
        V3
        | {
            "embedding_size": 16,
            "position_biased_input": True,
            "type_vocab_size": 2,
            "hidden_act": "gelu_new",
            "pooler_hidden_act": "tanh",
            "attention_head_size": 8,
        },
    ),
    "deberta-three-heads": (DebertaV2Config, V3 | {"hidden_size": 36, "num_attention_heads": 3, "hidden_act": "relu"}),
    "deberta-one-head": (DebertaV2Config, V3 | {"num_attention_heads": 1, "position_buckets": 256}),
    "deberta-far-apart": (DebertaV2Config, V3 | {"position_buckets": 4, "max_relative_positions": 512}),
    "modernbert": (ModernBertConfig, MODERN),
    "modernbert-old": (ModernBertConfig, MODERN | {"global_rope_theta": 5000.0, "local_rope_theta": 300.0}),
    "modernbert-old-every-two": (ModernBertConfig, MODERN | {"global_attn_every_n_layers": 2}),
    "modernbert-thetas": (
        ModernBertConfig,
        MODERN
        | {
            "rope_parameters": {
                "full_attention": {"rope_type": "default", "rope_theta": 700.0},
                "sliding_attention": {"rope_type": "default", "rope_theta": 50.0},
            },
            "layer_types": ["sliding_attention", "full_attention", "full_attention", "sliding_attention"],
        },
    ),
    "modernbert-biased": (
        ModernBertConfig,
        MODERN
        | {
            "attention_bias": True,
            "mlp_bias": True,
            "norm_bias": True,
            "classifier_bias": True,
            "classifier_pooling": "mean",
            "classifier_activation": "silu",
        },
    ),
    "modernbert-silu": (ModernBertConfig, MODERN | {"hidden_activation": "silu", "mlp_bias": True}),
    "modernbert-tanh": (
        ModernBertConfig,
        MODERN | {"hidden_activation": "gelu_pytorch_tanh", "classifier_pooling": "mean", "norm_eps": 1e-3},
    ),
    "modernbert-relu": (ModernBertConfig, MODERN | {"hidden_activation": "relu", "attention_bias": True}),
    "modernbert-narrow": (ModernBertConfig, MODERN | {"local_attention": 2, "num_attention_heads": 16}),
    "modernbert-odd-window": (ModernBertConfig, MODERN | {"local_attention": 7, "num_attention_heads": 1}),
    "modernbert-global": (ModernBertConfig, MODERN | {"global_attn_every_n_layers": 1, "num_hidden_layers": 1}),
}

CLASSES = {
    "text-classification": AutoModelForSequenceClassification,
    "token-classification": AutoModelForTokenClassification,
    "feature-extraction": AutoModel,
}


def randomise(model: torch.nn.Module) -> None:
    """Weights large enough that every part of the model changes the answers."""
    for name, values in model.named_parameters():
        if values.dim() == 1:
            centre = 1.0 if "norm" in name.lower() and name.endswith("weight") else 0.0
            torch.nn.init.normal_(values, centre, 0.2)
        elif "embeddings" in name:
            torch.nn.init.normal_(values, 0.0, 1.0)
        else:
            torch.nn.init.normal_(values, 0.0, 1.3 / math.sqrt(values[0].numel()))


def as_it_was_written_before(directory: Path) -> None:
    """ModernBERT's configurations before transformers 5."""
    file = directory / "config.json"
    config = json.loads(file.read_text())
    rope = config.pop("rope_parameters")
    config.pop("layer_types")
    config["global_rope_theta"] = rope["full_attention"]["rope_theta"]
    config["local_rope_theta"] = rope["sliding_attention"]["rope_theta"]
    file.write_text(json.dumps(config))


def batch(model: torch.nn.Module, task: str, lengths: list[int], types: int) -> dict:
    width = max(lengths)
    mask = torch.tensor([[1] * length + [0] * (width - length) for length in lengths])
    ids = torch.randint(3, VOCABULARY, (len(lengths), width)) * mask
    inputs = {"input_ids": ids, "attention_mask": mask}
    token_types = torch.randint(0, types, ids.shape) * mask if types else torch.zeros_like(ids)
    if types:
        inputs["token_type_ids"] = token_types
    with torch.inference_mode():
        answer = model(**inputs)
    rows = []
    for row, length in enumerate(lengths):
        if task == "text-classification":
            rows.append(answer.logits[row].tolist())
        elif task == "token-classification":
            rows.append(answer.logits[row, :length].flatten().tolist())
        else:
            rows.append(answer.last_hidden_state[row, :length].mean(0).tolist())
    return {"ids": ids.tolist(), "mask": mask.tolist(), "types": token_types.tolist(), "numbers": rows}


def make(folder: Path, name: str, config_class: type, settings: dict, task: str) -> None:
    config = config_class(num_labels=3, **settings)
    model = CLASSES[task].from_config(config)
    randomise(model)
    directory = folder / f"{name}-{task}" / "model"
    model.save_pretrained(directory)
    if name.startswith("modernbert-old"):
        as_it_was_written_before(directory)
    for file in ("tokenizer.json", "tokenizer_config.json"):
        (directory / file).write_text("{}")
    # Written out, ModernBERT's attention is no number in float64 where a padded token sees nothing: the mask's smallest number
    # becomes an infinity in its float32 softmax. DeBERTa has no other attention than the one written out.
    attention = "sdpa" if config_class is ModernBertConfig else "eager"
    model = CLASSES[task].from_pretrained(directory, local_files_only=True, attn_implementation=attention)
    model = model.double().eval()
    types = settings.get("type_vocab_size", 0)
    batches = [batch(model, task, lengths, types) for lengths in LENGTHS]
    expected = {"task": task, "batches": batches}
    (directory.parent / "expected.json").write_text(json.dumps(expected, allow_nan=False))


def main(folder: Path) -> None:
    torch.manual_seed(20)
    torch.set_num_threads(1)
    for name, (config_class, settings) in VARIANTS.items():
        for task in CLASSES:
            make(folder, name, config_class, settings, task)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
