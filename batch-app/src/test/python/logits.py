"""Prints what Hugging Face transformers makes of texts: the logits of a classifier, one JSON list per text.

    python logits.py MODEL_DIRECTORY < texts.json

The texts are a JSON list. The model is loaded from its directory alone; a hub is never asked.
"""

import json
import sys

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer


def main(directory: str) -> None:
    tokenizer = AutoTokenizer.from_pretrained(directory, local_files_only=True)
    model = AutoModelForSequenceClassification.from_pretrained(directory, local_files_only=True).eval()
    for text in json.load(sys.stdin):
        with torch.inference_mode():
            logits = model(**tokenizer(text, truncation=True, return_tensors="pt")).logits[0]
        print(json.dumps(logits.tolist()))


if __name__ == "__main__":
    main(sys.argv[1])
