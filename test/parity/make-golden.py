"""Makes the fixtures samplecnn-tiny.safetensors (a SampleCNN of few channels with weights, batch statistics and biases that are not trivial, crops of
noise, and what PyTorch computes from them), and tensors.pt, tensors-legacy.pt, state-dict.pt (what torch.save writes). Needs torch and safetensors.
Run: python test/parity/make-golden.py"""

import pathlib

import torch
from safetensors.torch import save_file
from torch import nn

fixtures = pathlib.Path(__file__).parent.parent / "fixtures"
strides = [3, 4, 5, 2, 2]
channels = [4, 4, 6, 6, 8, 8, 8]
torch.manual_seed(1)


class SampleCnn(nn.Module):
    def __init__(self):
        super().__init__()
        layers = [nn.Sequential(nn.Conv1d(1, channels[0], 3, 3), nn.BatchNorm1d(channels[0]), nn.ReLU())]
        for index, stride in enumerate(strides):
            inside, outside = channels[index], channels[index + 1]
            layers.append(
                nn.Sequential(nn.Conv1d(inside, outside, stride, 1, 1), nn.BatchNorm1d(outside), nn.ReLU(), nn.MaxPool1d(stride, stride))
            )
        layers.append(nn.Sequential(nn.Conv1d(channels[-2], channels[-1], 3, 1, 1), nn.BatchNorm1d(channels[-1]), nn.ReLU()))
        self.sequential = nn.Sequential(*layers)
        self.fc = nn.Linear(channels[-1], 5)


model = SampleCnn().eval()
with torch.no_grad():
    for module in model.modules():
        if isinstance(module, nn.BatchNorm1d):
            module.weight.uniform_(0.5, 1.5)
            module.bias.uniform_(-0.2, 0.5)
            module.running_mean.uniform_(-0.3, 0.3)
            module.running_var.uniform_(0.3, 2)
    crop = 3
    for stride in strides:
        crop *= stride
    wave = torch.rand(3, 1, crop) * 2 - 1
    features = model.sequential(wave)
    assert features.shape == (3, channels[-1], 1), features.shape
    embedding = features.flatten(1)
    state = {name: value for name, value in model.state_dict().items() if not name.endswith("num_batches_tracked")}
    tensors = {**state, "input.wave": wave, "output.embedding": embedding, "output.logits": model.fc(embedding)}

metadata = {"rate": "8000", "strides": str(strides), "torch": torch.__version__.split("+")[0]}
save_file({name: value.contiguous() for name, value in tensors.items()}, fixtures / "samplecnn-tiny.safetensors", metadata=metadata)
small = {"half": torch.tensor([1.5, -2.0]).half(), "transposed": torch.arange(6.0).reshape(2, 3).t(), "bfloat": torch.tensor([3.0]).bfloat16()}
small["parameter"] = nn.Parameter(torch.tensor([[0.25]]))
torch.save(small, fixtures / "tensors.pt")
torch.save(small, fixtures / "tensors-legacy.pt", _use_new_zipfile_serialization=False)
torch.save(model.state_dict(), fixtures / "state-dict.pt")
