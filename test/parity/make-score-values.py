"""Makes the values that test/parity/score-values.test.ts compares with, in test/parity/values/scores.json: mir_eval's weighted key score of all pairs of
keys, scikit-learn's R² with and without weights. Needs numpy, scikit-learn and mir_eval.
Run: python test/parity/make-score-values.py, then npm run format"""

import json
import pathlib

import mir_eval
import numpy as np
from sklearn.metrics import r2_score

names = ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]
keys = [f"{name} {mode}" for name in names for mode in ("major", "minor")]
scores = [[mir_eval.key.weighted_score(truth, guess) for guess in keys] for truth in keys]

random = np.random.default_rng(14)
truth = random.normal(size=17).round(3)
predicted = (truth * 0.7 + random.normal(size=17) * 0.5).round(3)
weights = random.uniform(0, 2, size=17).round(2)
regression = {
    "truth": truth.tolist(),
    "predicted": predicted.tolist(),
    "weights": weights.tolist(),
    "plain": r2_score(truth, predicted),
    "weighted": r2_score(truth, predicted, sample_weight=weights),
    "far": r2_score(truth, -3 * predicted),
}

out = pathlib.Path(__file__).parent / "values" / "scores.json"
out.write_text(json.dumps({"keys": keys, "scores": scores, "regression": regression}))
