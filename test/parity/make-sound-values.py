"""Makes test/parity/values/sound.json: how segments sound, intervals, correlations and peaks by scipy and numpy. Needs numpy, scipy. No argument.

Numbers are drawn by the formula of make-inspect-values.py; waves by a formula of sines, decays and such numbers."""

import json
import pathlib

import numpy
from scipy import signal, stats

rate = 22050


def drawn(seed, count):
    x = numpy.sin(seed * (numpy.arange(count) + 1) * 12.9898) * 43758.5453
    return x - numpy.floor(x)


def wave(number, seconds):
    n = numpy.arange(int(seconds * rate))
    t = n / rate
    envelope = numpy.exp(-((n % (3000 + 700 * number)) / rate) * 20 * number)
    tone = 0.4 * numpy.sin(2 * numpy.pi * 110 * 2**number * t) * envelope + 0.05 * numpy.sin(2 * numpy.pi * 1870 * number * t)
    # The second one is silent every now and then.
    gate = 1.0 if number == 1 else n % 9000 >= 1500
    return ((tone + 0.01 * (drawn(number, n.size) - 0.5)) * gate).astype(numpy.float32).astype(float)


def sound(samples):
    frame, stretch, window = int(0.01 * rate + 0.5), 5, 4096
    frames = samples[: samples.size // frame * frame].reshape(-1, frame)
    levels = 10 * numpy.log10(numpy.maximum((frames**2).mean(1), 1e-10))
    held = numpy.maximum(levels, levels.max() - 60)
    changes = held[stretch:] - held[:-stretch]
    hertz, power = signal.welch(samples, rate, window=signal.get_window("hann", window), noverlap=window // 2, detrend=False)
    # One-sided: all but the first and the last frequency stand for two.
    power[1:-1] /= 2
    middles = 1000 * 2 ** ((numpy.arange(23) - 13) / 3)
    bands = numpy.array([power[(hertz >= m / 2 ** (1 / 6)) & (hertz < m * 2 ** (1 / 6))].sum() for m in middles])
    return {
        "levelDb": 10 * numpy.log10((samples**2).mean()),
        "bandsDb": (10 * numpy.log10(bands / bands.sum())).tolist(),
        "attackDb": numpy.quantile(changes, 0.95),
        "decayDb": -numpy.quantile(changes, 0.05),
    }


def clustered(values, groups):
    mean, names = values.mean(), numpy.unique(groups)
    sums = numpy.array([(values[groups == name] - mean).sum() for name in names])
    error = names.size / (names.size - 1) * (sums**2).sum() / values.size**2
    reach = stats.t.ppf(0.975, names.size - 1) * numpy.sqrt(error)
    return [mean, mean - reach, mean + reach]


def interval(values):
    low, high = stats.t.interval(0.95, values.size - 1, loc=values.mean(), scale=stats.sem(values))
    return [values.mean(), low, high]


one, other = drawn(11, 9) * 3, drawn(12, 24)
groups = numpy.floor(drawn(13, 24) * 6)
welch = stats.ttest_ind(one, other, equal_var=False)
pearson = stats.pearsonr(drawn(14, 30) + drawn(15, 30), drawn(14, 30))
timeline = numpy.round(drawn(16, 60) * 12)
padded = numpy.concatenate([[timeline.min()], timeline, [timeline.min()]])
found, about = signal.find_peaks(padded, prominence=0.25 * (timeline.max() - timeline.min()))
peaks = sorted((found - 1).tolist(), key=lambda at: (-timeline[at], at))
made = {
    "sounds": [sound(wave(number, 1.3)) for number in (1, 2)],
    "quantiles": [[p, f, stats.t.ppf(p, f)] for p in (0.6, 0.95, 0.975, 0.999) for f in (1, 2, 3.7, 12, 150, 5000)],
    "mean": interval(one),
    "clustered": clustered(other, groups),
    "difference": [one.mean() - other.mean(), *welch.confidence_interval(0.95)],
    "correlation": [pearson.statistic, *pearson.confidence_interval(0.95)],
    "peaks": peaks,
}
path = pathlib.Path(__file__).parent / "values" / "sound.json"
path.write_text(json.dumps(made) + "\n")
