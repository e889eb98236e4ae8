"""Starts papermill: execute.py NOTEBOOK EXECUTED --parameters_file FILE ... What it says is shortened, and names cells as their author counts them."""

import json
import logging
import os
import re
import sys

from papermill.cli import papermill
from papermill.exceptions import PapermillExecutionError


def names(notebook, has_parameters):
    """The name of each cell that papermill executes; None for those that are not the author's, or not code."""
    with open(notebook, encoding="utf-8") as file:
        cells = json.load(file)["cells"]
    tags = [cell["metadata"].get("tags", []) for cell in cells]
    result, number = [], 0
    for cell, tagged in zip(cells, tags):
        is_own = "injected-parameters" not in tagged and "papermill-error-cell-tag" not in tagged
        number += is_own
        if "papermill-error-cell-tag" not in tagged:
            result.append(f"[cell {number}]" if is_own and cell["cell_type"] == "code" else None)
    if has_parameters and not any("injected-parameters" in tagged for tagged in tags):
        own = [index for index, tagged in enumerate(tags) if "parameters" in tagged]
        result.insert(own[0] + 1 if own else 0, None)
    return result


class Shortened(logging.Filter):
    def __init__(self, cells):
        super().__init__()
        self.cells = cells

    def filter(self, record):
        message = record.getMessage()
        begun = re.fullmatch(r"Executing Cell (\d+)-*", message)
        if begun and int(begun[1]) <= len(self.cells):
            record.msg, record.args = self.cells[int(begun[1]) - 1], ()
            return record.msg is not None
        return not re.match(r"(Ending Cell \d+-|Input Notebook: |Output Notebook: |Working directory: )", message)


parameters = sys.argv[sys.argv.index("--parameters_file") + 1]
notebook = sys.argv[1].format()  # as papermill reads it: braces are doubled
logging.getLogger("papermill").addFilter(Shortened(names(notebook, os.path.getsize(parameters) > 0)))
try:
    papermill()
except PapermillExecutionError as failure:  # papermill's own traceback is about papermill
    sys.exit(str(failure))
