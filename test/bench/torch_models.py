"""PyTorch's part of the training bench: for each recipe, a step of the same encoder, objective and optimiser as Earmark's, written with PyTorch's own
layers. A model is made of the recipe's settings, so that both sides compute the same."""

import copy
import math

import torch
import torch.nn.functional as F
from torch import nn

SAMPLE_CNN = (128, 128, 128, 256, 256, 256, 256, 256, 256, 512, 512)
CPC = ((10, 5, 2), (6, 3, 2), (4, 2, 2), (4, 2, 2), (4, 2, 1), (2, 2, 1), (2, 2, 1))
DATA2VEC = ((10, 5), (3, 2), (3, 2), (3, 2), (3, 2), (2, 2), (2, 2))
DATA2VEC_SIZES = {"small": (128, 256, 6, 4, 1024), "base": (512, 768, 12, 12, 3072)}


class SampleCnn(nn.Module):
    """CLMR's encoder at 22 050 Hz; `image` runs it as two-dimensional convolutions of height one, which have a channels-last layout."""

    crop, dimensions = 59049, 512

    def __init__(self, image):
        super().__init__()
        self.image = image
        convolution, norm, pool = (nn.Conv2d, nn.BatchNorm2d, nn.MaxPool2d) if image else (nn.Conv1d, nn.BatchNorm1d, nn.MaxPool1d)
        size = (lambda value: (1, value)) if image else (lambda value: value)
        padding = (0, 1) if image else 1
        layers, inside = [], 1
        for index, outside in enumerate(SAMPLE_CNN):
            first, last = index == 0, index == len(SAMPLE_CNN) - 1
            block = [convolution(inside, outside, size(3), size(3) if first else 1, 0 if first else padding), norm(outside), nn.ReLU()]
            if not first and not last:
                block.append(pool(size(3), size(3)))
            layers.append(nn.Sequential(*block))
            inside = outside
        self.sequential = nn.Sequential(*layers)

    def forward(self, wave):
        wave = wave.unsqueeze(1)
        return self.sequential(wave.unsqueeze(2) if self.image else wave).flatten(1)


class LogMel(nn.Module):
    """A log-mel spectrogram with bands of equal area on the HTK scale, each example scaled to -1 ... 1 (VICMus's released code)."""

    def __init__(self, rate, window, hop, bands, highest):
        super().__init__()
        self.window_length, self.hop = window, hop
        self.register_buffer("window", torch.hann_window(window))
        mel = lambda hertz: 2595 * math.log10(1 + hertz / 700)
        points = 700 * (10 ** (torch.linspace(0, mel(highest), bands + 2) / 2595) - 1)
        slopes = points[:, None] - torch.linspace(0, rate / 2, window // 2 + 1)[None]
        width = points[1:] - points[:-1]
        bank = torch.minimum(-slopes[:-2] / width[:-1, None], slopes[2:] / width[1:, None]).clamp(min=0)
        self.register_buffer("bank", bank * (2 / (points[2:] - points[:-2]))[:, None])

    def forward(self, wave):
        power = torch.stft(wave, self.window_length, self.hop, window=self.window, return_complex=True).abs() ** 2
        mel = torch.log1p(self.bank @ power + 1e-5)
        least, most = mel.amin((1, 2), keepdim=True), mel.amax((1, 2), keepdim=True)
        return 2 * (mel - least) / (most - least) - 1


class MelResNet(nn.Module):
    """torchvision's ResNet on three copies of a mel spectrogram."""

    crop = 65024

    def __init__(self, depth, rate):
        super().__init__()
        import torchvision

        self.mel = LogMel(rate, 1024, 512, 128, 11050)
        self.resnet = getattr(torchvision.models, f"resnet{depth}")(weights=None)
        self.dimensions = self.resnet.fc.in_features
        self.resnet.fc = nn.Identity()

    def forward(self, wave):
        with torch.no_grad():
            image = self.mel(wave).unsqueeze(1).expand(-1, 3, -1, -1)
        return self.resnet(image)


def projector(settings, inside):
    """Layers after the embedding."""
    if settings["kind"] == "identity":
        return nn.Identity()
    layers = []
    for outside in settings["hidden"] if settings["kind"] == "mlp" else []:
        layers += [nn.Linear(inside, outside, bias=False)]
        layers += [nn.BatchNorm1d(outside)] if settings["batchNorm"] else []
        layers += [nn.ReLU()]
        inside = outside
    return nn.Sequential(*layers, nn.Linear(inside, settings["dimensions"], bias=False))


def nt_xent(first, second, settings):
    views = F.normalize(torch.cat([first, second]), dim=1)
    count = first.shape[0]
    similarities = views @ views.T / settings["temperature"]
    similarities = similarities.masked_fill(torch.eye(2 * count, dtype=torch.bool), -1e9)
    return F.cross_entropy(similarities, torch.cat([torch.arange(count, 2 * count), torch.arange(count)]))


def vicreg(first, second, settings):
    count, width = first.shape
    loss = settings["invariance"] * F.mse_loss(first, second)
    for branch in (first - first.mean(0), second - second.mean(0)):
        deviation = torch.sqrt(branch.var(0) + 1e-4)
        covariance = branch.T @ branch / (count - 1)
        rest = covariance.square().sum() - covariance.diagonal().square().sum()
        loss = loss + settings["variance"] * F.relu(settings["gamma"] - deviation).mean() / 2 + settings["covariance"] * rest / width
    return loss


class TwoViews(nn.Module):
    """An encoder with its projector; the step takes two views and an objective over what leaves them."""

    def __init__(self, encoder, settings):
        super().__init__()
        self.encoder, self.projector = encoder, projector(settings["projector"], encoder.dimensions)
        self.settings = settings["objective"]
        self.objective = {"nt-xent": nt_xent, "vicreg": vicreg, "sogclr": sogclr}[self.settings["kind"]]

    def batch(self, count):
        return [torch.randn(count, self.encoder.crop) * 0.1 for _ in range(2)]

    def forward(self, first, second):
        return self.objective(self.projector(self.encoder(first)), self.projector(self.encoder(second)), self.settings)


class PowerMel(nn.Module):
    """A mel spectrogram as torchaudio and librosa make it on Slaney's scale, of the power; Myna's."""

    def __init__(self, rate):
        super().__init__()
        self.register_buffer("window", torch.hann_window(2048))
        step = math.log(6.4) / 27
        mel = lambda hertz: 3 * hertz / 200 if hertz < 1000 else 15 + math.log(hertz / 1000) / step
        marks = torch.linspace(0, mel(rate / 2), 130)
        points = torch.where(marks < 15, 200 * marks / 3, 1000 * torch.exp(step * (marks - 15)))
        slopes = points[:, None] - torch.linspace(0, rate / 2, 1025)[None]
        width = points[1:] - points[:-1]
        bank = torch.minimum(-slopes[:-2] / width[:-1, None], slopes[2:] / width[1:, None]).clamp(min=0)
        self.register_buffer("bank", bank * (2 / (points[2:] - points[:-2]))[:, None])

    def forward(self, wave):
        return self.bank @ torch.stft(wave, 2048, 512, window=self.window, return_complex=True).abs() ** 2


class Vit(nn.Module):
    """Myna's Vision Transformer with square patches, of which a tenth is looked at; norms come before."""

    crop, frames, side = 50000, 96, 16
    sizes = {"tiny": (192, 6, 3, 768), "small": (384, 12, 6, 1536), "base": (768, 12, 12, 3072)}

    def __init__(self, settings):
        super().__init__()
        values, layers, heads, inner = self.sizes[settings["transformer"]]
        self.dimensions, self.mel = values, PowerMel(settings["sampleRate"])
        count = (128 // self.side) * (self.frames // self.side)
        self.kept = max(1, count - int((1 - settings["keptShare"]) * count + 1e-9))
        pixels = self.side**2
        self.embedding = nn.Sequential(nn.LayerNorm(pixels), nn.Linear(pixels, values), nn.LayerNorm(values))
        self.register_buffer("positions", torch.randn(count, values))
        self.layers = nn.ModuleList(PreNormLayer(values, heads, inner) for _ in range(layers))
        self.norm = nn.LayerNorm(values)

    def forward(self, wave):
        with torch.no_grad():
            picture = self.mel(wave)[:, :, : self.frames]
            patches = picture.unfold(1, self.side, self.side).unfold(2, self.side, self.side).flatten(1, 2).flatten(2)
            kept = torch.rand(patches.shape[:2]).argsort(1)[:, : self.kept]
            patches = patches.gather(1, kept.unsqueeze(2).expand(-1, -1, patches.shape[2]))
        x = self.embedding(patches) + self.positions[kept]
        for layer in self.layers:
            x = layer(x)
        return self.norm(x).mean(1)


class PreNormLayer(nn.Module):
    def __init__(self, values, heads, inner):
        super().__init__()
        self.heads, width = heads, 64 * heads
        self.before, self.between = nn.LayerNorm(values), nn.LayerNorm(values)
        self.attention, self.out = nn.Linear(values, 3 * width, bias=False), nn.Linear(width, values, bias=False)
        self.first, self.second = nn.Linear(values, inner), nn.Linear(inner, values)

    def forward(self, x):
        batch, time, _ = x.shape
        query, key, value = self.attention(self.before(x)).view(batch, time, 3, self.heads, 64).permute(2, 0, 3, 1, 4)
        x = x + self.out(F.scaled_dot_product_attention(query, key, value).transpose(1, 2).reshape(batch, time, -1))
        return x + self.second(F.gelu(self.first(self.between(x))))


class TimbreNet(nn.Module):
    """Two layers upon 316 statistics of a few seconds, which are what a step is fed with; a batch norm without weights stands in for standardising."""

    def __init__(self, encoder):
        super().__init__()
        hidden, self.dimensions, self.crop = encoder["hidden"], encoder["neurons"], 316
        self.net = nn.Sequential(
            *(nn.BatchNorm1d(self.crop, affine=False), nn.Linear(self.crop, hidden, bias=False), nn.BatchNorm1d(hidden), nn.ReLU()),
            *(nn.Linear(hidden, self.dimensions, bias=False), nn.BatchNorm1d(self.dimensions), nn.ReLU()),
        )

    def forward(self, rows):
        return self.net(rows)


def sogclr(first, second, settings):
    """The gradient of LibAUC's global contrastive loss for tracks that come for the first time."""
    first, second = F.normalize(first, dim=1), F.normalize(second, dim=1)
    count = first.shape[0]
    others = (1 - torch.eye(count)).repeat(1, 2)
    loss = -2 * (first * second).sum(1).mean()
    for own, other in ((first, second), (second, first)):
        similarities = torch.cat([own @ other.T, own @ own.T], 1)
        strengths = (similarities.detach() / settings["temperature"]).exp() * others
        shares = strengths / (strengths.sum(1, keepdim=True) / (2 * count - 2)).clamp(min=1e-8)
        loss = loss + ((shares * similarities).sum(1) / (2 * count - 2)).mean()
    return loss


class Cpc(nn.Module):
    """CPC as CLMR's first code has it: seven strided convolutions, a GRU, inner products with what comes later, negatives by permutation."""

    crop, channels, context = 59049, 512, 256

    def __init__(self, settings):
        super().__init__()
        self.settings = settings["objective"]
        layers, inside = [], 1
        for kernel, stride, padding in CPC:
            layers += [nn.Conv1d(inside, self.channels, kernel, stride, padding), nn.ReLU()]
            inside = self.channels
        self.layers = nn.Sequential(*layers)
        self.gru = nn.GRU(self.channels, self.context, batch_first=True)
        self.predictor = nn.Linear(self.context, self.channels * self.settings["steps"], bias=False)

    def batch(self, count):
        return [torch.randn(count, self.crop) * 0.1]

    def forward(self, crop):
        latents = self.layers(crop.unsqueeze(1)).transpose(1, 2)
        contexts, _ = self.gru(latents)
        batch, time, width = latents.shape
        steps, window = self.settings["steps"], self.settings["window"]
        flat = latents.reshape(-1, width)
        others = torch.stack([flat[torch.randperm(len(flat))] for _ in range(self.settings["negatives"])], 1)
        candidates = torch.cat([flat.unsqueeze(1), others], 1).view(batch, time, -1, width)
        start = int(torch.randint(time - steps - window + 1, ()))
        predicted = self.predictor(contexts[:, start : start + window]).view(batch, window, steps, width)
        loss = 0
        for step in range(steps):
            right = candidates[:, start + step + 1 : start + step + 1 + window]
            scores = torch.einsum("btnw,btw->btn", right, predicted[:, :, step])
            loss = loss - F.log_softmax(scores, 2)[..., 0].mean()
        return loss / steps


class Positions(nn.Module):
    """Five convolutions that tell a Transformer where it is (data2vec)."""

    def __init__(self, values):
        super().__init__()
        self.layers = nn.ModuleList(nn.Conv1d(values, values, 19, padding=9, groups=16) for _ in range(5))

    def forward(self, x):
        y = x.transpose(1, 2)
        for layer in self.layers:
            z = layer(y).transpose(1, 2)
            y = F.gelu(F.layer_norm(z, z.shape[-1:])).transpose(1, 2)
        return y.transpose(1, 2)


class Layer(nn.Module):
    """A Transformer's layer whose norms come after; what its feed-forward part adds is what a teacher tells."""

    def __init__(self, values, heads, inner):
        super().__init__()
        self.heads = heads
        self.attention, self.out = nn.Linear(values, 3 * values), nn.Linear(values, values)
        self.norm, self.last = nn.LayerNorm(values), nn.LayerNorm(values)
        self.first, self.second = nn.Linear(values, inner), nn.Linear(inner, values)

    def forward(self, x):
        batch, time, values = x.shape
        query, key, value = self.attention(x).view(batch, time, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        seen = F.scaled_dot_product_attention(query, key, value).transpose(1, 2).reshape(batch, time, values)
        x = self.norm(x + self.out(seen))
        added = self.second(F.gelu(self.first(x)))
        return self.last(x + added), added


class Transformer(nn.Module):
    def __init__(self, values, layers, heads, inner):
        super().__init__()
        self.positions, self.norm = Positions(values), nn.LayerNorm(values)
        self.layers = nn.ModuleList(Layer(values, heads, inner) for _ in range(layers))

    def forward(self, x):
        x, added = self.norm(x + self.positions(x)), []
        for layer in self.layers:
            x, own = layer(x)
            added.append(own)
        return x, added


class Data2vec(nn.Module):
    """data2vec on waves: masked positions are predicted as a slower copy of the Transformer makes them of the whole crop."""

    def __init__(self, settings):
        super().__init__()
        encoder, self.settings = settings["encoder"], settings["objective"]
        channels, values, *rest = DATA2VEC_SIZES[encoder["size"]]
        self.crop = round(encoder["sampleRate"] * encoder["cropSeconds"])
        sides = [1] + [channels] * len(DATA2VEC)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(inside, channels, kernel, stride, bias=False) for inside, (kernel, stride) in zip(sides, DATA2VEC)
        )
        self.norms = nn.ModuleList(nn.LayerNorm(channels) for _ in DATA2VEC)
        self.feature_norm, self.projection = nn.LayerNorm(channels), nn.Linear(channels, values)
        self.learner, self.head = Transformer(values, *rest), nn.Linear(values, values)
        self.mask_value = nn.Parameter(torch.rand(values))
        self.teacher = copy.deepcopy(self.learner).requires_grad_(False)

    def batch(self, count):
        length = self.crop
        for kernel, stride in DATA2VEC:
            length = (length - kernel) // stride + 1
        mask = torch.zeros(count, length, dtype=torch.bool)
        span = self.settings["maskSpan"]
        for item in range(count):
            for start in torch.randperm(length - span)[: round(self.settings["maskProbability"] * length / span)].tolist():
                mask[item, start : start + span] = True
        return [torch.randn(count, self.crop) * 0.1, mask]

    def forward(self, crop, mask):
        x = F.layer_norm(crop, crop.shape[-1:]).unsqueeze(1)
        for convolution, norm in zip(self.convolutions, self.norms):
            x = F.gelu(norm(convolution(x).transpose(1, 2))).transpose(1, 2)
        heard = self.projection(self.feature_norm(x.transpose(1, 2)))
        last, _ = self.learner(torch.where(mask.unsqueeze(2), self.mask_value, heard))
        with torch.no_grad():
            _, added = self.teacher(heard.detach())
            target = sum(F.instance_norm(one.transpose(1, 2)).transpose(1, 2) for one in added[-self.settings["topLayers"] :])
            target = target / self.settings["topLayers"]
        difference = (self.head(last) - target).square().sum(2) / math.sqrt(target.shape[2])
        return difference[mask].mean()

    @torch.no_grad()
    def follow(self):
        """The teacher's moving average."""
        own, other = list(self.teacher.parameters()), list(self.learner.parameters())
        torch._foreach_lerp_(own, other, 1 - self.settings["decay"])


def create(settings, image):
    """The model of a recipe's settings; it gives a batch, the loss of one, and may have something to do after a step."""
    encoder, kind = settings["encoder"], settings["objective"]["kind"]
    if kind == "info-nce":
        return Cpc(settings)
    if kind == "data2vec":
        return Data2vec(settings)
    if encoder["architecture"] == "resnet":
        return TwoViews(MelResNet(encoder["depth"], encoder["sampleRate"]), settings)
    if encoder["architecture"] == "vit":
        return TwoViews(Vit(encoder), settings)
    if encoder["architecture"] == "timbre-net":
        return TwoViews(TimbreNet(encoder), settings)
    if encoder["architecture"] == "sample-cnn":
        return TwoViews(SampleCnn(image), settings)
    raise SystemExit(f"There is no PyTorch twin of {encoder['architecture']} with {kind}.")
