"""Makes the values that test/parity/concept-values.test.ts compares with, in test/parity/values/concepts.safetensors: losses, gradients and one step of Adam of
a sparse autoencoder by BatchTopK (Bussmann, Leask and Nanda 2024) with the second loss of dead latents (Gao et al. 2024), by PyTorch's autograd.
Needs torch and safetensors.
Run: python test/parity/make-concept-values.py"""

import math
import pathlib

import torch
from safetensors.torch import save_file


class TwinAutoencoder(torch.nn.Module):
    def __init__(self, dimensions, latents, active, most_revived, auxiliary=1 / 32):
        super().__init__()
        directions = torch.nn.functional.normalize(torch.randn(latents, dimensions), dim=1)
        self.encoder_weight, self.decoder_weight = torch.nn.Parameter(directions.clone()), torch.nn.Parameter(directions.clone())
        self.encoder_bias, self.decoder_bias = torch.nn.Parameter(torch.zeros(latents)), torch.nn.Parameter(torch.zeros(dimensions))
        self.active, self.most_revived, self.auxiliary = active, most_revived, auxiliary

    def activations(self, rows):
        return torch.relu((rows - self.decoder_bias) @ self.encoder_weight.T + self.encoder_bias)

    def losses(self, rows, dead):
        activations = self.activations(rows)
        top = activations.flatten().topk(self.active * len(rows))
        kept = torch.zeros_like(activations.flatten()).scatter(0, top.indices, top.values).view_as(activations)
        missed = rows - (kept @ self.decoder_weight + self.decoder_bias)
        loss = missed.pow(2).mean()
        if not dead.any():
            return loss, torch.zeros(()), kept
        asleep = activations * dead
        own = asleep.topk(self.most_revived, dim=1)
        tried = torch.zeros_like(asleep).scatter(1, own.indices, own.values)
        return loss, (missed.detach() - tried @ self.decoder_weight).pow(2).mean(), kept

    def total(self, rows, dead):
        loss, auxiliary, kept = self.losses(rows, dead)
        return loss + self.auxiliary * auxiliary, loss, auxiliary, kept

    @torch.no_grad()
    def project(self):
        own = self.decoder_weight
        own.grad -= (own.grad * own).sum(1, keepdim=True) * own

    @torch.no_grad()
    def normalise(self):
        self.decoder_weight.div_(self.decoder_weight.norm(dim=1, keepdim=True))


def main():
    torch.manual_seed(5)
    batch, dimensions, latents, active, revived = 12, 9, 20, 3, 4
    model = TwinAutoencoder(dimensions, latents, active, revived).double()
    with torch.no_grad():
        for bias in (model.encoder_bias, model.decoder_bias):
            bias.copy_(torch.randn_like(bias) * 0.1)
        model.encoder_weight.add_(torch.randn_like(model.encoder_weight) * 0.1)
    rows = torch.randn(batch, dimensions, dtype=torch.float64)
    dead = (torch.arange(latents) % 3 == 0).double()
    made = {"rows": rows, "dead": dead}
    names = {"encoder.weight": "encoder_weight", "encoder.bias": "encoder_bias", "decoder.weight": "decoder_weight", "decoder.bias": "decoder_bias"}
    for name, own in names.items():
        made[f"weights.{name}"] = getattr(model, own).detach().clone()
    for kind, mask in (("plain", torch.zeros_like(dead)), ("revived", dead)):
        model.zero_grad()
        total, loss, auxiliary, kept = model.total(rows, mask)
        total.backward()
        made[f"{kind}.losses"] = torch.stack([loss, auxiliary]).detach()
        made[f"{kind}.fired"] = (kept > 0).any(0).double()
        for name, own in names.items():
            made[f"{kind}.gradients.{name}"] = getattr(model, own).grad.clone()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    model.project()
    optimizer.step()
    model.normalise()
    for name, own in names.items():
        made[f"after.{name}"] = getattr(model, own).detach().clone()
    # What is measured afterwards, with a threshold.
    threshold = 0.4
    with torch.no_grad():
        activations = model.activations(rows)
        kept = activations * (activations > threshold)
        made["threshold"] = torch.tensor([threshold])
        made["concepts"] = kept
        made["left"] = (kept @ model.decoder_weight + model.decoder_bias - rows).pow(2).sum().reshape(1)
        made["least"] = activations.flatten().topk(active * batch).values.min().reshape(1)
    path = pathlib.Path(__file__).parent / "values" / "concepts.safetensors"
    save_file({name: value.float().contiguous() for name, value in made.items()}, path)
    print({name: value.tolist() for name, value in made.items() if name.endswith("losses")}, math.prod(rows.shape))


if __name__ == "__main__":
    main()
