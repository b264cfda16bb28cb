"""Mean and deviation of 20 mel-frequency cepstral coefficients of each file, by librosa: the handcrafted baseline of the bench `labelled`.

Reads a JSON list of paths from standard input and writes float32 [files, 40] as safetensors to the path that is the first argument.
"""
import json
import sys

import librosa
import numpy as np
from safetensors.numpy import save_file


def features(path: str) -> np.ndarray:
    wave, rate = librosa.load(path, sr=16000, mono=True)
    coefficients = librosa.feature.mfcc(y=wave, sr=rate, n_mfcc=20)
    return np.concatenate([coefficients.mean(axis=1), coefficients.std(axis=1)]).astype(np.float32)


paths = json.load(sys.stdin)
save_file({"features": np.stack([features(path) for path in paths])}, sys.argv[1])
