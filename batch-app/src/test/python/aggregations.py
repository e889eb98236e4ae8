"""What the token-classification pipeline of transformers answers with each aggregation_strategy.

    python aggregations.py DIRECTORY < texts.json

Writes a line of JSON for each strategy: its name, and for each text the entities.
"""

import json
import os
import sys
import warnings

os.environ["HF_HUB_OFFLINE"] = "1"
warnings.filterwarnings("ignore")

from transformers import AutoModelForTokenClassification, AutoTokenizer, pipeline

texts = json.load(sys.stdin)
tokenizer = AutoTokenizer.from_pretrained(sys.argv[1], local_files_only=True)
model = AutoModelForTokenClassification.from_pretrained(sys.argv[1], local_files_only=True)
for strategy in ["none", "simple", "first", "average", "max"]:
    pipe = pipeline("token-classification", model=model, tokenizer=tokenizer, aggregation_strategy=strategy)
    answers = [[{"entity": e.get("entity_group", e.get("entity")), "score": float(e["score"]), "start": int(e["start"]), "end": int(e["end"]),
                 "word": e["word"]} for e in pipe(text)] for text in texts]
    print(json.dumps({"strategy": strategy, "answers": answers}))
