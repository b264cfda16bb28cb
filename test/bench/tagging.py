"""scikit-learn's figures and logistic regression on the tagging bench's numbers. Arguments: folder, features, tags, penalty."""

import json
import sys
import time
from pathlib import Path

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score

folder, features, tags, penalty = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
rows = np.fromfile(folder / "embeddings", np.float32).reshape(-1, features).astype(np.float64)
answers = np.fromfile(folder / "answers", np.uint8).reshape(-1, tags)
truth = np.fromfile(folder / "truth", np.uint8).reshape(-1, tags)
rest = np.fromfile(folder / "rest", np.float64).reshape(-1, tags)

started = time.perf_counter()
areas = [float(roc_auc_score(truth[:, tag], rest[:, tag])) for tag in range(tags)]
precisions = [float(average_precision_score(truth[:, tag], rest[:, tag])) for tag in range(tags)]
mixed = (truth.sum(1) > 0) & (truth.sum(1) < tags)
roc_auc_score(truth[mixed], rest[mixed], average="samples")
average_precision_score(truth[truth.sum(1) > 0], rest[truth.sum(1) > 0], average="samples")
roc_auc_score(truth, rest, average="micro")
average_precision_score(truth, rest, average="micro")
metric_seconds = time.perf_counter() - started

deviation = rows.std(0)
deviation[deviation == 0] = 1
standard = (rows - rows.mean(0)) / deviation
started = time.perf_counter()
logits = np.zeros((len(rows), tags))
for tag in range(tags):
    own = answers[:, tag]
    weights = np.where(own == 1, 1 / (2 * (own == 1).sum()), 1 / (2 * (own == 0).sum()))
    head = LogisticRegression(C=1 / penalty, max_iter=1000).fit(standard, own, sample_weight=weights)
    logits[:, tag] = head.decision_function(standard)
fit_seconds = time.perf_counter() - started

answer = {
    "areas": areas,
    "precisions": precisions,
    "metricSeconds": metric_seconds,
    "logits": logits.ravel().tolist(),
    "fitSeconds": fit_seconds,
    "version": sklearn.__version__,
}
(folder / "reference.json").write_text(json.dumps(answer))
