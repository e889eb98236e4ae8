"""Traces a model of a directory: trace.py DIRECTORY ARCHIVE, as docs/models.md shows."""
import sys

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

directory, archive = sys.argv[1:]
tokenizer = AutoTokenizer.from_pretrained(directory, local_files_only=True)
model = AutoModelForSequenceClassification.from_pretrained(directory, local_files_only=True).eval()
example = tokenizer(["milk", "bread and butter"], padding=True, return_tensors="pt")
traced = torch.jit.trace(model, (example["input_ids"], example["attention_mask"]), strict=False)
traced.save(archive)
