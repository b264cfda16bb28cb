"""Makes the values that test/parity/probe-values.test.ts compares with, in test/parity/values/probes.json: PyTorch's loss and gradients of a probe on a
batch of each kind, its ReduceLROnPlateau and CosineAnnealingLR, a linear probe learnt to its end by full batches, and scikit-learn's figures.
Needs torch, numpy and scikit-learn. Run: python test/parity/make-probe-values.py, then npm run format"""

import json
import pathlib

import numpy as np
import torch
from sklearn.metrics import accuracy_score, average_precision_score, r2_score, roc_auc_score

torch.manual_seed(14)
random = np.random.default_rng(14)
numbers = lambda tensor: [round(float(value), 9) for value in tensor.detach().double().flatten()]


def batch_of(kind, hidden, rows=7, dimensions=5, outputs=3):
    torch.set_default_dtype(torch.float64)
    data = torch.tensor(random.normal(size=(rows, dimensions)).round(3))
    layers = {}
    last = dimensions
    if hidden:
        layers["hidden.weight"] = torch.tensor(random.normal(size=(hidden, dimensions)).round(3))
        layers["hidden.bias"] = torch.tensor(random.normal(size=hidden).round(3))
        last = hidden
    layers["fc.weight"] = torch.tensor(random.normal(size=(outputs, last)).round(3))
    layers["fc.bias"] = torch.tensor(random.normal(size=outputs).round(3))
    for tensor in layers.values():
        tensor.requires_grad_()
    kept = torch.tensor(random.integers(0, 2, size=(rows, hidden or 1)) / 0.5) if hidden else None
    logits = data
    if hidden:
        logits = torch.relu(torch.nn.functional.linear(data, layers["hidden.weight"], layers["hidden.bias"])) * kept
    logits = torch.nn.functional.linear(logits, layers["fc.weight"], layers["fc.bias"])
    if kind == "tags":
        answers = torch.tensor(random.integers(0, 2, size=(rows, outputs)).astype(float))
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, answers)
    elif kind == "classes":
        classes = torch.tensor(random.integers(0, outputs, size=rows))
        answers = torch.nn.functional.one_hot(classes, outputs).double()
        loss = torch.nn.functional.cross_entropy(logits, classes)
    else:
        answers = torch.tensor(random.normal(size=(rows, outputs)).round(3))
        loss = torch.nn.functional.mse_loss(logits, answers)
    loss.backward()
    return {
        "kind": kind,
        "shape": {"dimensions": dimensions, "hidden": hidden, "outputs": outputs},
        "rows": numbers(data),
        "answers": numbers(answers),
        "kept": numbers(kept) if hidden else None,
        "weights": {name: numbers(tensor) for name, tensor in layers.items()},
        "loss": float(loss),
        "gradients": {name: numbers(tensor.grad) for name, tensor in layers.items()},
    }


def plateau(losses, factor, patience):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.4)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=factor, patience=patience)
    rates = []
    for loss in losses:
        schedule.step(loss)
        rates.append(optimizer.param_groups[0]["lr"])
    return {"losses": losses, "factor": factor, "patience": patience, "rate": 0.4, "rates": rates}


def cosine(epochs):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.8)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=epochs)
    rates = []
    for _ in range(epochs):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return {"rate": 0.8, "rates": rates}


def figures():
    """Twelve clips of 1 to 3 segments; clip 3 has no label, clip 5 all. Means of logits, and of probabilities."""
    counts = [int(one) for one in random.integers(1, 4, size=12)]
    labels = random.integers(0, 2, size=(12, 4))
    labels[3] = 0
    labels[5] = 1
    logits = random.normal(size=(sum(counts), 4)).round(3)
    clip = np.repeat(np.arange(12), counts)
    by_clip = lambda values: np.stack([values[clip == one].mean(0) for one in range(12)])
    sigmoid = 1 / (1 + np.exp(-logits))

    def told(said):
        mixed = [row for row in range(12) if 0 < labels[row].sum() < 4]
        some = [row for row in range(12) if labels[row].sum() > 0]
        return {
            "averagePrecision": average_precision_score(labels, said, average="macro"),
            "rocAuc": roc_auc_score(labels, said, average="macro"),
            # Clips without a label have neither; of clips with all, precision is 1 and ROC-AUC is not defined.
            "averagePrecisionByClip": float(np.mean([average_precision_score(labels[row], said[row]) for row in some])),
            "rocAucByClip": float(np.mean([roc_auc_score(labels[row], said[row]) for row in mixed])),
        }

    classes = random.integers(0, 4, size=12)
    truth = random.normal(size=(12, 4)).round(3)
    said = by_clip(logits)
    return {
        "counts": counts,
        "labels": labels.flatten().tolist(),
        "logits": logits.flatten().tolist(),
        "ofLogits": told(said),
        "ofProbabilities": told(by_clip(sigmoid)),
        "classes": classes.tolist(),
        "accuracy": accuracy_score(classes, said.argmax(1)),
        "numbers": truth.flatten().tolist(),
        "r2": r2_score(truth, said),
    }


def learnt():
    """A linear probe on 24 rows, full batches, Adam with PyTorch's decay, from given weights: the loss of each of 40 steps."""
    rows, dimensions, outputs = 24, 6, 3
    data = torch.tensor(random.normal(size=(rows, dimensions)).round(3))
    answers = torch.tensor(random.integers(0, 2, size=(rows, outputs)).astype(float))
    layer = torch.nn.Linear(dimensions, outputs)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(random.normal(size=(outputs, dimensions)).round(3)))
        layer.bias.copy_(torch.tensor(random.normal(size=outputs).round(3)))
    first = {"fc.weight": numbers(layer.weight), "fc.bias": numbers(layer.bias)}
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.05, weight_decay=0.01)
    for _ in range(40):
        optimizer.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(layer(data), answers)
        loss.backward()
        optimizer.step()
    return {
        "rows": numbers(data),
        "answers": numbers(answers),
        "first": first,
        "logits": numbers(layer(data)),
    }


values = {
    "batches": [batch_of(kind, hidden) for kind in ("tags", "classes", "numbers") for hidden in (None, 4)],
    "plateau": plateau([1.0, 0.9, 0.9, 0.89999, 0.95, 0.91, 0.8, 0.81, 0.82, 0.83, 0.84, 0.85, 0.86], 0.1, 2),
    "cosine": cosine(8),
    "figures": figures(),
    "learnt": learnt(),
}
out = pathlib.Path(__file__).parent / "values" / "probes.json"
out.write_text(json.dumps(values))
