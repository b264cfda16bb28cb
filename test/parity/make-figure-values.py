"""Makes test/parity/values/figures.json with numpy. Needs numpy. No argument.

Inputs are drawn by the formula of make-inspect-values.py: value i of a series is sin(seed * (i + 1) * 12.9898) * 43758.5453 modulo 1, rounded to float32."""

import json
import pathlib

import numpy

here = pathlib.Path(__file__).parent


def drawn(seed, count):
    x = numpy.sin(seed * (numpy.arange(count) + 1) * 12.9898) * 43758.5453
    return (x - numpy.floor(x)).astype(numpy.float32)


def spread(columns):
    columns = columns.astype(numpy.float64)
    low, middle, high = numpy.quantile(columns, [0.1, 0.5, 0.9], axis=0)
    return {"mean": columns.mean(0).tolist(), "low": low.tolist(), "middle": middle.tolist(), "high": high.tolist()}


def profile(rows):
    rows = rows.astype(numpy.float64)
    middle = (rows.max(1, keepdims=True) + rows.min(1, keepdims=True)) / 2
    return {
        "ranks": spread(-numpy.sort(-rows, axis=1)),
        "neurons": spread(rows),
        "responding": float((rows > middle).sum(1).mean()),
    }


def profiles():
    segments, others, dimensions = 37, 12, 6
    rows = (drawn(21, segments * dimensions) ** 3).reshape(segments, dimensions)
    other = (drawn(22, others * dimensions) ** 2 * numpy.float32(2)).reshape(others, dimensions)
    both = numpy.concatenate([rows, other]).astype(numpy.float64)
    mean, deviation = both.mean(0), both.std(0)
    standard = [((part - mean) / deviation) for part in (rows, other)]
    return {
        **{"segments": segments, "others": others, "dimensions": dimensions},
        **{"own": profile(rows), "standard": [profile(part) for part in standard]},
    }


(here / "values" / "figures.json").write_text(json.dumps({"profiles": profiles()}, separators=(",", ":")) + "\n")
