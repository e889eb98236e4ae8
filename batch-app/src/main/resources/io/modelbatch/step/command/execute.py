"""Starts papermill. A cell that failed says why by itself; what papermill's own traceback adds is about papermill."""

import sys

from papermill.cli import papermill
from papermill.exceptions import PapermillExecutionError

try:
    papermill()
except PapermillExecutionError as failure:
    sys.exit(str(failure))
