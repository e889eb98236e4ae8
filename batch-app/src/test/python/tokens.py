"""Writes what Hugging Face transformers makes of texts with the tokenizers of the fixtures.

    python tokens.py ../resources/fixtures > ../resources/tokens.json

A tokenizer is a fixture's, or that of the same directory with another tokenizer_config.json. Each text is truncated, alone and with
the text before it as a pair, and taken in windows; some of its tokens are joined to a word, as token classification does.
"""

import json
import random
import shutil
import sys
import tempfile
from pathlib import Path

from transformers import AutoTokenizer

TEXTS = [
    "",
    "  two  spaces\n\nand\tlines  ",
    "Crème BRÛLÉE, e\u0301 東京 milk",
    "[CLS] a [SEP] <s> </s> <mask>  x [MASK] y <pad> [UNK] <unk>",
    "``quoted'' don't do not it's we've , . ! ?",
    "ﬁ ligature ① Ａ ｶﾅ İstanbul ΣΣ",
    "👩‍👩‍👧 family 🇯🇵 a\u200bb\u00a0c\u3000d",
    "milk 1.99 " * 12,
    "x" * 120,
]
PAIRS = [(16, 3), (9, 0), (64, 10), (10, 4), (17, 5)]
GENERAL = [
    "albert-classification", "bert-tokens", "camembert-classification", "deberta-v2-classification", "mpnet-classification",
    "roberta-classification", "xlm-roberta-tokens",
]  # fmt: skip
OLDER = [
    ("bert-classification", {}),
    ("bert-classification", {"tokenizer_class": "BertTokenizerFast"}),
    ("bert-classification", {"tokenizer_class": "BertTokenizer", "do_lower_case": False}),
    ("bert-classification", {"tokenizer_class": "BertTokenizer", "strip_accents": False, "tokenize_chinese_chars": False}),
    ("bert-cased-sharded", {"tokenizer_class": "BertTokenizer"}),
    ("electra-classification", {"tokenizer_class": "ElectraTokenizerFast"}),
    ("distilbert-classification", {"tokenizer_class": "DistilBertTokenizerFast"}),
    ("distilbert-classification", {}),
    ("roberta-classification", {"tokenizer_class": "RobertaTokenizer"}),
    ("roberta-classification", {"tokenizer_class": "RobertaTokenizerFast", "trim_offsets": False}),
    ("camembert-classification", {"tokenizer_class": "CamembertTokenizerFast"}),
    ("xlm-roberta-tokens", {"tokenizer_class": "XLMRobertaTokenizerFast"}),
    ("xlm-roberta-tokens", {"tokenizer_class": "XLMRobertaTokenizer", "add_prefix_space": False}),
    ("mpnet-classification", {"tokenizer_class": "MPNetTokenizerFast"}),
    ("albert-classification", {"tokenizer_class": "AlbertTokenizerFast"}),
    ("albert-classification", {"tokenizer_class": "AlbertTokenizer", "do_lower_case": False, "keep_accents": True}),
    ("deberta-v2-classification", {"tokenizer_class": "DebertaV2TokenizerFast"}),
    ("deberta-v2-classification", {"tokenizer_class": "DebertaV2Tokenizer", "do_lower_case": True, "split_by_punct": True}),
    ("deberta-v2-classification", {}),
    ("modernbert-classification", {"tokenizer_class": "GPTNeoXTokenizerFast"}),
    ("bert-pair", {"tokenizer_class": "PreTrainedTokenizerFast", "model_input_names": ["input_ids", "token_type_ids"]}),
    ("bert-pair-typed", {"tokenizer_class": "BertTokenizer", "truncation_side": "left"}),
    ("roberta-classification", {"tokenizer_class": "PreTrainedTokenizerFast", "truncation_side": "left"}),
]
NAMES = ("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token")


def configured(fixture: Path, changes: dict, folder: Path) -> dict:
    for name in ("tokenizer.json", "config.json"):
        shutil.copy(fixture / name, folder)
    old = json.loads((fixture / "tokenizer_config.json").read_text())
    config = {name: old[name] for name in NAMES if name in old} | changes
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    return config


def word(tokenizer, text: str, encoded, chosen: range) -> str:
    tokens = []
    for i in chosen:
        start, end = encoded["offset_mapping"][i]
        unknown = encoded["input_ids"][i] == tokenizer.unk_token_id
        tokens.append(text[start:end] if unknown else tokenizer.convert_ids_to_tokens(encoded["input_ids"][i]))
    return tokenizer.convert_tokens_to_string(tokens)


def case(tokenizer, number: int, chance: random.Random) -> dict:
    text, pair = TEXTS[number], TEXTS[number - 1]
    length, overlap = PAIRS[number % len(PAIRS)]
    encoded = tokenizer(
        text, truncation=True, max_length=length, return_offsets_mapping=True, return_special_tokens_mask=True
    )
    windows = tokenizer(text, truncation=True, max_length=length, stride=overlap, return_overflowing_tokens=True)
    both = tokenizer([(text, pair)], truncation=True, max_length=length)
    inner = [i for i, special in enumerate(encoded["special_tokens_mask"]) if not special]
    first = chance.choice(inner) if inner else 0
    chosen = range(first, min(first + 1 + chance.randrange(5), inner[-1] + 1)) if inner else range(0)
    return {
        "text": text,
        "pair": pair,
        "max_length": length,
        "truncated": len(tokenizer(text)["input_ids"]) > length,
        "ids": encoded["input_ids"],
        "starts": [start for start, _ in encoded["offset_mapping"]],
        "ends": [end for _, end in encoded["offset_mapping"]],
        "special": encoded["special_tokens_mask"],
        "overlap": overlap,
        "windows": windows["input_ids"],
        "pair_ids": both["input_ids"][0],
        "pair_types": both["token_type_ids"][0] if "token_type_ids" in both else [0] * len(both["input_ids"][0]),
        "word_of": [chosen.start, chosen.stop],
        "word": word(tokenizer, text, encoded, chosen),
    }


def main(fixtures: Path) -> None:
    chance = random.Random(1)
    tokenizers = []
    for name, changes in [(name, None) for name in GENERAL] + OLDER:
        with tempfile.TemporaryDirectory() as folder:
            model = fixtures / name / "model"
            config = None if changes is None else configured(model, changes, Path(folder))
            tokenizer = AutoTokenizer.from_pretrained(model if config is None else folder, local_files_only=True)
            cases = [case(tokenizer, number, chance) for number in range(len(TEXTS))]
            tokenizers.append({"fixture": name, "config": config, "cases": cases})
    lines = ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in tokenizers)
    print(f"[\n{lines}\n]")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
