"""Reads the result of an infer step, and draws numbers. A module beside the notebook, so that the notebook stays short."""

import json
from pathlib import Path

import matplotlib.pyplot as plt
import pyarrow as pa
import pyarrow.parquet as parquet
from IPython.display import Markdown


def read_result(folder):
    """The rows of a result. Its manifest lists the shards; other files in the folder are not part of it."""
    folder = Path(folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    if not manifest["shards"]:
        raise ValueError(f"{folder} has no rows")
    return pa.concat_tables(parquet.read_table(folder / shard["name"]) for shard in manifest["shards"])


def as_markdown(table):
    """A small table, for people."""
    sides = [":---" if pa.types.is_string(field.type) else "---:" for field in table.schema]
    rows = [table.column_names, sides]
    rows += [[text(value) for value in row.values()] for row in table.to_pylist()]
    return Markdown("\n".join("| " + " | ".join(row) + " |" for row in rows))


def text(value):
    return f"{value:.3f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def draw_bars(names, values, title, file):
    """Horizontal bars with their values, the longest on top."""
    figure, axes = plt.subplots(figsize=(7, 0.5 * len(names) + 0.8), layout="constrained")
    bars = axes.barh(names, values, color="#31688e", height=0.7)
    axes.bar_label(bars, labels=[text(value) for value in values], padding=4)
    axes.invert_yaxis()
    axes.margins(x=0.1, y=0.01)
    axes.set_title(title, loc="left", fontweight="bold")
    axes.xaxis.set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.spines[:].set_visible(False)
    figure.savefig(file, dpi=150)
