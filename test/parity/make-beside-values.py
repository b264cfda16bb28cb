"""Makes test/parity/values/beside.json: alignment of spaces by numpy from whole matrices, matched neurons and names by scipy, neighbours by scikit-learn, top segments by
numpy. Needs numpy, scipy, scikit-learn. No argument.

Rows are drawn by the formula of make-inspect-values.py."""

import json
import pathlib

import numpy
from scipy.optimize import linear_sum_assignment
from scipy.stats import hypergeom
from sklearn.neighbors import NearestNeighbors

here = pathlib.Path(__file__).parent


def drawn(seed, count):
    x = numpy.sin(seed * (numpy.arange(count) + 1) * 12.9898) * 43758.5453
    return (x - numpy.floor(x)).astype(numpy.float32)


def spaces(count, first, second):
    """Rows of two spaces of which some neurons follow one another; the second neuron of the first space is constant."""
    own = drawn(51, count * first).reshape(count, first)
    own[:, 1] = 0.5
    its = drawn(52, count * second).reshape(count, second)
    shared = min(first, second) // 2
    for neuron in range(shared):
        sign = numpy.float32(-1 if neuron == 2 else 1)
        its[:, second - 1 - neuron] = sign * own[:, neuron] + numpy.float32(0.25) * its[:, second - 1 - neuron]
    return own, its


def independence(k, l):
    """Song et al. 2012, equation 5."""
    n = len(k)
    k, l = k - numpy.diag(numpy.diag(k)), l - numpy.diag(numpy.diag(l))
    one = numpy.ones(n)
    first = numpy.trace(k @ l)
    second = (one @ k @ one) * (one @ l @ one) / ((n - 1) * (n - 2))
    third = 2 / (n - 2) * (one @ k @ l @ one)
    return (first + second - third) / (n * (n - 3))


def alignment(x, y):
    x, y = x.astype(numpy.float64), y.astype(numpy.float64)
    x, y = x - x.mean(0), y - y.mean(0)
    k, l = x @ x.T, y @ y.T
    return independence(k, l) / numpy.sqrt(independence(k, k) * independence(l, l))


def matched(x, y):
    x, y = x.astype(numpy.float64), y.astype(numpy.float64)
    alive = [i for i in range(x.shape[1]) if x[:, i].std() > 0]
    r = numpy.corrcoef(x[:, alive].T, y.T)[: len(alive), len(alive) :]
    rows, columns = linear_sum_assignment(-numpy.abs(r))
    pairs = sorted(((alive[a], int(b), float(r[a, b])) for a, b in zip(rows, columns)), key=lambda p: (-abs(p[2]), p[0]))
    best = [(alive[a], int(numpy.abs(r[a]).argmax()), float(r[a, numpy.abs(r[a]).argmax()])) for a in range(len(alive))]
    best.sort(key=lambda p: (abs(p[2]), p[0]))
    return {"pairs": pairs, "best": best, "dead": x.shape[1] - len(alive)}


def assigned(rows, columns):
    gains = drawn(72, rows * columns).astype(numpy.float64).reshape(rows, columns)
    return {"rows": rows, "columns": columns, "chosen": linear_sum_assignment(-gains)[1].tolist()}


def neighbours(rows, queries, k):
    rows = rows.astype(numpy.float64)
    rows = rows - rows.mean(0)
    distances, places = NearestNeighbors(n_neighbors=k + 1, metric="cosine", algorithm="brute").fit(rows).kneighbors(rows[queries])
    return {"places": places[:, 1:].tolist(), "cosines": (1 - distances[:, 1:]).tolist()}


def tops(width):
    """Two sides of 12 tracks of 4 segments; of each six tracks have two top segments."""
    found = []
    for side in range(2):
        music = drawn(61 + side, 48 * width).reshape(48, width).astype(numpy.float64)
        top = drawn(63 + side, 12 * width).reshape(12, width).astype(numpy.float64) + 0.5 * drawn(65, width)
        found.append((music, top))
    variance = numpy.mean([music.var(0) for music, _ in found], 0)
    standing = [(top.mean(0) - music.mean(0)) / numpy.sqrt(variance) for music, top in found]
    a, b = standing
    return {"width": width, "standing": [a.tolist(), b.tolist()], "likeness": float(a @ b / numpy.sqrt((a @ a) * (b @ b)))}


def tails():
    cases = [(3, 5, 6, 40), (0, 5, 6, 40), (5, 5, 6, 40), (8, 10, 300, 5000), (2, 12, 8, 15)]
    return [{"count": c, "drawn": d, "bearing": b, "tracks": t, "tail": float(hypergeom.sf(c - 1, t, b, d))} for c, d, b, t in cases]


count, first, second = 40, 9, 7
own, its = spaces(count, first, second)
queries = [0, 7, 39]
values = {
    "count": count,
    "first": first,
    "second": second,
    "alignment": {"both": alignment(own, its), "turned": alignment(own, own @ numpy.linalg.qr(drawn(53, first * first).reshape(first, first).astype(numpy.float64))[0] * 3)},
    "matched": matched(own, its),
    "turnedMatch": [[int(b), int(a), r] for a, b, r in matched(own, its)["pairs"]],
    "assigned": assigned(30, 40),
    "queries": queries,
    "neighbours": [neighbours(own, queries, 5), neighbours(its, queries, 5)],
    "tops": tops(6),
    "tails": tails(),
}
(here / "values" / "beside.json").write_text(json.dumps(values, separators=(",", ":")) + "\n")
