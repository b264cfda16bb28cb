"""PyTorch's part of the encode bench: an encoder in evaluation mode, at the best of several ways to run it and of several batch sizes. Arguments: a
safetensors file with the weights and `input.wave` [crops, samples], and the encoder's settings as JSON. SampleCNN has those weights; the others are made
of the settings alone. Prints one line of JSON when it has found the best way, with SampleCNN's embeddings; then, for each line on stdin, runs for about a
second and prints crops per second."""

import json
import sys
import time
import warnings

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

from torch_models import Data2vec, MelResNet, Vit

warnings.filterwarnings("ignore")
BATCHES = (1, 2, 4, 8, 16)
COMPILED_BATCHES = (1, 2, 4)
SCOUT_SECONDS = 0.6
ROUND_SECONDS = 1.2


class SampleCnn(nn.Module):
    """CLMR's encoder; `image` runs it as two-dimensional convolutions of height one, which have a channels-last layout."""

    def __init__(self, weights, image=False):
        super().__init__()
        self.image = image
        convolution, norm = (nn.Conv2d, nn.BatchNorm2d) if image else (nn.Conv1d, nn.BatchNorm1d)
        size = (lambda value: (1, value)) if image else (lambda value: value)
        padding = (0, 1) if image else 1
        layers = []
        for index in range(11):
            outside, inside, kernel = weights[f"sequential.{index}.0.weight"].shape
            first, last = index == 0, index == 10
            conv = convolution(inside, outside, size(kernel), size(3) if first else 1, 0 if first else padding)
            block = [conv, norm(outside), nn.ReLU()]
            if not first and not last:
                block.append(nn.MaxPool2d(size(kernel), size(kernel)) if image else nn.MaxPool1d(kernel, kernel))
            layers.append(nn.Sequential(*block))
        self.sequential = nn.Sequential(*layers)
        state = {name: value for name, value in weights.items() if name.startswith("sequential.")}
        if image:
            state = {name: value.unsqueeze(2) if name.endswith(".0.weight") else value for name, value in state.items()}
        self.load_state_dict(state, strict=False)
        self.eval()

    def forward(self, wave):
        """[batch, samples] to [batch, 512]."""
        x = wave.unsqueeze(1)
        return self.sequential(x.unsqueeze(2) if self.image else x).flatten(1)


class Heard(nn.Module):
    """What data2vec's encoder makes of a wave where nothing is masked: the last layer's mean over time."""

    def __init__(self, settings):
        super().__init__()
        self.model = Data2vec({"encoder": settings, "objective": {}})

    def forward(self, wave):
        model, x = self.model, F.layer_norm(wave, wave.shape[-1:]).unsqueeze(1)
        for convolution, norm in zip(model.convolutions, model.norms):
            x = F.gelu(norm(convolution(x).transpose(1, 2))).transpose(1, 2)
        return model.learner(model.projection(model.feature_norm(x.transpose(1, 2))))[0].mean(1)


def twin(weights, settings, image=False):
    """The model of an encoder's settings."""
    kind = settings["architecture"]
    if kind == "sample-cnn":
        return SampleCnn(weights, image)
    made = {
        "resnet": lambda: MelResNet(settings["depth"], settings["mel"]["sampleRate"]),
        "data2vec": lambda: Heard(
            {
                **settings,
                "size": "base" if settings["values"] == 768 else "small",
                "cropSeconds": settings["cropSamples"] / settings["sampleRate"],
            }
        ),
        "vit": lambda: Vit({"transformer": "small", "keptShare": 1, "sampleRate": settings["mel"]["sampleRate"]}),
    }
    return made[kind]().eval()


def ways(weights, settings):
    """Name, batch sizes and function of each way to run the model."""
    make = lambda image=False: twin(weights, settings, image)
    yield "eager", BATCHES, make()
    if settings["architecture"] in ("sample-cnn", "resnet"):
        yield "eager, channels last", BATCHES, make(True).to(memory_format=torch.channels_last)
    if settings["architecture"] == "sample-cnn":
        yield "eager, two-dimensional", BATCHES, make(True)
    try:
        traced = torch.jit.trace(make(), torch.zeros(1, weights["input.wave"].shape[1]))
        yield "frozen and optimised for inference", COMPILED_BATCHES, torch.jit.optimize_for_inference(torch.jit.freeze(traced))
    except Exception as error:
        print(f"not measured: {error}", file=sys.stderr)
    yield "torch.compile", COMPILED_BATCHES, torch.compile(make(), dynamic=False)


def rate(function, waves, seconds):
    """Crops per second."""
    with torch.inference_mode():
        count, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds or count == 0:
            function(waves)
            count += len(waves)
        return count / (time.perf_counter() - start)


def main():
    weights, settings = load_file(sys.argv[1]), json.loads(sys.argv[2])
    source = weights["input.wave"]
    best = (0.0, "", 0, None, None)
    for name, batches, function in ways(weights, settings):
        for batch in batches:
            waves = source.repeat(-(-batch // len(source)), 1)[:batch].contiguous()
            try:
                rate(function, waves, 0.3)
                found = rate(function, waves, SCOUT_SECONDS)
            except Exception as error:
                print(f"{name}, batch {batch}: {error}", file=sys.stderr)
                continue
            print(f"{name}, batch {batch}: {found:.1f} crops/s", file=sys.stderr)
            if found > best[0]:
                best = (found, name, batch, function, waves)
    _, name, batch, function, waves = best
    embeddings = None
    if settings["architecture"] == "sample-cnn":
        with torch.inference_mode():
            embeddings = SampleCnn(weights)(source).flatten().tolist()
    print(json.dumps({"torch": torch.__version__, "way": name, "batch": batch, "embeddings": embeddings}), flush=True)
    for _ in sys.stdin:
        print(json.dumps({"cropsPerSecond": rate(function, waves, ROUND_SECONDS)}), flush=True)


main()
