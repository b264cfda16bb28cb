"""umap-learn and scikit-learn's t-SNE on the map bench's rows, and how many neighbours every map keeps.

Arguments: folder (rows, and Earmark's places as umap and tsne, all float32), features. Prints a JSON document.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import sklearn
import umap
from sklearn.manifold import TSNE, trustworthiness
from sklearn.neighbors import NearestNeighbors

folder, features = Path(sys.argv[1]), int(sys.argv[2])
rows = np.fromfile(folder / "rows", np.float32).reshape(-1, features)
KEPT = 15


def nearest(points):
    return NearestNeighbors(n_neighbors=KEPT + 1).fit(points).kneighbors(points)[1][:, 1:]


def figures(places):
    pairs = zip(nearest(rows), nearest(places))
    return {
        "kept": float(np.mean([len(set(a) & set(b)) / KEPT for a, b in pairs])),
        "trust": float(trustworthiness(rows, places, n_neighbors=KEPT)),
    }


def timed(run):
    start = time.perf_counter()
    places = run()
    return {"seconds": time.perf_counter() - start, **figures(places)}


theirs = {
    "umap": lambda: umap.UMAP(random_state=1).fit_transform(rows),
    "tsne": lambda: TSNE(random_state=1, n_jobs=2).fit_transform(rows),
}
print(json.dumps({
    "versions": {"umap": f"umap-learn {umap.__version__}", "tsne": f"scikit-learn {sklearn.__version__}"},
    "ours": {name: figures(np.fromfile(folder / name, np.float32).reshape(-1, 2)) for name in theirs},
    "theirs": {name: timed(run) for name, run in theirs.items()},
}))
