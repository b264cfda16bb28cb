"""Makes the values that test/parity/*-values.test.ts compare with, in test/parity/values: small cases of everything that learns, computed in 64 bits by
PyTorch, scikit-learn, SciPy, julius, vit-pytorch, nnAudio, LibAUC and librosa. Inputs are multiples of 1/1024, which 32 bits hold exactly. Needs torch, numpy,
scikit-learn, scipy, julius, safetensors, vit-pytorch, nnAudio, libauc and librosa.
Run: python test/parity/make-values.py [name of one, for example vit], then npm run format"""

import json
import pathlib
import sys

import julius
import numpy as np
import torch
from safetensors.torch import save_file
from scipy.signal import butter, lfilter
from sklearn.calibration import _sigmoid_calibration
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.preprocessing import StandardScaler
from sklearn.utils.class_weight import compute_class_weight, compute_sample_weight
from torch import nn
from torch.nn import functional as F

values = pathlib.Path(__file__).parent / "values"
torch.manual_seed(4)
torch.set_default_dtype(torch.float64)


def draw(*shape, scale=1.0):
    return torch.round(torch.randn(*shape) * scale * 1024) / 1024


def write(name, what):
    def plain(x):
        if isinstance(x, torch.Tensor):
            x = x.detach().numpy()
        if isinstance(x, (np.ndarray, np.generic)):
            return x.tolist()
        raise TypeError(type(x))

    (values / f"{name}.json").write_text(json.dumps(what, default=plain))


def differentiated(loss_of, *views):
    own = [view.clone().requires_grad_() for view in views]
    loss, parts = loss_of(*own)
    loss.backward()
    return {"loss": loss, "parts": parts, "gradients": [view.grad for view in own]}


def nt_xent(temperature):
    def loss_of(first, second):
        views = F.normalize(torch.cat([first, second]), dim=1)
        similarities = views @ views.T / temperature
        similarities.fill_diagonal_(-torch.inf)
        batch = len(first)
        partners = torch.cat([torch.arange(batch, 2 * batch), torch.arange(batch)])
        return F.cross_entropy(similarities, partners), {}

    return loss_of


def vicreg(invariance, variance, covariance, gamma, normalisation):
    """VICReg's released code; for the paper, equations 1 to 6."""

    def loss_of(x, y):
        count, dimensions = x.shape
        distance = F.mse_loss(x, y) if normalisation == "code" else (x - y).pow(2).sum(1).mean()
        x, y = x - x.mean(0), y - y.mean(0)
        hinges = [torch.mean(F.relu(gamma - torch.sqrt(z.var(dim=0) + 0.0001))) for z in (x, y)]
        hinge = sum(hinges) / 2 if normalisation == "code" else sum(hinges)

        def repeated(z):
            own = z.T @ z / (count - 1)
            return (own.pow(2).sum() - own.diagonal().pow(2).sum()) / dimensions

        parts = {
            "invariance": invariance * distance,
            "variance": variance * hinge,
            "covariance": covariance * (repeated(x) + repeated(y)),
        }
        return sum(parts.values()), parts

    return loss_of


def objectives():
    cases = []
    for batch in (3, 5, 9):
        first = draw(batch, 4)
        second = first + draw(batch, 4, scale=1.5)
        for temperature in (0.05, 0.1, 0.5, 1.0):
            settings = {"kind": "nt-xent", "temperature": temperature}
            cases.append({"settings": settings, "views": [first, second], **differentiated(nt_xent(temperature), first, second)})
    # Of one length already: what is left of the gradient is what turns them.
    unit = [torch.tensor(x) / 8 for x in ([[8.0, 0, 0], [0, -8, 0], [0, 0, 8]], [[0, 8.0, 0], [0, -8, 0], [8, 0, 0]])]
    cases.append({"settings": {"kind": "nt-xent", "temperature": 0.5}, "views": unit, **differentiated(nt_xent(0.5), *unit)})
    first = draw(6, 5) * torch.tensor([0.25, 0.5, 1.0, 1.0, 2.0])
    second = first + draw(6, 5, scale=0.25)
    for weights in ((25, 25, 1), (7, 3, 5), (1, 0, 0), (0, 1, 0), (0, 0, 1)):
        for gamma, normalisation in ((1, "code"), (0.75, "code"), (1, "paper")):
            settings = dict(zip(("invariance", "variance", "covariance"), weights)) | {"gamma": gamma, "normalisation": normalisation}
            found = differentiated(vicreg(**settings), first, second)
            cases.append({"settings": {"kind": "vicreg"} | settings, "views": [first, second], **found})
    write("objectives", cases)


class Lars(torch.optim.Optimizer):
    """As VICReg's released code has it."""

    def __init__(self, parameters, lr, momentum, trust, weightDecay, excludeVectors):
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "trust": trust, "decay": weightDecay, "exclude": excludeVectors})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                excluded = group["exclude"] and p.ndim == 1
                change = p.grad if excluded else p.grad.add(p, alpha=group["decay"])
                if not excluded:
                    norm, size = torch.norm(p), torch.norm(change)
                    one = torch.ones_like(norm)
                    change = change.mul(torch.where(norm > 0, torch.where(size > 0, group["trust"] * norm / size, one), one))
                velocity = self.state[p].setdefault("velocity", torch.zeros_like(p))
                velocity.mul_(group["momentum"]).add_(change)
                p.add_(velocity, alpha=-group["lr"])


def make_optimizer(settings, parameters, rate):
    own = {name: value for name, value in settings.items() if name != "kind"}
    if settings["kind"] == "lars":
        return Lars(parameters, rate, **own)
    decay = own.pop("weightDecay")
    if settings["kind"] == "sgd":
        return torch.optim.SGD(parameters, lr=rate, weight_decay=decay, **own)
    betas = (own["beta1"], own["beta2"])
    return torch.optim.Adam(parameters, lr=rate, betas=betas, eps=own["epsilon"], weight_decay=decay)


def optimizers():
    adam = {"kind": "adam", "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0}
    sgd = {"kind": "sgd", "momentum": 0.9, "nesterov": False, "weightDecay": 0}
    lars = {"kind": "lars", "momentum": 0.9, "trust": 0.02, "weightDecay": 0.1, "excludeVectors": True}
    all_settings = [
        *[adam, adam | {"weightDecay": 0.1}, adam | {"beta1": 0.5, "beta2": 0.75, "epsilon": 0.125}],
        *[sgd, sgd | {"momentum": 0, "weightDecay": 0.1}, sgd | {"nesterov": True}, sgd | {"nesterov": True, "weightDecay": 0.1}],
        *[lars, lars | {"excludeVectors": False}, lars | {"momentum": 0, "weightDecay": 0, "excludeVectors": False}],
        *[lars | {"trust": 0.001, "excludeVectors": False}, lars | {"weightDecay": 0}],
    ]
    rates = [0.5, 0.25, 0.125, 0.375]
    gradients = [[draw(3, 4), draw(4)] for _ in rates]
    starts = {"drawn": [draw(3, 4), draw(4)], "zero": [torch.zeros(3, 4), torch.zeros(4)]}
    cases = []
    for settings in all_settings:
        for start, weights in starts.items():
            if start == "zero" and settings["kind"] != "lars":
                continue
            own = [nn.Parameter(weight.clone()) for weight in weights]
            optimizer = make_optimizer(settings, own, rates[0])
            after = []
            for rate, given in zip(rates, gradients):
                optimizer.param_groups[0]["lr"] = rate
                for parameter, gradient in zip(own, given):
                    parameter.grad = gradient.clone()
                optimizer.step()
                after.append([parameter.detach().clone() for parameter in own])
            cases.append({"settings": settings, "weights": weights, "after": after})
    late = []
    for settings in (adam, adam | {"weightDecay": 0.1}):
        for step in (1, 10, 1000, 5000):
            weight, gradient, mean, square = draw(4), draw(4), draw(4, scale=0.5), draw(4).pow(2) + 0.25
            own = nn.Parameter(weight.clone())
            optimizer = make_optimizer(settings, [own], 0.5)
            optimizer.state[own] = {"step": torch.tensor(step - 1.0), "exp_avg": mean.clone(), "exp_avg_sq": square.clone()}
            own.grad = gradient.clone()
            optimizer.step()
            state = {"mean": mean, "square": square}
            late.append({"settings": settings, "step": step, "weight": weight, "gradient": gradient, "state": state, "after": own.detach()})
    write("optimizers", {"rates": rates, "gradients": gradients, "cases": cases, "late": late})


def rates():
    """A warm-up from 0, then a cosine, as PyTorch's schedulers chain them; 5 steps an epoch."""
    cases = []
    for rule, batch, rate in (("fixed", 48, 0.3), ("linear", 96, 0.4), ("square-root", 96, 0.075), ("square-root", 456, 0.075)):
        peak = {"fixed": rate, "linear": rate * batch / 256, "square-root": rate * float(np.sqrt(batch))}[rule]
        for warmup, epochs, share in ((4, 12, 0.001), (0, 8, 0.0), (3, 10, 0.25)):
            optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=peak)
            before, all_steps = warmup * 5, epochs * 5
            cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, all_steps - before, eta_min=share * peak)
            scheduler = cosine
            if before > 0:
                optimizer.param_groups[0]["lr"] = peak
                rising = torch.optim.lr_scheduler.LinearLR(optimizer, 1e-15, 1, before)
                scheduler = torch.optim.lr_scheduler.SequentialLR(optimizer, [rising, cosine], [before])
            found = []
            for _ in range(all_steps):
                found.append(optimizer.param_groups[0]["lr"])
                optimizer.step()
                scheduler.step()
            settings = {"learningRate": rate, "rateRule": rule, "batch": batch, "warmupEpochs": warmup, "finalShare": share}
            cases.append({"settings": settings, "epochs": epochs, "stepsPerEpoch": 5, "rates": found})
    write("rates", cases)


def first_weights():
    """Bounds that PyTorch draws within, and the deviation of what it drew."""
    linear, convolution = nn.Linear(400, 300, bias=False), nn.Conv1d(40, 300, 3)
    default = [linear.weight, convolution.bias]
    nn.init.kaiming_uniform_(convolution.weight, mode="fan_in", nonlinearity="relu")
    fan_in = nn.init._calculate_fan_in_and_fan_out(convolution.weight)[0]
    kaiming = nn.init.calculate_gain("relu") * (3 / fan_in) ** 0.5
    write(
        "first-weights",
        {
            "linear": {"shape": list(linear.weight.shape), "bound": 1 / 400**0.5, "deviation": default[0].std()},
            "convolution": {"shape": list(convolution.weight.shape), "bound": kaiming, "deviation": convolution.weight.std()},
            "bias": {"shape": list(convolution.bias.shape), "bound": 1 / fan_in**0.5, "deviation": default[1].std()},
        },
    )


def small_network(strides, channels):
    layers = [nn.Sequential(nn.Conv1d(1, channels[0], 3, 3), nn.BatchNorm1d(channels[0]), nn.ReLU())]
    for inside, outside, stride in zip(channels, channels[1:], strides):
        layers.append(nn.Sequential(nn.Conv1d(inside, outside, stride, 1, 1), nn.BatchNorm1d(outside), nn.ReLU(), nn.MaxPool1d(stride, stride)))
    layers.append(nn.Sequential(nn.Conv1d(channels[-2], channels[-1], 3, 1, 1), nn.BatchNorm1d(channels[-1]), nn.ReLU()))
    encoder = nn.Module()
    encoder.sequential = nn.Sequential(*layers)
    return encoder


def step():
    """A whole step of training: two views, one after the other, through a SampleCNN of few channels and a projector with batch norm."""
    strides, channels, hidden, dimensions, batch = [3, 4, 2], [4, 5, 6, 5, 7], 8, 5, 6
    model = nn.Module()
    model.encoder = small_network(strides, channels)
    model.projector = nn.Sequential(
        nn.Linear(channels[-1], hidden, bias=False), nn.BatchNorm1d(hidden), nn.ReLU(), nn.Linear(hidden, dimensions, bias=False)
    )
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.float())
        for module in model.modules():
            if isinstance(module, nn.BatchNorm1d):
                signs = torch.where(torch.arange(module.num_features) % 3 == 1, -1.0, 1.0)
                module.weight.copy_(signs * (1 + draw(module.num_features, scale=0.25)))
                module.bias.copy_(draw(module.num_features, scale=0.25))
                module.running_mean.copy_(draw(module.num_features))
                module.running_var.copy_(draw(module.num_features).pow(2) + 0.5)
    views = [draw(batch, 1, 72, scale=0.5) for _ in range(2)]
    wanted = lambda name: not name.endswith("num_batches_tracked")
    before = {name: value.clone() for name, value in model.state_dict().items() if wanted(name)}
    tensors = {**before, "input.first": views[0][:, 0], "input.second": views[1][:, 0]}
    model.train()
    for name, loss_of in (("nt-xent", nt_xent(0.5)), ("vicreg", vicreg(25, 25, 1, 1, "code"))):
        model.load_state_dict(before, strict=False)
        model.zero_grad()
        embeddings = [model.encoder.sequential(view).flatten(1) for view in views]
        projections = [model.projector(embedding) for embedding in embeddings]
        loss, _ = loss_of(*projections)
        loss.backward()
        tensors |= {f"output.{name}.loss": loss.reshape(1), f"output.{name}.embeddings": torch.cat(embeddings)}
        tensors[f"output.{name}.projections"] = torch.cat(projections)
        tensors |= {f"gradient.{name}.{parameter}": value.grad for parameter, value in model.named_parameters()}
    tensors |= {f"after.{name}": value for name, value in model.state_dict().items() if "running" in name}
    note = "a SampleCNN, strides 3 4 2, and a projector in training mode, computed in 64 bits; NT-Xent at 0.5, VICReg at 25 25 1"
    save_file({name: value.detach().float().contiguous() for name, value in tensors.items()}, values / "step.safetensors", metadata={"note": note})


def counted(losses, labels):
    """The mean over answers as they count: below 0, an answer that a label does not fit counts 1 + label."""
    weights = 1 + labels.clamp(max=0)
    return (losses * weights).sum() / weights.sum()


def bce(logits, labels):
    return counted(nn.BCEWithLogitsLoss(reduction="none")(logits, labels.clamp(min=0)), labels)


def cross_entropy(logits, labels):
    return nn.CrossEntropyLoss()(logits, labels.argmax(1))


def draw_labels(kind, batch, outputs):
    if kind == "cross-entropy":
        return F.one_hot(torch.arange(batch) * 2 % outputs, outputs).double()
    return torch.tensor([1.0, 0.0, -1.0, -0.5, 0.0, 1.0, -1.0])[torch.randint(7, (batch, outputs))]


def label_losses():
    """Losses against labels with the gradients of the logits."""
    torch.manual_seed(5)
    cases = []
    for kind, loss_of in (("bce", bce), ("cross-entropy", cross_entropy)):
        for batch, outputs, scale in ((5, 3, 1.0), (7, 4, 12.0), (2, 2, 0.1)):
            logits, labels = draw(batch, outputs, scale=scale).requires_grad_(), draw_labels(kind, batch, outputs)
            loss = loss_of(logits, labels)
            loss.backward()
            cases.append({"kind": kind, "logits": logits, "labels": labels, "loss": loss, "gradient": logits.grad})
    write("label-losses", cases)


def supervised():
    """A whole step on labels: a SampleCNN of few channels, dropout and a head, and SGD with Nesterov momentum after it, its second step."""
    torch.manual_seed(6)
    strides, channels, hidden, outputs, batch, rate = [3, 4, 2], [4, 5, 6, 5, 7], 6, 3, 6, 0.1
    tensors = {"input.crop": draw(batch, 72, scale=0.5), "input.dropout": torch.randint(2, (batch, channels[-1])).double() * 2}
    for kind, loss_of, layers in (("bce", bce, 1), ("cross-entropy", cross_entropy, 2)):
        model = nn.Module()
        model.encoder = small_network(strides, channels)
        model.head = nn.Module()
        if layers == 2:
            model.head.hidden = nn.Linear(channels[-1], hidden)
        model.head.fc = nn.Linear(hidden if layers == 2 else channels[-1], outputs)
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.copy_(parameter.float())
        labels = draw_labels(kind, batch, outputs)
        tensors[f"input.{kind}.labels"] = labels
        tensors |= {f"before.{kind}.{name}": value.clone() for name, value in model.state_dict().items() if "num_batches" not in name}
        optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=0.9, nesterov=True, weight_decay=1e-6)
        for step in (1, 2):
            model.train()
            optimizer.zero_grad()
            embeddings = model.encoder.sequential(tensors["input.crop"][:, None]).flatten(1)
            given = embeddings * tensors["input.dropout"]
            logits = model.head.fc(torch.relu(model.head.hidden(given)) if layers == 2 else given)
            loss = loss_of(logits, labels)
            loss.backward()
            tensors |= {f"output.{kind}.{step}.loss": loss.reshape(1), f"output.{kind}.{step}.logits": logits.clone()}
            tensors |= {f"gradient.{kind}.{step}.{name}": value.grad.clone() for name, value in model.named_parameters()}
            optimizer.step()
        tensors |= {f"after.{kind}.{name}": value.clone() for name, value in model.state_dict().items() if "num_batches" not in name}
        model.eval()
        embeddings = model.encoder.sequential(tensors["input.crop"][:, None]).flatten(1)
        tensors[f"held-out.{kind}.logits"] = model.head.fc(torch.relu(model.head.hidden(embeddings)) if layers == 2 else embeddings)
    note = "a SampleCNN, strides 3 4 2, dropout, a head, two steps of SGD (rate 0.1, Nesterov 0.9, decay 1e-6), computed in 64 bits"
    save_file({name: value.detach().float().contiguous() for name, value in tensors.items()}, values / "supervised.safetensors", metadata={"note": note})


def heads():
    rows, dimensions, hidden, parts, labels = 5, 3, 4, 2, 2
    answers = torch.tensor([[1, 0], [0, 0], [1, 1], [0, 1], [1, 0]]).double()
    x = draw(rows, dimensions)
    mlp = {
        "hidden.weight": draw(dimensions, parts * hidden),
        "hidden.bias": draw(parts * hidden, scale=0.5),
        "fc.weight": draw(parts, hidden, labels),
        "fc.bias": draw(parts, 1, labels, scale=0.5),
    }
    counts = torch.rand(parts, rows, labels).mul(1024).round() / 1024
    kept = torch.where(torch.rand(rows, 1, hidden) < 0.25, 0.0, 1.25)
    own = {name: weight.clone().requires_grad_() for name, weight in mlp.items()}
    loss, logits = 0, []
    for part in range(parts):
        columns = slice(part * hidden, (part + 1) * hidden)
        units = F.relu(x @ own["hidden.weight"][:, columns] + own["hidden.bias"][columns])
        predicted = (units * kept[:, 0]) @ own["fc.weight"][part] + own["fc.bias"][part]
        loss = loss + F.binary_cross_entropy_with_logits(predicted, answers, weight=counts[part], reduction="sum")
        logits.append((units @ own["fc.weight"][part] + own["fc.bias"][part]).detach())
    loss = loss + 0.0625 / 2 * sum(own[name].pow(2).sum() for name in ("hidden.weight", "fc.weight"))
    loss.backward()
    deep = {"rows": x, "answers": answers, "counts": counts, "kept": kept, "penalty": 0.0625, "weights": mlp}
    deep |= {"loss": loss, "logits": torch.stack(logits), "gradients": {name: weight.grad for name, weight in own.items()}}

    wide = torch.cat([x, torch.ones(rows, 1)], 1)
    weights = draw(dimensions + 1, parts * labels)
    by_row = counts.permute(1, 0, 2).contiguous()
    line = weights.clone().requires_grad_()
    losses = F.binary_cross_entropy_with_logits(
        (wide @ line).reshape(rows, parts, labels), answers[:, None].expand(rows, parts, labels), weight=by_row, reduction="none"
    ).sum(0)
    losses.sum().backward()
    plain, plain_losses = line.grad.clone(), losses.detach().reshape(1, -1)
    line.grad = None
    pulled = 0.0625 / 2 * line[:-1].pow(2).sum(0)
    pulled.sum().backward()
    flat = {"rows": wide, "answers": answers, "counts": by_row, "weights": weights, "penalty": 0.0625}
    flat |= {"losses": plain_losses, "gradient": plain, "penalised": plain_losses + pulled.detach(), "slopes": plain + line.grad}

    table = draw(40, 4) * torch.tensor([4.0, 0.25, 0.0, 1.0]) + torch.tensor([8.0, -3.0, 7.0, 0.0])
    scaler = StandardScaler().fit(table.numpy())
    standard = {"rows": table, "mean": scaler.mean_, "deviation": scaler.scale_, "standardised": scaler.transform(table.numpy())}

    y = np.array([1, 0, 0, 0, 1, 0, 0, 1, 0, 0])
    share = compute_class_weight("balanced", classes=np.array([0, 1]), y=y) / len(y)
    held_out = draw(10, scale=2).numpy()
    held_weights = compute_sample_weight("balanced", y)
    balance = {"answers": y, "shares": share, "logits": held_out}
    balance["loss"] = log_loss(y, 1 / (1 + np.exp(-held_out)), sample_weight=held_weights)

    scores = draw(60, scale=2)
    truth = (torch.rand(60) < torch.sigmoid(scores * 0.8 - 0.5)).double().numpy()
    half = np.where(np.arange(60) % 3 == 0, 0.5, 1.0)
    platt = {"logits": scores, "answers": truth, "weights": half, "fits": []}
    for given in (np.ones(60), half):
        a, b = _sigmoid_calibration(scores.numpy(), truth, sample_weight=given)
        platt["fits"].append({"scale": -a, "shift": -b})
    write("heads", {"mlp": deep, "logistic": flat, "standard": standard, "balance": balance, "platt": platt, "fit": whole_head()})


def whole_head():
    """Logistic regression with balanced classes on standardised rows, its coefficients for rows as they are."""
    rows = draw(80, 3) * torch.tensor([1.0, 0.5, 4.0]) + torch.tensor([2.0, 0.0, -1.0])
    answers = (rows[:, 0] - rows[:, 1] + draw(80) > 2.5).double().numpy()
    scaler = StandardScaler().fit(rows.numpy())
    fits = []
    for penalty in (1.0, 0.1, 0.01):
        model = LogisticRegression(C=1 / (penalty * len(rows)), class_weight="balanced", tol=1e-12, max_iter=10000)
        model.fit(scaler.transform(rows.numpy()), answers)
        weight = model.coef_[0] / scaler.scale_
        fits.append({"penalty": penalty, "weight": weight, "bias": model.intercept_[0] - weight @ scaler.mean_})
    return {"rows": rows, "answers": answers, "fits": fits}


def filters():
    crop = draw(500, scale=0.25)
    cases = []
    for rate, hertz in ((22050, 300), (22050, 2200), (22050, 4000), (8000, 1200), (16000, 7900)):
        for kind, own in (("low", julius.lowpass_filter), ("high", julius.highpass_filter)):
            cases.append({"sampleRate": rate, "hertz": hertz, "pass": kind, "output": own(crop, hertz / rate).float().double()})
    write("filters", {"crop": crop, "cases": [case | {"output": case["output"].numpy().round(8)} for case in cases]})


def gentle_filters():
    crop = json.loads((values / "filters.json").read_text())["crop"]
    cases = []
    for rate, hertz in ((22050, 200), (22050, 4000), (8000, 1200), (16000, 7900)):
        for kind in ("low", "high"):
            output = lfilter(*butter(1, hertz, kind, fs=rate), crop)
            cases.append({"sampleRate": rate, "hertz": hertz, "pass": kind, "output": output.round(8).tolist()})
    write("gentle-filters", {"cases": cases})


def global_contrastive(tracks, temperature, gamma):
    """LibAUC's loss as Myna's released code makes it; its averages begin at zero."""
    from libauc.losses.contrastive import GCLoss_v1

    return GCLoss_v1(N=tracks, tau=temperature, gamma=gamma, device="cpu", eps=1e-8)


def sogclr():
    """Steps over two epochs of six tracks, three at a time."""
    torch.manual_seed(21)
    cases = []
    for temperature, gamma in ((0.1, 0.9), (0.5, 0.9), (0.1, 0.25)):
        loss_of = global_contrastive(6, temperature, gamma)
        steps = []
        for number, index in enumerate(([0, 1, 2], [3, 4, 5], [4, 1, 3], [5, 0, 2])):
            loss_of.adjust_gamma(number // 2)
            before = loss_of.u[index].clone()
            first = draw(3, 5)
            second = first + draw(3, 5, scale=0.5)
            own = [view.clone().requires_grad_() for view in (first, second)]
            loss = loss_of(*own, torch.tensor(index))
            loss.backward()
            step = {"views": [first, second], "before": before, "loss": loss, "gradients": [view.grad for view in own]}
            steps.append(step | {"after": loss_of.u[index].clone()})
        cases.append({"temperature": temperature, "gamma": gamma, "steps": steps})
    write("sogclr", cases)


def vit():
    """A small hybrid of Myna: two kinds of patches through one Transformer; what each layer gives, and three steps of SogCLR over kept patches."""
    from nnAudio.features.mel import MelSpectrogram
    from vit_pytorch.simple_vit import SimpleViT

    torch.manual_seed(22)
    bands, frames, samples, rate = 16, 12, 900, 8000
    torch.set_default_dtype(torch.float32)
    mel = MelSpectrogram(sr=rate, n_fft=256, hop_length=64, n_mels=bands, verbose=False)
    torch.set_default_dtype(torch.float64)
    shape = {"num_classes": 5, "dim": 16, "depth": 3, "heads": 2, "mlp_dim": 24, "channels": 1, "dim_head": 6}
    kinds = {"square": SimpleViT(image_size=(bands, frames), patch_size=4, **shape)}
    kinds["tall"] = SimpleViT(image_size=(bands, frames), patch_size=(bands, 2), **shape)
    kinds["tall"].transformer = kinds["square"].transformer
    projector = nn.Linear(16, 7, bias=False)
    named = {f"encoder.{name}": value for name, value in kinds["square"].named_parameters() if not name.startswith("linear_head")}
    named |= {f"encoder.to_patch_embedding_b.{name}": value for name, value in kinds["tall"].to_patch_embedding.named_parameters()}
    named |= {"projector.0.weight": projector.weight}
    with torch.no_grad():
        for name, value in named.items():
            spread = 0.25 if value.ndim == 1 else 1.5 / value.shape[-1] ** 0.5
            is_gain = value.ndim == 1 and name.endswith("weight")
            value.copy_(draw(*value.shape, scale=spread) + (1 if is_gain else 0))

    def picture(wave):
        return mel(wave.float()).double()[:, None, :, :frames]

    def states(model, tokens):
        seen = [tokens]
        for attention, forward in model.transformer.layers:
            seen.append(attention(seen[-1]) + seen[-1])
            seen[-1] = forward(seen[-1]) + seen[-1]
        return seen

    def tokens_of(model, image):
        return model.to_patch_embedding(image) + model.pos_embedding.double()

    tensors = {name: value.detach().clone() for name, value in named.items()}
    waves = [draw(2, samples, scale=0.25) for _ in range(2)]
    wave = waves[0]
    tensors |= {"input.wave": wave, "output.picture": picture(wave)[:, 0]}
    means = []
    for kind, model in kinds.items():
        model.linear_head = nn.Identity()
        seen = states(model, tokens_of(model, picture(wave)))
        means.append(model(picture(wave)))
        assert torch.allclose(means[-1], model.transformer.norm(seen[-1]).mean(1))
        tensors |= {f"output.{kind}-{'patches' if layer == 0 else f'layer-{layer}'}": x for layer, x in enumerate(seen)}
    tensors["output.embedding"] = torch.cat(means, 1)

    loss_of = global_contrastive(4, 0.1, 0.9)
    batch, kept = 4, {"square": 3, "tall": 2}
    for number in range(3):
        loss_of.adjust_gamma(number)
        views = [draw(batch, samples, scale=0.25) for _ in range(2)]
        before, losses = loss_of.u.clone(), []
        chosen = {}
        for kind, model in kinds.items():
            projected = []
            for view, own in zip(("first", "second"), views):
                tokens = tokens_of(model, picture(own))
                places = torch.stack([torch.randperm(tokens.shape[1])[: kept[kind]].sort().values for _ in range(batch)])
                looked = tokens.gather(1, places.unsqueeze(-1).expand(-1, -1, tokens.shape[-1]))
                projected.append(projector(model.transformer(looked).mean(1)))
                chosen[f"{view}-{kind}"] = places
            losses.append(loss_of(*projected, torch.arange(batch)))
        loss = sum(losses) / 2
        for value in named.values():
            value.grad = None
        loss.backward()
        step = {"first": views[0], "second": views[1], "remembered": before, **chosen}
        tensors |= {f"step{number}.input.{name}": value for name, value in step.items()}
        tensors |= {f"step{number}.output.loss": loss.reshape(1), f"step{number}.output.remembered": loss_of.u.clone()}
        tensors |= {f"step{number}.gradient.{name}": value.grad.norm().reshape(1) for name, value in named.items()}
    note = "SimpleViT of vit-pytorch on nnAudio's mel, two kinds of patches, GCLoss_v1 of LibAUC on a linear projector; 64 bits but for the mel"
    save_file({name: value.detach().float().contiguous() for name, value in tensors.items()}, values / "vit.safetensors", metadata={"note": note})


def mfcc():
    """Mean and deviation over time of 20 mel-frequency cepstral coefficients, by librosa 0.11's defaults, of a wave that is drawn by a formula."""
    import librosa

    cases = []
    for rate, samples in ((8000, 9000), (16000, 24000), (22050, 30011), (16000, 700)):
        at = np.arange(samples)
        noise = ((7 * at * at + 3 * at) % 2047 - 1023) / 4096 + ((at % 50) - 25) / 128
        wave = (noise * np.where(at // 4000 % 2 == 0, 1, 1 / 64) * (at < 0.7 * samples)).astype(np.float32)
        coefficients = librosa.feature.mfcc(y=wave, sr=rate, n_mfcc=20)
        cases.append({"sampleRate": rate, "samples": samples, "mean": coefficients.mean(axis=1), "deviation": coefficients.std(axis=1)})
    write("mfcc", cases)


def timbre_net():
    """A small network upon rows of statistics, two views of a batch through it and a projector, one after the other; and the rows in evaluation mode."""
    length, hidden, neurons, batch = 316, 24, 16, 6
    linear = lambda inside, outside: nn.Linear(inside, outside, bias=False)
    model = nn.Module()
    model.encoder = nn.Sequential(
        *(nn.BatchNorm1d(length, affine=False), linear(length, hidden), nn.BatchNorm1d(hidden), nn.ReLU()),
        *(linear(hidden, neurons), nn.BatchNorm1d(neurons), nn.ReLU()),
    )
    model.projector = nn.Sequential(linear(neurons, 12), nn.BatchNorm1d(12), nn.ReLU(), linear(12, 8))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.float())
        for module in model.modules():
            if isinstance(module, nn.BatchNorm1d):
                if module.affine:
                    module.weight.copy_(1 + draw(module.num_features, scale=0.25))
                    module.bias.copy_(draw(module.num_features, scale=0.25))
                module.running_mean.copy_(draw(module.num_features))
                module.running_var.copy_(draw(module.num_features).pow(2) + 0.5)
    views = [draw(batch, length, scale=3) for _ in range(2)]
    before = {name: value.clone() for name, value in model.state_dict().items() if not name.endswith("num_batches_tracked")}
    tensors = {**before, "input.first": views[0], "input.second": views[1]}
    model.eval()
    tensors |= {"heard.layer-1": model.encoder[:4](views[0]), "heard.embedding": model.encoder(views[0])}
    model.train()
    embeddings = [model.encoder(view) for view in views]
    projections = [model.projector(embedding) for embedding in embeddings]
    loss, _ = nt_xent(1)(*projections)
    loss.backward()
    tensors |= {"output.loss": loss.reshape(1), "output.embeddings": torch.cat(embeddings), "output.projections": torch.cat(projections)}
    tensors |= {f"gradient.{name}": value.grad for name, value in model.named_parameters()}
    tensors |= {f"after.{name}": value for name, value in model.state_dict().items() if "running" in name}
    note = "a network upon 316 statistics (24 units, 16 neurons) and a projector (12, 8), two views of six tracks, NT-Xent at 1, computed in 64 bits"
    tensors = {name: value.detach().float().contiguous() for name, value in tensors.items()}
    save_file(tensors, values / "timbre-net.safetensors", metadata={"note": note})


values.mkdir(exist_ok=True)
for make in (objectives, optimizers, rates, first_weights, step, heads, filters, gentle_filters, label_losses, supervised, sogclr, vit, mfcc, timbre_net):
    if sys.argv[1:] in ([], [make.__name__]):
        make()
