"""DuckDB's part of the sort bench: the same columns and questions as the store; reads JSON from stdin, prints times in ms by kind of question."""

import json
import os
import sys
import time

import duckdb
import numpy

CHUNK_ROWS = 65_536


def column(index, segments, feature):
    """One feature of all segments as float32."""
    parts = []
    for start in range(0, segments, CHUNK_ROWS):
        path = os.path.join(index, f"activations-{start // CHUNK_ROWS:04d}.f32")
        count = min(CHUNK_ROWS, segments - start)
        parts.append(numpy.fromfile(path, dtype="<f4", count=count, offset=feature * CHUNK_ROWS * 4))
    return numpy.concatenate(parts)


def load(connection, index, segments, features):
    """A table `segments` with a row number and a column a feature."""
    columns = {"row": numpy.arange(segments, dtype=numpy.int32)}
    columns |= {f"f{feature}": column(index, segments, feature) for feature in range(features)}
    connection.register("columns", columns)
    connection.execute("CREATE TABLE segments AS SELECT * FROM columns")
    connection.unregister("columns")


def statement(question):
    names = ", ".join(f"f{feature} AS c{i}" for i, feature in enumerate(question["columns"]))
    order = f'f{question["feature"]} {"DESC" if question["descending"] else "ASC"}'
    if "second" in question:
        order += f', f{question["second"]} DESC'
    return f'SELECT row, {names} FROM segments ORDER BY {order} LIMIT {question["limit"]} OFFSET {question["offset"]}'


def main():
    task = json.load(sys.stdin)
    connection = duckdb.connect(":memory:")
    load(connection, task["index"], task["segments"], task["features"])
    times = {}
    for kind, questions in task["questions"].items():
        times[kind] = []
        for question in questions:
            sql = statement(question)
            start = time.perf_counter()
            rows = connection.execute(sql).fetchall()
            times[kind].append((time.perf_counter() - start) * 1000)
            assert len(rows) == question["limit"]
    json.dump(times, sys.stdout)


main()
