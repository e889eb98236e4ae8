"""Models of sentence-transformers with random modules, and what encode() makes of texts with them.

    python sentence_modules.py FOLDER SEED FIXTURES

FOLDER/NAME/ gets model/ and expected.json: {"prompt": ..., "prompt_name": ..., "cases": [{"text", "embedding"}]}.
"""

import json
import os
import random
import sys
import warnings
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
warnings.filterwarnings("ignore")

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Dense, Normalize, Transformer
from sentence_transformers.sentence_transformer.modules import Dropout, Pooling

MODES = ["cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"]
ACTIVATIONS = [torch.nn.Tanh, torch.nn.Identity, torch.nn.GELU, torch.nn.ReLU, torch.nn.Sigmoid, torch.nn.SiLU,
               torch.nn.Mish, torch.nn.LeakyReLU, torch.nn.Hardswish, torch.nn.ReLU6]
TEXTS = ["Fresh MILK 2 l", "rye bread", "a", "Apple JUICE, organic; 12 pcs " * 8, "ÉCLAIR ähnlich 牛乳 500ml", "", "x y z " * 60, "find this"]
ENCODERS = ["sentence-embeddings", "roberta-classification", "mpnet-classification", "distilbert-classification", "bert-cased-sharded"]


def modules(rng, number, encoder):
    """All poolings alone come first, then mixtures."""
    transformer = Transformer(str(encoder))
    hidden = transformer.get_embedding_dimension()
    modes = MODES[number] if number < len(MODES) else tuple(rng.sample(MODES, rng.randint(1, 3)))
    pooling = Pooling(hidden, pooling_mode=modes, include_prompt=rng.random() < 0.5)
    width = pooling.get_embedding_dimension()
    layers = []
    for kind in rng.sample(["dense", "dense", "normalize", "dropout"], rng.randint(0, 4)):
        if kind == "dense":
            out = rng.choice([8, 24, width])
            layers.append(Dense(width, out, bias=rng.random() < 0.7, activation_function=rng.choice(ACTIVATIONS)(),
                                use_residual=rng.random() < 0.4))
            width = out
        else:
            layers.append(Normalize() if kind == "normalize" else Dropout(0.2))
    return [transformer, pooling, *layers]


def rewrite(file, change):
    content = json.loads(file.read_text()) if file.exists() else {}
    change(content)
    file.write_text(json.dumps(content))


def settings(rng, model):
    """What older versions wrote, or what is written by hand."""
    sentences = model / rng.choice(["sentence_bert_config.json", "sentence_roberta_config.json"])
    if sentences.name != "sentence_bert_config.json":
        (model / "sentence_bert_config.json").unlink(missing_ok=True)
        sentences.unlink(missing_ok=True)
    if rng.random() < 0.7:
        rewrite(sentences, lambda config: config.update(do_lower_case=rng.random() < 0.6, max_seq_length=rng.choice([5, 12, 30])))
    if rng.random() < 0.5:
        def old(config):
            mode = config.pop("pooling_mode")
            for name in MODES:
                suffix = "" if name == "lasttoken" else "_token" if name == "cls" else "_tokens" if "tokens" not in name else ""
                config[f"pooling_mode_{name}{suffix}"] = name in ([mode] if isinstance(mode, str) else mode)
            config["word_embedding_dimension"] = config.pop("embedding_dimension")
        rewrite(model / "1_Pooling" / "config.json", old)


def main(folder, seed, fixtures):
    torch.set_num_threads(1)
    for number in range(18):
        rng = random.Random(seed * 1000 + number)
        torch.manual_seed(seed * 1000 + number)
        made = folder / f"sentences-{number}"
        prompts = {"query": "find: ", "passage": "Text of a SHOP "} if rng.random() < 0.7 else {}
        default = rng.choice([None, *prompts])
        SentenceTransformer(modules=modules(rng, number, fixtures / ENCODERS[number % len(ENCODERS)] / "model"), prompts=prompts,
                            default_prompt_name=default, device="cpu").save(str(made / "model"), create_model_card=False)
        settings(rng, made / "model")
        model = SentenceTransformer(str(made / "model"), device="cpu", local_files_only=True)
        asked = rng.choice([{}, {}, {"prompt": "Hand-WRITTEN "}, {"prompt": ""}, {"prompt_name": rng.choice(["document", *prompts])}])
        # One text at a time: what a text's embedding is must not depend on the others.
        cases = [dict(text=text, embedding=model.encode([text], show_progress_bar=False, **asked)[0].tolist()) for text in TEXTS]
        (made / "expected.json").write_text(json.dumps(dict(**asked, cases=cases)))


main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
