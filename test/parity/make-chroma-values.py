"""Makes the values that test/parity/chroma-values.test.ts compares with, in test/parity/values/chroma.json: librosa's chroma of short sounds (`chroma_stft` without a
tuning that is estimated), its mean and deviation over time, and some of its filters. Needs librosa and numpy.
Run: python test/parity/make-chroma-values.py, then npm run format"""

import json
import pathlib

import librosa
import numpy as np

rate, window, hop, samples = 22_050, 4096, 2048, 65_536

# Level and twice the cosine of a tone's angle: sums of tones by recursions of products and sums alone, so that every program draws the same bits.
sounds = {
    "a chord of A": [[0.3, 440.0], [0.2, 554.37], [0.2, 659.26]],
    "low and high": [[0.5, 98.0], [0.1, 1760.0]],
    "between two": [[0.4, 452.9]],
    "silence": [],
}


def sound(tones):
    wave = np.zeros(samples)
    for level, hertz in tones:
        turn = round(2 * np.cos(2 * np.pi * hertz / rate), 9)
        before, last = 0.0, 1.0
        for at in range(samples):
            before, last = last, turn * last - before
            # Every other quarter of a second is softer, so that there is something to deviate.
            wave[at] += level * before * (1.0 if (at // 5_512) % 2 == 0 else 0.25)
    return wave.astype(np.float32).astype(np.float64)


def nine(values):
    return [float(f"{x:.9g}") for x in np.ravel(values)]


made = []
for name, tones in sounds.items():
    wave = sound(tones)
    chroma = librosa.feature.chroma_stft(y=wave, sr=rate, n_fft=window, hop_length=hop, tuning=0, center=True, pad_mode="reflect")
    turns = [[level, round(2 * np.cos(2 * np.pi * hertz / rate), 9)] for level, hertz in tones]
    made.append({"name": name, "tones": turns, "mean": nine(chroma.mean(1)), "deviation": nine(chroma.std(1))})
bank = librosa.filters.chroma(sr=rate, n_fft=window, tuning=0, dtype=np.float64)
bins = [0, 1, 2, 20, 81, 82, 300, 1000, 2047, 2048]
filters = [{"bin": bin, "weights": nine(bank[:, bin])} for bin in bins]
(pathlib.Path(__file__).parent / "values" / "chroma.json").write_text(json.dumps({"made": made, "filters": filters}))
