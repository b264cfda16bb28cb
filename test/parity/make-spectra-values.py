"""Makes test/parity/values/spectra.json: gradient ascent by PyTorch as CLMR's branch v1 does it, and spectra by numpy. Needs numpy, torch. No argument.

Weights and first waves are drawn by the formula of make-inspect-values.py."""

import json
import pathlib

import numpy
import torch

here = pathlib.Path(__file__).parent
strides, channels, samples, shown = [3, 3, 2], [6, 7, 8, 9, 5], 729, [0, 3]


def drawn(seed, *shape):
    x = numpy.sin(seed * (numpy.arange(int(numpy.prod(shape))) + 1) * 12.9898) * 43758.5453
    return torch.tensor((x - numpy.floor(x)).astype(numpy.float32).reshape(shape)).double()


def block(layer):
    inputs = 1 if layer == 0 else channels[layer - 1]
    kernel = 3 if layer in (0, len(strides) + 1) else strides[layer - 1]
    convolution = torch.nn.Conv1d(inputs, channels[layer], kernel, stride=3 if layer == 0 else 1, padding=0 if layer == 0 else 1)
    norm = torch.nn.BatchNorm1d(channels[layer])
    with torch.no_grad():
        convolution.weight.data = drawn(100 + layer, channels[layer], inputs, kernel) - 0.5
        convolution.bias.data = drawn(200 + layer, channels[layer]) - 0.5
        norm.weight.data, norm.bias.data = drawn(300 + layer, channels[layer]) + 0.5, drawn(400 + layer, channels[layer]) - 0.5
        norm.running_mean.data, norm.running_var.data = drawn(500 + layer, channels[layer]) - 0.5, drawn(600 + layer, channels[layer]) + 0.5
    pool = [torch.nn.MaxPool1d(strides[layer - 1])] if 1 <= layer <= len(strides) else []
    return torch.nn.Sequential(convolution, norm, torch.nn.ReLU(), *pool).double().eval()


blocks = [block(layer) for layer in range(len(channels))]


def ascended(layer, filter_):
    wave = (drawn(700, channels[layer], 1, samples) - 0.5)[filter_ : filter_ + 1].clone().requires_grad_(True)
    optimizer = torch.optim.Adam([wave], lr=0.1, weight_decay=1e-6)
    for _ in range(17):
        optimizer.zero_grad()
        x = wave
        for below in blocks[:layer]:
            x = below(x)
        (-blocks[layer][0](x)[0, filter_].mean()).backward()
        optimizer.step()
    return wave.detach().numpy()[0, 0]


def spectrum(wave):
    n = numpy.arange(samples)
    magnitudes = numpy.abs(numpy.fft.rfft((wave - wave.mean()) * (0.54 - 0.46 * numpy.cos(2 * numpy.pi * n / samples))))
    return magnitudes / magnitudes.max()


layers = []
for layer in (1, 2, 4, 5):
    waves = [ascended(layer - 1, filter_) for filter_ in shown]
    layers.append({"layer": layer, "waves": [numpy.round(wave, 5).tolist() for wave in waves]})
waves = [numpy.sin(drawn(800 + at, 1).item() * 3 * numpy.arange(samples)) + 0.3 for at in range(3)]
spectra = [{"peak": int(spectrum(wave.astype(numpy.float32)).argmax()), "magnitudes": numpy.round(spectrum(wave.astype(numpy.float32))[::13], 7).tolist()} for wave in waves]
found = {"strides": strides, "channels": channels, "samples": samples, "shown": shown, "layers": layers, "spectra": spectra}
(here / "values" / "spectra.json").write_text(json.dumps(found, separators=(",", ":")) + "\n")
