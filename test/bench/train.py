"""PyTorch's part of the training bench: CLMR's step (SampleCNN, projector, NT-Xent, Adam) on random clips. Arguments: a way and a batch. Prints a line
of JSON when it has warmed up; then, for each line on stdin, takes steps and prints seconds a step and the peak of its memory."""

import json
import resource
import sys
import time
import warnings

import torch
import torch.nn.functional as F
from torch import nn

warnings.filterwarnings("ignore")
CHANNELS = (128, 128, 128, 256, 256, 256, 256, 256, 256, 512, 512)
STEPS = 2


class SampleCnn(nn.Module):
    """CLMR's encoder with its projector; `image` runs it as two-dimensional convolutions of height one, which have a channels-last layout."""

    def __init__(self, image):
        super().__init__()
        self.image = image
        convolution, norm, pool = (nn.Conv2d, nn.BatchNorm2d, nn.MaxPool2d) if image else (nn.Conv1d, nn.BatchNorm1d, nn.MaxPool1d)
        size = (lambda value: (1, value)) if image else (lambda value: value)
        padding = (0, 1) if image else 1
        layers, inside = [], 1
        for index, outside in enumerate(CHANNELS):
            first, last = index == 0, index == len(CHANNELS) - 1
            block = [convolution(inside, outside, size(3), size(3) if first else 1, 0 if first else padding), norm(outside), nn.ReLU()]
            if not first and not last:
                block.append(pool(size(3), size(3)))
            layers.append(nn.Sequential(*block))
            inside = outside
        self.sequential = nn.Sequential(*layers)
        self.projector = nn.Sequential(nn.Linear(512, 512, bias=False), nn.ReLU(), nn.Linear(512, 64, bias=False))

    def forward(self, wave):
        wave = wave.unsqueeze(2) if self.image else wave
        return self.projector(self.sequential(wave).flatten(1))


def nt_xent(first, second, temperature=0.5):
    views = F.normalize(torch.cat([first, second]), dim=1)
    count = first.shape[0]
    similarities = views @ views.T / temperature
    similarities = similarities.masked_fill(torch.eye(2 * count, dtype=torch.bool), -1e9)
    return F.cross_entropy(similarities, torch.cat([torch.arange(count, 2 * count), torch.arange(count)]))


def main():
    way, batch = sys.argv[1], int(sys.argv[2])
    torch.manual_seed(0)
    model = SampleCnn(image="image" in way)
    if "channels-last" in way:
        model = model.to(memory_format=torch.channels_last)
    run = torch.compile(model) if "compile" in way else model
    optimizer = torch.optim.Adam(model.parameters(), 3e-4, weight_decay=1e-6)
    waves = [torch.randn(batch, 1, 59049) * 0.1 for _ in range(2)]

    def step():
        optimizer.zero_grad()
        loss = nt_xent(run(waves[0]), run(waves[1]))
        loss.backward()
        optimizer.step()
        return loss.item()

    for _ in range(2):
        step()
    print(json.dumps({"torch": torch.__version__}), flush=True)
    for _ in sys.stdin:
        started = time.perf_counter()
        for _ in range(STEPS):
            step()
        seconds = (time.perf_counter() - started) / STEPS
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "megabytes": peak}), flush=True)


main()
