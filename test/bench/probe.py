"""PyTorch's probes beside Earmark's, for the probe bench; scores by scikit-learn.

twins FOLDER: trains every case of FOLDER/cases.json on the embeddings there, from the same first weights and in the same order, with dropout of its own.
speed FOLDER WAY EPOCHS: CLMR's linear probe on the chunks of an index there. WAY: loader (a DataLoader over a data set of clips) or loop (tensors).
Prints a JSON document.
"""

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from sklearn.metrics import average_precision_score, roc_auc_score
from torch import nn

folder = Path(sys.argv[2])
TRAIN, VALIDATION, TEST = range(3)


def scores(truth, said):
    """Means over the labels that are defined, as macro averages are where every label has both answers."""
    some = [tag for tag in range(truth.shape[1]) if 0 < truth[:, tag].sum() < len(truth)]
    return {
        "averagePrecision": float(np.mean([average_precision_score(truth[:, tag], said[:, tag]) for tag in some])),
        "rocAuc": float(np.mean([roc_auc_score(truth[:, tag], said[:, tag]) for tag in some])),
    }


def validated(truth, said):
    """The mean average precision of all labels that somebody has; no two clips have one score."""
    some = truth.sum(0) > 0
    hits = np.take_along_axis(truth, np.argsort(-said, 0), 0)[:, some]
    found = hits.cumsum(0)
    return float(np.mean((hits * found / np.arange(1, len(truth) + 1)[:, None]).sum(0) / found[-1]))


def optimizer_of(model, trial):
    settings = trial["optimizer"]
    if settings["kind"] == "sgd":
        return torch.optim.SGD(model.parameters(), lr=trial["learningRate"], momentum=settings["momentum"], weight_decay=settings["weightDecay"])
    betas = (settings["beta1"], settings["beta2"])
    return torch.optim.Adam(model.parameters(), lr=trial["learningRate"], betas=betas, eps=settings["epsilon"], weight_decay=settings["weightDecay"])


class Twin:
    def __init__(self, problem, case):
        self.trial, self.reading = case["trial"], case["reading"]
        width, self.tags = problem["dimensions"], problem["outputs"]
        rows = np.fromfile(folder / "rows", np.float32).reshape(-1, width)
        counts, self.parts = np.fromfile(folder / "counts", np.int32), np.fromfile(folder / "parts", np.uint8)
        self.answers = torch.from_numpy(np.fromfile(folder / "answers", np.float32).reshape(-1, self.tags))
        clip = np.repeat(np.arange(len(counts)), counts)
        if self.reading["taughtBy"] == "mean":
            rows = np.stack([rows[clip == one].mean(0) for one in range(len(counts))])
            clip = np.arange(len(counts))
        if case["isStandardised"]:
            own = rows[self.parts[clip] == TRAIN].astype(np.float64)
            deviation = own.std(0)
            deviation[deviation == 0] = 1
            rows = ((rows - own.mean(0)) / deviation).astype(np.float32)
        self.rows, self.clip = torch.from_numpy(rows), clip
        self.orders = np.fromfile(folder / case["orders"], np.int32).reshape(self.trial["mostEpochs"], -1)
        self.model = self.made(width, load_file(folder / case["first"]))

    def made(self, width, first):
        hidden = self.trial["hidden"]
        last = nn.Linear(hidden or width, self.tags)
        layers = {"fc": last}
        model = last
        if hidden is not None:
            layers["hidden"] = nn.Linear(width, hidden)
            model = nn.Sequential(layers["hidden"], nn.ReLU(), nn.Dropout(self.trial["dropout"]), last)
        with torch.no_grad():
            for name, layer in layers.items():
                layer.weight.copy_(first[f"{name}.weight"])
                layer.bias.copy_(first[f"{name}.bias"])
        return model

    def said(self, part, judged_by, last_dropped):
        used = np.flatnonzero(self.parts[self.clip] == part)
        if last_dropped:
            is_last = np.append(self.clip[1:] != self.clip[:-1], True)
            is_first = np.insert(self.clip[1:] != self.clip[:-1], 0, True)
            used = used[~is_last[used] | is_first[used]]
        self.model.eval()
        with torch.no_grad():
            logits = self.model(self.rows[used])
        self.model.train()
        if judged_by == "probabilities":
            logits = logits.sigmoid()
        clips, places = np.unique(self.clip[used], return_inverse=True)
        sums = torch.zeros(len(clips), self.tags, dtype=torch.float64).index_add_(0, torch.from_numpy(places), logits.double())
        return self.answers[clips], sums / torch.bincount(torch.from_numpy(places))[:, None]

    def run(self):
        trial = self.trial
        optimizer = optimizer_of(self.model, trial)
        schedule = None
        if trial["schedule"]["kind"] == "cosine":
            schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=trial["mostEpochs"])
        elif trial["schedule"]["kind"] == "plateau":
            kept = {name: trial["schedule"][name] for name in ("factor", "patience")}
            schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, **kept)
        best, since, state, steps, over = -np.inf, 0, None, 0, False

        def evaluate():
            nonlocal best, since, state, over
            truth, said = self.said(VALIDATION, "logits", False)
            loss = float(nn.functional.binary_cross_entropy_with_logits(said, truth.double()))
            value = -loss if trial["watched"] == "loss" else validated(truth.numpy(), said.numpy())
            since += 1
            if value > best:
                best, since, state = value, 0, {name: tensor.clone() for name, tensor in self.model.state_dict().items()}
            over = trial["patience"] is not None and since >= trial["patience"]
            if schedule is not None:
                schedule.step(*([loss] if trial["schedule"]["kind"] == "plateau" else []))

        every, epochs = trial["evaluatedEvery"], 0
        for order in self.orders:
            if over:
                break
            epochs += 1
            for start in range(0, len(order), trial["batch"]):
                if over:
                    break
                taken = order[start : start + trial["batch"]]
                optimizer.zero_grad()
                nn.functional.binary_cross_entropy_with_logits(self.model(self.rows[taken]), self.answers[self.clip[taken]]).backward()
                optimizer.step()
                steps += 1
                if every is not None and steps % every == 0:
                    evaluate()
            if every is None:
                evaluate()
        self.model.load_state_dict(state)
        truth, said = self.said(TEST, self.reading["judgedBy"], self.reading["isLastDropped"])
        return {**scores(truth.numpy(), said.numpy()), "epochs": epochs}


def twins():
    problem = json.loads((folder / "problem.json").read_text())
    answers = []
    for case in json.loads((folder / "cases.json").read_text()):
        torch.manual_seed(case["seed"])
        answers.append(Twin(problem, case).run())
    return answers


class Clips(torch.utils.data.Dataset):
    def __init__(self, rows, answers):
        self.rows, self.answers = rows, answers

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, at):
        return self.rows[at, np.random.randint(self.rows.shape[1])], self.answers[at]


def read_rows(segments, width):
    rows = np.empty((segments, width), np.float32)
    at = 0
    for path in sorted(folder.glob("embeddings-*.f32")):
        count = min(path.stat().st_size // (4 * width), segments - at)
        with open(path, "rb") as file:
            file.readinto(rows[at : at + count])
        at += count
    return rows


def speed(way, most_epochs):
    problem = json.loads((folder / "problem.json").read_text())
    trial, tags, segments = problem["trial"], problem["outputs"], problem["segments"]
    started = time.perf_counter()
    parts = np.fromfile(folder / "parts", np.uint8)
    rows = torch.from_numpy(read_rows(len(parts) * segments, problem["dimensions"])).view(len(parts), segments, -1)
    answers = torch.from_numpy(np.fromfile(folder / "answers", np.float32).reshape(-1, tags))
    # Parts follow each other: views, not copies.
    ends = np.searchsorted(parts, [0, 1, 2], side="right")
    own = {part: slice(int(ends[part - 1]) if part else 0, int(ends[part])) for part in (TRAIN, VALIDATION, TEST)}
    taught, truth = rows[own[TRAIN]], answers[own[TRAIN]]
    flat, count = taught.reshape(-1, taught.shape[-1]), len(taught)
    torch.manual_seed(1)
    model = nn.Linear(rows.shape[-1], tags)
    optimizer = optimizer_of(model, trial)
    loader = torch.utils.data.DataLoader(Clips(taught, truth), batch_size=trial["batch"], shuffle=True)

    def batches():
        if way == "loader":
            yield from loader
            return
        order = torch.randperm(count)
        for taken in order.split(trial["batch"]):
            yield flat[taken * segments + torch.randint(segments, (len(taken),))], truth[taken]

    def said(part):
        with torch.no_grad():
            return model(rows[own[part]]).mean(1).numpy()

    best, state = -np.inf, None
    for _ in range(most_epochs):
        for some, labels in batches():
            optimizer.zero_grad()
            nn.functional.binary_cross_entropy_with_logits(model(some), labels).backward()
            optimizer.step()
        score = average_precision_score(answers[own[VALIDATION]].numpy(), said(VALIDATION))
        if score > best:
            best, state = score, {name: tensor.clone() for name, tensor in model.state_dict().items()}
    model.load_state_dict(state)
    figures = scores(answers[own[TEST]].numpy(), said(TEST))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": time.perf_counter() - started, "megabytes": peak, **figures}


answer = twins() if sys.argv[1] == "twins" else speed(sys.argv[3], int(sys.argv[4]))
print(json.dumps({"version": torch.__version__, "answer": answer}))
