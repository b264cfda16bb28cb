"""Makes test/parity/values/map.json with scikit-learn and umap-learn. Needs numpy, scikit-learn, umap-learn. No argument.

Rows are made by a formula that the test repeats, so that none need be stored.
"""

import json
from pathlib import Path

import numpy
import umap
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from sklearn.manifold._utils import _binary_search_perplexity
from sklearn.neighbors import NearestNeighbors

COUNT, WIDTH, CLUSTERS, NEIGHBOURS, KEPT = 300, 8, 6, 14, 10


def drawn(seed, count):
    x = numpy.sin(seed * numpy.arange(1, count + 1, dtype=numpy.float64) * 12.9898) * 43758.5453
    return (x - numpy.floor(x)).astype(numpy.float32)


def rows():
    centres = drawn(1, CLUSTERS * WIDTH).reshape(CLUSTERS, WIDTH) * numpy.float32(3)
    return centres[numpy.arange(COUNT) % CLUSTERS] + drawn(2, COUNT * WIDTH).reshape(COUNT, WIDTH)


def nearest(points, k):
    distances, ids = NearestNeighbors(n_neighbors=k + 1).fit(points).kneighbors(points)
    return distances[:, 1:], ids[:, 1:]


def kept(points, places):
    pairs = zip(nearest(points, KEPT)[1], nearest(places, KEPT)[1])
    return float(numpy.mean([len(set(a) & set(b)) / KEPT for a, b in pairs]))


def main():
    points = rows()
    distances, ids = nearest(points, NEIGHBOURS)
    own = numpy.arange(COUNT)[:, None]
    graph, _, _ = umap.umap_.fuzzy_simplicial_set(
        points, NEIGHBOURS + 1, numpy.random.RandomState(0), "euclidean",
        knn_indices=numpy.hstack([own, ids]), knn_dists=numpy.hstack([numpy.zeros((COUNT, 1)), distances]).astype(numpy.float32),
    )
    dense = graph.toarray()
    shares = _binary_search_perplexity((distances**2).astype(numpy.float32), 5.0, 0)
    umaps = [kept(points, umap.UMAP(random_state=seed, init="pca").fit_transform(points)) for seed in range(1, 6)]
    values = {
        "count": COUNT, "width": WIDTH, "clusters": CLUSTERS, "k": NEIGHBOURS, "kept": KEPT,
        "neighbours": ids[:3].tolist(),
        "distances": distances[:3].tolist(),
        "fuzzy": [{"from": 0, "to": int(to), "weight": float(dense[0, to])} for to in numpy.nonzero(dense[0])[0]],
        "fuzzyTotal": float(dense.sum()),
        "conditional": shares[0].tolist(),
        "variances": PCA(2).fit(points).explained_variance_.tolist(),
        "umapKept": float(numpy.mean(umaps)),
        "tsneKept": float(numpy.mean([kept(points, TSNE(init="pca", random_state=seed).fit_transform(points)) for seed in (1, 2)])),
    }
    Path(__file__).with_name("values").joinpath("map.json").write_text(json.dumps(values, indent=2) + "\n")


main()
