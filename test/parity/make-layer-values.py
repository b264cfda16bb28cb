"""Makes the values that test/parity/layer-values.test.ts compares with, in test/parity/values/layers.json: a probe on a sum of layers weighted by the softmax of
learnt numbers (as SUPERB's and MARBLE's code sums them), its loss and gradients on a batch, and one that learnt for 30 full batches, by PyTorch in 64 bits.
Needs torch and numpy. Run: python test/parity/make-layer-values.py, then npm run format"""

import json
import pathlib

import numpy as np
import torch

torch.set_default_dtype(torch.float64)
random = np.random.default_rng(41)
draw = lambda *shape: torch.tensor(random.normal(size=shape).round(3))
numbers = lambda tensor: [round(float(value), 9) for value in tensor.detach().flatten()]
layers, dimensions, hidden, outputs, rows = 3, 4, 5, 2, 12


def logits_of(weights, data):
    shares = torch.softmax(weights["layers.weight"], 0)
    summed = (data * shares[None, :, None]).sum(1)
    units = torch.relu(torch.nn.functional.linear(summed, weights["hidden.weight"], weights["hidden.bias"]))
    return torch.nn.functional.linear(units, weights["fc.weight"], weights["fc.bias"])


def first(of_layers):
    weights = {
        "hidden.weight": draw(hidden, dimensions),
        "hidden.bias": draw(hidden),
        "fc.weight": draw(outputs, hidden),
        "fc.bias": draw(outputs),
        "layers.weight": of_layers,
    }
    return {name: tensor.requires_grad_() for name, tensor in weights.items()}


data = draw(rows, layers, dimensions)
answers = torch.tensor(random.integers(0, 2, size=(rows, outputs)).astype(float))
loss_of = lambda weights: torch.nn.functional.binary_cross_entropy_with_logits(logits_of(weights, data), answers)

weights = first(draw(layers))
loss = loss_of(weights)
loss.backward()
batch = {
    "weights": {name: numbers(tensor) for name, tensor in weights.items()},
    "loss": float(loss),
    "gradients": {name: numbers(tensor.grad) for name, tensor in weights.items()},
}

weights = first(torch.zeros(layers))
begun = {name: numbers(tensor) for name, tensor in weights.items()}
optimizer = torch.optim.Adam(weights.values(), lr=0.05)
for _ in range(30):
    optimizer.zero_grad()
    loss_of(weights).backward()
    optimizer.step()
learnt = {"first": begun, "shares": numbers(torch.softmax(weights["layers.weight"], 0)), "logits": numbers(logits_of(weights, data))}

values = {"rows": numbers(data), "answers": numbers(answers), "batch": batch, "learnt": learnt}
(pathlib.Path(__file__).parent / "values" / "layers.json").write_text(json.dumps(values))
