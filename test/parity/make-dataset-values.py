"""Makes the values that test/parity/dataset-values.test.ts compares with, in test/parity/values/dataset-parts.json: the parts of invented artists by hashlib's
SHA-1, as JukeMIR parts GiantSteps (all collaborators of who validates do so too, in two rounds) and Emomusic (letters and spaces of ASCII alone).
Run: python test/parity/make-dataset-values.py, then npm run format"""

import hashlib
import json
import pathlib
import random

draw = random.Random(14)
syllables = "ka lo mi ra tu ven zor é ö 9 & -".split()
names = ["".join(draw.choice(syllables) for _ in range(draw.randint(2, 4))).title() for _ in range(160)]
names += ["DJ " + name.upper() for name in names[:20]]


def place(text, size):
    return int(hashlib.sha1(text.encode("utf-8")).hexdigest(), 16) % size


tracks = [", ".join(draw.sample(names, draw.choice([1, 1, 1, 1, 2, 2, 3]))) for _ in range(240)]
part = {}
for track in tracks:
    for name in (one.strip() for one in track.split(",")):
        part[name] = "train" if place(name.lower(), 116) < 100 else "validation"
for _ in range(2):
    for track in tracks:
        team = [one.strip() for one in track.split(",")]
        if any(part[name] == "validation" for name in team):
            for name in team:
                part[name] = "validation"
giantsteps = [[track, part[track.split(",")[0].strip()]] for track in tracks]


def plain(artist):
    kept = "".join(c for c in artist.lower() if ord(c) < 128 and (c.isalpha() or c.isspace()))
    return " ".join(kept.split())


emomusic = [[name, "train" if place(plain(name), 10) < 8 else "validation"] for name in names]

out = pathlib.Path(__file__).parent / "values" / "dataset-parts.json"
out.write_text(json.dumps({"giantsteps": giantsteps, "emomusic": emomusic}))
