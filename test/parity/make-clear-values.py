"""Makes the values that test/parity/clear-values.test.ts compares with, in test/parity/values/clear.json: how clear features of a small sample are, in
NumPy's medians, variances and correlations, and Otsu's split by trying all. Needs numpy.
Run: python test/parity/make-clear-values.py, then npm run format"""

import json
import pathlib

import numpy as np

random = np.random.default_rng(4)
# Tracks of one segment and of an even number are among them.
counts = np.array([1, 4, 3, 6, 2, 5, 4, 3, 7, 2, 4])
levels = random.normal(size=len(counts)) * 6 - 20


def feature(between, within, shape):
    own = {"crowds": np.where(np.arange(len(counts)) % 2, 1.0, -1.0), "even": np.linspace(-1, 1, len(counts))[random.permutation(len(counts))],
           "uneven": np.where(np.arange(len(counts)) < 3, 2.0, 0.0), "normal": random.normal(size=len(counts))}[shape]
    return [between * own[track] + within * random.normal(size=count) for track, count in enumerate(counts)]


def held(values):
    ordered = np.sort(values)
    return np.clip(values, ordered[1], ordered[-2])


def clarity(tracks):
    centres = np.array([np.median(own) for own in tracks])
    within = np.median([np.sum((own - np.median(own)) ** 2) / (len(own) - 1) for own in tracks if len(own) > 1])
    total = np.var(held(centres), ddof=1)
    between = max(0, total - np.pi / 2 * within / np.median(counts))
    ordered = np.sort(held(centres))
    whole = np.sum((ordered - ordered.mean()) ** 2)
    split = max(
        1 - (np.sum((ordered[:at] - ordered[:at].mean()) ** 2) + np.sum((ordered[at:] - ordered[at:].mean()) ** 2)) / whole for at in range(1, len(ordered))
    )
    parted = np.clip((split - 0.75) / 0.25, 0, 1)
    loudness = np.corrcoef(held(centres), held(levels))[0, 1]
    return between / (between + within) * (0.6 + 0.4 * parted) * (1 - loudness**2)


features = [feature(2, 0.3, "crowds"), feature(3, 2, "crowds"), feature(3, 0.8, "even"), feature(1.5, 0.9, "normal"), feature(4, 1, "uneven"), feature(3, 0.9, "even")]
values = np.stack([np.concatenate(own) for own in features], axis=1).astype(np.float32)
starts = np.concatenate([[0], np.cumsum(counts)])
again = [[values[starts[track] : starts[track + 1], at].astype(np.float64) for track in range(len(counts))] for at in range(len(features))]
made = {
    "starts": starts.tolist(),
    "levels": levels.tolist(),
    "values": [float(x) for x in values.ravel()],
    "clarities": [float(clarity(own)) for own in again],
    "centres": [[float(np.median(own)) for own in tracks] for tracks in again],
}
print(made["clarities"])
(pathlib.Path(__file__).parent / "values" / "clear.json").write_text(json.dumps(made))
