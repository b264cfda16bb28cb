"""Makes test/parity/values/factors.json: varimax by scikit-learn, iterated to the end, eigenvectors by numpy, and segments' scores on the turned components as
least squares of the standardised rows on the loadings. Needs numpy, scikit-learn. No argument.

Rows of the components are drawn by the formula of make-inspect-values.py; neuron n follows hidden series n modulo 3 (the third: none), the last is constant."""

import json
import pathlib

import numpy
from sklearn.decomposition._factor_analysis import _ortho_rotation

here = pathlib.Path(__file__).parent


def drawn(seed, count):
    x = numpy.sin(seed * (numpy.arange(count) + 1) * 12.9898) * 43758.5453
    return (x - numpy.floor(x)).astype(numpy.float32)


def rotation(seed, features, components):
    draw = numpy.random.default_rng(seed)
    simple = numpy.kron(numpy.eye(components), numpy.ones((features // components, 1))) + 0.15 * draw.standard_normal((features, components))
    turn = numpy.linalg.qr(draw.standard_normal((components, components)))[0]
    given = numpy.round(simple @ turn, 4)
    rotated = _ortho_rotation(given, method="varimax", tol=1e-15, max_iter=20000).T
    if rotated.shape != given.shape:
        rotated = rotated.T
    return {"features": features, "components": components, "given": given.ravel().tolist(), "rotated": rotated.ravel().tolist()}


def rows_of(segments, dimensions):
    hidden = [drawn(41, segments), drawn(42, segments), numpy.zeros(segments, numpy.float32)]
    noise = drawn(43, segments * dimensions).reshape(segments, dimensions) * numpy.float32(0.4)
    rows = noise + numpy.stack([hidden[neuron % 3] for neuron in range(dimensions)], 1)
    return rows.astype(numpy.float64)[:, :-1]


def components(segments, dimensions, count):
    rows = rows_of(segments, dimensions)
    standard = ((rows - rows.mean(0)) / rows.std(0)).astype(numpy.float32).astype(numpy.float64)
    values, vectors = numpy.linalg.eigh(standard.T @ standard / segments)
    order = numpy.argsort(-values)[:count]
    loadings = vectors[:, order] * numpy.sqrt(values[order])
    loadings = numpy.vstack([loadings, numpy.zeros(count)])
    return {"segments": segments, "dimensions": dimensions, "count": count, "variances": values[order].tolist(), "loadings": loadings.tolist()}


def scores(segments, dimensions, count):
    rows = rows_of(segments, dimensions)
    standard = (rows - rows.mean(0)) / rows.std(0)
    values, vectors = numpy.linalg.eigh(standard.T @ standard / segments)
    order = numpy.argsort(-values)[:count]
    given = vectors[:, order] * numpy.sqrt(values[order])
    turned = _ortho_rotation(given, method="varimax", tol=1e-15, max_iter=20000).T
    turned = turned.T if turned.shape != given.shape else turned
    turned = turned * numpy.sign(turned[numpy.abs(turned).argmax(0), range(count)])
    turned = turned[:, numpy.argsort(-(turned**2).sum(0))]
    return {"count": count, "scores": numpy.linalg.lstsq(turned, standard.T, rcond=None)[0].tolist()}


found = {"rotations": [rotation(7, 12, 3), rotation(8, 40, 5), rotation(9, 64, 8)], "components": components(120, 10, 3), "scored": scores(120, 10, 2)}
(here / "values" / "factors.json").write_text(json.dumps(found, separators=(",", ":")) + "\n")
