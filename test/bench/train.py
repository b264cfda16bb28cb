"""PyTorch's part of the training bench. Arguments: a way, a batch, and a recipe's settings as JSON. Prints a line of JSON when it has warmed up, with the
seconds of a step; then, for each number on stdin, takes so many steps and prints seconds a step and the peak of its memory."""

import contextlib
import json
import resource
import sys
import time
import warnings

import torch

from torch_models import create

warnings.filterwarnings("ignore")
WARM_UP = 2


def optimizer_of(model, settings):
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    rates = {"lr": settings["learningRate"], "betas": (settings["beta1"], settings["beta2"]), "eps": settings["epsilon"]}
    kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[settings["kind"]]
    return kind(trained, **rates, weight_decay=settings["weightDecay"])


def main():
    way, batch, settings = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])
    if "bfloat16" in way and not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        # In software it takes minutes a step, and tells nothing.
        print(json.dumps({"seconds": None}), flush=True)
        return
    torch.manual_seed(0)
    model = create(settings, image="image" in way)
    if "channels-last" in way:
        model = model.to(memory_format=torch.channels_last)
    run = torch.compile(model) if "compile" in way else model
    optimizer = optimizer_of(model, settings["optimizer"])
    data = model.batch(batch)
    precision = (lambda: torch.autocast("cpu", torch.bfloat16)) if "bfloat16" in way else contextlib.nullcontext
    follow = getattr(model, "follow", lambda: None)

    def step():
        optimizer.zero_grad()
        with precision():
            loss = run(*data)
        loss.backward()
        optimizer.step()
        follow()
        return loss.item()

    def timed(count):
        started = time.perf_counter()
        losses = [step() for _ in range(count)]
        return (time.perf_counter() - started) / count, losses

    _, losses = timed(WARM_UP - 1)
    seconds, more = timed(1)
    print(json.dumps({"torch": torch.__version__, "seconds": seconds, "losses": losses + more}), flush=True)
    for line in sys.stdin:
        seconds, _ = timed(int(line))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "megabytes": peak}), flush=True)


main()
