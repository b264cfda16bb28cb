"""Makes the values that test/parity/timbre-values.test.ts compares with, in test/parity/values/timbre.json: timbre statistics of short sounds in 64 bits, by
NumPy's and SciPy's transforms and librosa's mel bands (in nnAudio's copy). Needs numpy, scipy and nnAudio.
Run: python test/parity/make-timbre-values.py, then npm run format"""

import json
import pathlib

import numpy as np
from nnAudio.librosa_functions import get_mel
from scipy.fft import dct

rate, samples, hop, window = 16_000, 64_000, 320, 1024
bins = [1, 2, 3, 5, 8, 12, 18, 26, 40]
bands = get_mel(rate, window, n_mels=64, fmin=30, fmax=8000, htk=False, norm=1, dtype=np.float64)

# What sounds are made of, by the recursions of `sound` alone: seed, how dark the noise is, how fast a beat fades, samples between beats, level, and
# twice the cosine of a tone's angle with its level.
sounds = {
    "dark noise": [1, 0.05, 1, 64_000, 0.5, 1.9, 0],
    "beats": [2, 0.4, 0.9997, 6_400, 0.8, 1.99, 0.0002],
    "bright beats": [3, 0.9, 0.9993, 2_700, 0.3, 1.2, 0.0005],
    "quiet": [4, 0.2, 0.99999, 30_000, 0.001, 1.7, 0],
    "silence": [5, 0.5, 1, 64_000, 0, 1.5, 0],
}


def sound(seed, brightness, fading, between, level, turn, tone):
    """Products and sums alone, so that every program draws the same bits."""
    state, noise, envelope, wave = seed, 0.0, 1.0, np.zeros(samples)
    before, last = 0.0, 1.0
    for at in range(samples):
        state = (1_664_525 * state + 1_013_904_223) % 2**32
        noise += brightness * (state / 2**32 - 0.5 - noise)
        envelope = 1.0 if at % between == 0 else envelope * fading
        before, last = last, turn * last - before
        wave[at] = envelope * (level * noise + tone * last)
    return wave.astype(np.float32).astype(np.float64)


# Decibels at five places over the bands, which lie on straight lines between.
equaliser = [3, -1.5, 0.25, 6, -4]


def statistics(wave, gains=0):
    padded = np.pad(wave, window // 2, mode="reflect")
    frames = np.stack([padded[at : at + window] for at in range(0, samples, hop)])
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(window) / window)
    power = np.abs(np.fft.rfft(frames * hann)) ** 2 @ bands.T
    decibels = 10 * np.log10(power.reshape(-1, 2, 64).mean(1) + 1e-7) + gains
    cepstrum = dct(decibels, type=2, norm="ortho", axis=1)[:, :20]

    def over_time(x):
        return [x.mean(0), x.std(0), np.abs(np.diff(x, axis=0)).mean(0)]

    groups = decibels.reshape(-1, 8, 8).mean(2)
    spectrum = np.abs(np.fft.rfft(groups - groups.mean(0), axis=0)) ** 2 / len(groups)
    pulses = np.stack([np.log(1e-3 + spectrum[a:b].mean(0)) for a, b in zip(bins, bins[1:])], axis=1)
    return np.concatenate([*over_time(decibels), *over_time(cepstrum), pulses.ravel()])


def nine_digits(values):
    return [float(f"{x:.9g}") for x in values]


gains = np.interp(np.linspace(0, 4, 64), np.arange(5), equaliser)
made = [
    {"name": name, "sound": sound_of, "statistics": nine_digits(statistics(sound(*sound_of))), "equalised": nine_digits(statistics(sound(*sound_of), gains))}
    for name, sound_of in sounds.items()
]
(pathlib.Path(__file__).parent / "values" / "timbre.json").write_text(json.dumps({"equaliser": equaliser, "made": made}))
