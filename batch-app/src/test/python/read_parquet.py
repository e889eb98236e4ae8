"""Prints what PyArrow reads of a Parquet file: a JSON object of its columns' types, then its rows as JSON, one a line.

    python read_parquet.py FILE
"""

import json
import sys

import pyarrow.parquet as parquet


def main(file: str) -> None:
    table = parquet.read_table(file)
    print(json.dumps({field.name: str(field.type) for field in table.schema}))
    for row in table.to_pylist():
        print(json.dumps(row))


if __name__ == "__main__":
    main(sys.argv[1])
