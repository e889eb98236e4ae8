"""Trains the base model of the sample shop: a small BERT that has read the receipt lines nobody has labelled.

    python pretrain.py [LOCAL_FOLDER]

Reads the warehouse that generate_shop.py wrote, learns a WordPiece vocabulary and a masked language model from the lines
without a label, and leaves the encoder as a Hugging Face model directory for fine-tuning. The language model's head is not
kept: no task of the shop needs it.

The normalizer is BERT's own and keeps the accents, because stripping them would take the voicing marks off kana. Half-width
kana are left as they are: transformers builds a BertTokenizer's normalizer from tokenizer_config.json, so any other step
written to tokenizer.json would be applied by one reader of the model and not by the next.

Seeded and run on the CPU with a fixed number of threads; one machine writes the same weights each time.
"""

import csv
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.trainers import WordPieceTrainer
from torch.nn.functional import cross_entropy
from transformers import BertConfig, BertForMaskedLM, BertTokenizer, get_linear_schedule_with_warmup

SEED = 20260101
THREADS = 4
DEFAULT_FOLDER = Path(__file__).parents[1] / "main/resources/sample/local"
LINES = "warehouse/shop/receipt_lines.csv"
LABELLED_LINES = "warehouse/shop/labelled_lines.csv"
MODEL = "buckets/receipts-ml/models/base"

VOCABULARY = 2_000
MAX_LENGTH = 64
SPECIAL_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]

EPOCHS = 25
BATCH = 64
LEARNING_RATE = 1.5e-3
WARMUP_SHARE = 0.05
HIDDEN_SHARE = 0.2
MAX_BYTES = 3_000_000


def read_unlabelled(folder: Path) -> list[str]:
    labelled = {row["line_id"] for row in read_csv(folder / LABELLED_LINES)}
    return [row["text"] for row in read_csv(folder / LINES) if row["line_id"] not in labelled]


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def learn_tokenizer(texts: list[str]) -> BertTokenizer:
    learner = Tokenizer(WordPiece(unk_token="[UNK]"))
    learner.normalizer = BertNormalizer(lowercase=True, strip_accents=False)
    learner.pre_tokenizer = BertPreTokenizer()
    # The trainer numbers the letters inside words in the order of a hash map, and breaks ties by number. Named first, they
    # have the same numbers in every run.
    letters = sorted(set("".join(learner.normalizer.normalize_str(text) for text in texts)) - {" "})
    first = SPECIAL_TOKENS + [f"##{letter}" for letter in letters]
    learner.train_from_iterator(texts, WordPieceTrainer(vocab_size=VOCABULARY, special_tokens=first, show_progress=False))
    vocabulary = learner.get_vocab()
    return BertTokenizer(vocab=vocabulary, do_lower_case=True, strip_accents=False, model_max_length=MAX_LENGTH)


def small_bert(vocabulary: int) -> BertForMaskedLM:
    return BertForMaskedLM(
        BertConfig(
            vocab_size=vocabulary,
            hidden_size=128,
            num_hidden_layers=3,
            num_attention_heads=4,
            intermediate_size=256,
            max_position_embeddings=MAX_LENGTH,
            hidden_dropout_prob=0.1,
            attention_probs_dropout_prob=0.1,
        )
    )


def hide(ids: torch.Tensor, tokenizer: BertTokenizer) -> tuple[torch.Tensor, torch.Tensor]:
    """The ids with a share hidden as BERT does (80 % masked, 10 % replaced, 10 % kept), and where the hidden ones are."""
    hidden = (torch.rand(ids.shape) < HIDDEN_SHARE) & (ids >= len(SPECIAL_TOKENS))
    fate = torch.rand(ids.shape)
    shown = ids.masked_fill(hidden & (fate < 0.8), tokenizer.mask_token_id)
    anything = torch.randint(len(SPECIAL_TOKENS), len(tokenizer), ids.shape)
    return torch.where(hidden & (fate >= 0.9), anything, shown), hidden


def pretrain(model: BertForMaskedLM, tokenizer: BertTokenizer, texts: list[str]) -> None:
    encoded = [tokenizer(text)["input_ids"] for text in texts]
    steps = EPOCHS * -(-len(encoded) // BATCH)
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=0.01)
    schedule = get_linear_schedule_with_warmup(optimizer, int(steps * WARMUP_SHARE), steps)
    model.train()
    for epoch in range(EPOCHS):
        total = 0.0
        for rows in torch.randperm(len(encoded)).split(BATCH):
            batch = tokenizer.pad({"input_ids": [encoded[row] for row in rows]}, return_tensors="pt")
            ids = batch["input_ids"]
            shown, hidden = hide(ids, tokenizer)
            states = model.bert(input_ids=shown, attention_mask=batch["attention_mask"]).last_hidden_state
            # Only the hidden tokens are predicted: the vocabulary is most of the work.
            loss = cross_entropy(model.cls(states[hidden]), ids[hidden])
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            total += loss.item() * len(rows)
        print(f"epoch {epoch + 1}/{EPOCHS}: loss {total / len(encoded):.4f}", flush=True)


def save_encoder(model: BertForMaskedLM, tokenizer: BertTokenizer, folder: Path) -> None:
    """The directory that save_pretrained leaves, less the language model's head."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save_pretrained(folder)
    model.config.architectures = ["BertModel"]
    model.config.dtype = torch.float32
    model.config.save_pretrained(folder)
    encoder = {name: tensor for name, tensor in model.state_dict().items() if name.startswith("bert.")}
    save_file(encoder, folder / "model.safetensors", metadata={"format": "pt"})
    size = sum(file.stat().st_size for file in folder.iterdir())
    if size > MAX_BYTES:
        raise SystemExit(f"{folder} holds {size} bytes, more than {MAX_BYTES}")


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_FOLDER
    torch.manual_seed(SEED)
    torch.set_num_threads(THREADS)
    torch.use_deterministic_algorithms(True)
    texts = read_unlabelled(folder)
    tokenizer = learn_tokenizer(texts)
    model = small_bert(len(tokenizer))
    pretrain(model, tokenizer, texts)
    save_encoder(model, tokenizer, folder / MODEL)


if __name__ == "__main__":
    main()
