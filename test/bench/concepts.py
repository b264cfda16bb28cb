"""The twin of learning concepts: the same rows, first weights and order, by PyTorch's autograd and its Adam. Argument: a folder with `rows`, `directions`
(float32), `order` (int32) and `settings.json`. Prints a JSON document."""

import importlib.util
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch

folder = Path(sys.argv[1])
settings = json.loads((folder / "settings.json").read_text())
dimensions, latents, batch, steps = (settings[name] for name in ("dimensions", "latents", "batch", "steps"))
path = Path(__file__).parents[1] / "parity" / "make-concept-values.py"
spec = importlib.util.spec_from_file_location("concept_values", path)
twins = importlib.util.module_from_spec(spec)
spec.loader.exec_module(twins)

rows = torch.from_numpy(np.fromfile(folder / "rows", np.float32).reshape(-1, dimensions))
order = torch.from_numpy(np.fromfile(folder / "order", np.int32).reshape(steps, batch).astype(np.int64))
directions = torch.from_numpy(np.fromfile(folder / "directions", np.float32).reshape(latents, dimensions))
model = twins.TwinAutoencoder(dimensions, latents, settings["active"], settings["mostRevived"], settings["auxiliaryShare"])
with torch.no_grad():
    model.encoder_weight.copy_(directions)
    model.decoder_weight.copy_(directions)
optimizer = torch.optim.Adam(model.parameters(), lr=settings["rates"][0])
idle, loss = torch.zeros(latents), None
start = time.perf_counter()
for step in range(steps):
    optimizer.param_groups[0]["lr"] = settings["rates"][step]
    optimizer.zero_grad()
    total, own, _, kept = model.total(rows[order[step]], (idle >= settings["deadAfterSteps"]).float())
    total.backward()
    model.project()
    optimizer.step()
    model.normalise()
    idle = torch.where((kept > 0).any(0), 0, idle + 1)
    loss = own.item() if loss is None else loss + 0.02 * (own.item() - loss)
answer = {"seconds": time.perf_counter() - start, "loss": loss, "dead": int((idle >= settings["deadAfterSteps"]).sum())}
print(json.dumps({"version": f"PyTorch {torch.__version__}", "answer": answer}))
