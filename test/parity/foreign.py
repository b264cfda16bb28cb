"""Makes the files that others publish, with the programs that others publish them with (PyTorch, torchvision, transformers, onnx), each with the embeddings
that its own program computes; and reads back what Earmark exports. Run by foreign.ts. Arguments: make DIR | read DIR."""

import json
import os
import pathlib
import struct
import sys
import warnings
import zipfile

import numpy
import torch
from torch import nn

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "bench"))
from torch_models import LogMel  # noqa: E402

warnings.filterwarnings("ignore")
torch.manual_seed(7)
CROPS = 3
CHANNELS = (128, 128, 128, 256, 256, 256, 256, 256, 256, 512)


def write_wave(path, wave, rate):
    """Mono float32 WAV."""
    data = numpy.ascontiguousarray(wave, dtype="<f4").tobytes()
    header = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 3, 1, rate, rate * 4, 4, 32, b"data", len(data))
    path.write_bytes(header + data)


def noise(crop):
    """Three crops whose loudness and colour differ."""
    wave = torch.randn(CROPS, crop) * torch.tensor([[0.05], [0.2], [0.1]])
    wave[1] = torch.cumsum(wave[1], 0) / 40
    return (wave - wave.mean(1, keepdim=True)).clamp(-1, 1)


def settle(model):
    """Norms that are not trivial."""
    for module in model.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            nn.init.uniform_(module.weight, 0.8, 1.2)
            nn.init.uniform_(module.bias, -0.1, 0.1)
            nn.init.uniform_(module.running_mean, -0.1, 0.1)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    return model.eval()


class SampleCnn(nn.Module):
    """CLMR's encoder as its code names it, with its supervised layer."""

    def __init__(self, strides):
        super().__init__()
        channels = (*CHANNELS[: len(strides) + 1], 512)
        blocks = [nn.Sequential(nn.Conv1d(1, channels[0], 3, 3), nn.BatchNorm1d(channels[0]), nn.ReLU())]
        for index, stride in enumerate(strides):
            inside, outside = channels[index], channels[index + 1]
            blocks.append(nn.Sequential(nn.Conv1d(inside, outside, stride, 1, 1), nn.BatchNorm1d(outside), nn.ReLU(), nn.MaxPool1d(stride, stride)))
        blocks.append(nn.Sequential(nn.Conv1d(channels[-2], channels[-1], 3, 1, 1), nn.BatchNorm1d(channels[-1]), nn.ReLU()))
        self.sequential = nn.Sequential(*blocks)
        self.dropout, self.fc = nn.Dropout(0.5), nn.Linear(512, 50)

    def forward(self, wave):
        return self.sequential(wave.unsqueeze(1)).flatten(1)


class Clmr(nn.Module):
    """The whole of CLMR's Lightning module."""

    def __init__(self, encoder):
        super().__init__()
        self.model = nn.Module()
        self.model.encoder = encoder
        encoder.fc = nn.Identity()
        self.model.projector = nn.Sequential(nn.Linear(512, 512, bias=False), nn.ReLU(), nn.Linear(512, 128, bias=False))


def lightning(module):
    return {
        **{"epoch": 9999, "global_step": 3_000_000, "pytorch-lightning_version": "1.1.8", "callbacks": {}, "lr_schedulers": []},
        **{"state_dict": module.state_dict(), "optimizer_states": [{"state": {}, "param_groups": []}]},
        "hyper_parameters": {"batch_size": 96, "audio_length": 59049, "supervised": False},
    }


def clmr_files(folder, cases):
    encoder = settle(SampleCnn((3,) * 9))
    wave = noise(59049)
    write_wave(folder / "22050.wav", wave.flatten().numpy(), 22050)
    with torch.no_grad():
        embedding = encoder(wave)
    head = nn.Sequential(nn.Linear(512, 50))
    perceptron = nn.Sequential(nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 50))
    module = Clmr(encoder)
    torch.save(lightning(module), folder / "clmr_epoch=10000.ckpt")
    torch.save(lightning(module), folder / "legacy.ckpt", _use_new_zipfile_serialization=False)
    torch.save(encoder.state_dict(), folder / "clmr_checkpoint_10000.pt")
    torch.save(head.state_dict(), folder / "finetuner_checkpoint_200.pt")
    evaluation = nn.Module()
    evaluation.encoder, evaluation.model = encoder, perceptron
    torch.save(lightning(evaluation), folder / "mlp_epoch=34-step=2589.ckpt")
    with zipfile.ZipFile(folder / "clmr_magnatagatune_mlp.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("clmr_epoch=10000.ckpt", "mlp_epoch=34-step=2589.ckpt"):
            archive.write(folder / name, f"clmr_magnatagatune_mlp/{name}")
    with torch.no_grad():
        logits, deep = head(embedding), perceptron(embedding)
    common = {"wave": "22050.wav", "embeddings": embedding.tolist(), "tolerance": 1e-4}
    cases += [
        {"what": "CLMR, Lightning", "path": "clmr_epoch=10000.ckpt", **common},
        {"what": "CLMR, PyTorch's old format", "path": "legacy.ckpt", **common},
        {"what": "CLMR, state dict with a head beside it", "path": "clmr_checkpoint_10000.pt", "head": "finetuner_checkpoint_200.pt", **common, "logits": logits.tolist()},
        {"what": "CLMR, zip with an MLP head", "path": "clmr_magnatagatune_mlp.zip", **common, "logits": deep.tolist()},
    ]
    return encoder, module, head


def resnet_files(folder, cases):
    import torchvision

    wave = noise(65024)
    write_wave(folder / "mel.wav", wave.flatten().numpy(), 22050)
    mel = LogMel(22050, 1024, 512, 128, 11050)
    for what, depth, path in (("ResNet-34, torchvision", 34, "resnet34.pth"), ("ResNet-50, VICMus (Lightning)", 50, "vicmus.ckpt")):
        model = settle(getattr(torchvision.models, f"resnet{depth}")(weights=None))
        whole = model.state_dict()
        model.fc = nn.Identity()
        with torch.no_grad():
            embedding = model(mel(wave).unsqueeze(1).expand(-1, 3, -1, -1))
        if path.endswith(".pth"):
            torch.save(whole, folder / path)
        else:
            module = nn.Module()
            module.encoder = model
            module.projector = nn.Sequential(nn.Linear(2048, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 64, bias=False))
            torch.save(lightning(module), folder / path)
        cases.append({"what": what, "path": path, "wave": "mel.wav", "embeddings": embedding.tolist(), "tolerance": 1e-3})


def music2vec_files(folder, cases):
    from transformers import Data2VecAudioConfig, Data2VecAudioModel, Wav2Vec2FeatureExtractor

    sizes = {"hidden_size": 48, "num_hidden_layers": 3, "num_attention_heads": 4, "intermediate_size": 96, "conv_dim": (24,) * 7}
    model = Data2VecAudioModel(Data2VecAudioConfig(**sizes)).eval()
    wave = noise(80000)
    write_wave(folder / "16000.wav", wave.flatten().numpy(), 16000)
    extractor = Wav2Vec2FeatureExtractor(feature_size=1, sampling_rate=16000, do_normalize=True)
    values = extractor([one.numpy() for one in wave], sampling_rate=16000, return_tensors="pt").input_values
    with torch.no_grad():
        output = model(values, output_hidden_states=True)
    hidden = [state.mean(1).tolist() for state in output.hidden_states]
    for path, safe in (("data2vec-safetensors", True), ("data2vec-bin", False)):
        target = folder / path
        model.save_pretrained(target) if safe else target.mkdir()
        if not safe:
            model.config.save_pretrained(target)
            torch.save(model.state_dict(), target / "pytorch_model.bin")
        extractor.save_pretrained(target)
        cases.append({
            **{"what": f"Data2VecAudioModel, {'safetensors' if safe else 'pytorch_model.bin'}", "path": path, "wave": "16000.wav"},
            **{"embeddings": output.last_hidden_state.mean(1).tolist(), "layers": {"layer-0": hidden[0], "layer-2": hidden[2]}, "tolerance": 2e-4},
        })


class Waves(nn.Module):
    """Any network from wave to vector."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Conv1d(1, 8, 64, 32), nn.GELU(), nn.Conv1d(8, 24, 8, 4), nn.Tanh())

    def forward(self, wave):
        return self.layers(wave.unsqueeze(1)).mean(2)


def onnx_files(folder, cases):
    model = Waves().eval()
    wave = noise(16000)
    write_wave(folder / "onnx.wav", wave.flatten().numpy(), 16000)
    with torch.no_grad():
        embedding = model(wave).tolist()
    names = {"input_names": ["wave"], "output_names": ["embedding"]}
    torch.onnx.export(model, (wave,), folder / "script.onnx", dynamo=False, dynamic_axes={"wave": {0: "batch"}, "embedding": {0: "batch"}}, **names)
    batch = torch.export.Dim("batch")
    torch.onnx.export(model, (wave,), folder / "dynamo.onnx", dynamo=True, external_data=False, dynamic_shapes={"wave": {0: batch}}, **names)
    more = ["--rate", "16000", "--kind", "wave"]
    for what, path in (("ONNX, TorchScript's exporter", "script.onnx"), ("ONNX, dynamo's exporter", "dynamo.onnx")):
        cases.append({"what": what, "path": path, "options": more, "wave": "onnx.wav", "embeddings": embedding, "tolerance": 1e-4})


class Runs:
    """What a pickle would run."""

    def __reduce__(self):
        return (os.system, ("touch /tmp/earmark-pickle-ran",))


def bad_files(folder, cases, encoder, module, head):
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    state = encoder.state_dict()
    short = {name: value for name, value in state.items() if name != "sequential.4.0.weight"}
    torch.save(short, folder / "missing.pt")
    broken = {name: value.clone() for name, value in state.items()}
    broken["sequential.3.0.weight"][0, 0, 0] = float("nan")
    torch.save(broken, folder / "nan.pt")
    torch.save({"state_dict": state, "callbacks": Runs()}, folder / "runs.pt")
    torch.save(nn.Linear(300, 4).state_dict(), folder / "other-head.pt")
    wave, out = helper.make_tensor_value_info("wave", TensorProto.FLOAT, ["b", 16000]), helper.make_tensor_value_info("y", TensorProto.FLOAT, ["b", 4])
    weight = numpy_helper.from_array(numpy.zeros((16000, 4), "float32"), "w")
    graph = helper.make_graph([helper.make_node("MatMul", ["wave", "w"], ["y"])], "g", [wave], [out], [weight])
    outside = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    onnx.save_model(outside, str(folder / "outside.onnx"), save_as_external_data=True, location="outside.bin", size_threshold=0)
    text = (folder / "outside.onnx").read_bytes().replace(b"outside.bin", b"../evil.bin")
    (folder / "outside.onnx").write_bytes(text)
    custom = helper.make_graph([helper.make_node("Listen", ["wave"], ["y"], domain="com.example")], "g", [wave], [out])
    model = helper.make_model(custom, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.example", 1)])
    onnx.save_model(model, str(folder / "custom.onnx"))
    more = ["--rate", "16000", "--kind", "wave"]
    cases += [
        {"what": "a tensor is missing", "path": "missing.pt", "refused": "sequential.4.0.weight"},
        {"what": "a weight is NaN", "path": "nan.pt", "refused": "sequential.3.0.weight"},
        {"what": "a pickle with code", "path": "runs.pt", "refused": "code|system|class"},
        {"what": "a head for another encoder", "path": "clmr_checkpoint_10000.pt", "head": "other-head.pt", "refused": "300"},
        {"what": "ONNX with data outside its folder", "path": "outside.onnx", "options": more, "refused": "evil.bin|outside|folder"},
        {"what": "ONNX with an operator of its own", "path": "custom.onnx", "options": more, "refused": "Listen|com.example"},
    ]


def make(folder):
    folder.mkdir(parents=True, exist_ok=True)
    cases = []
    encoder, module, head = clmr_files(folder, cases)
    resnet_files(folder, cases)
    music2vec_files(folder, cases)
    onnx_files(folder, cases)
    bad_files(folder, cases, encoder, module, head)
    (folder / "cases.json").write_text(json.dumps(cases))


def difference(found, expected):
    found, expected = numpy.asarray(found, "float64"), numpy.asarray(expected, "float64")
    return float(numpy.abs(found - expected).max() / numpy.abs(expected).max())


def wave_of(folder, case):
    data = numpy.frombuffer((folder / case["wave"]).read_bytes()[44:], "<f4")
    return data.reshape(CROPS, -1).copy()


def read_onnx(folder, case, path):
    """By ONNX Runtime, all crops at once and one at a time."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path))
    wave = wave_of(folder, case)
    name = session.get_inputs()[0].name
    shaped = lambda part: part.reshape([len(part), *[one for one in session.get_inputs()[0].shape[1:]]])
    names = [one.name for one in session.get_outputs()]
    batch = dict(zip(names, session.run(None, {name: shaped(wave)})))
    single = dict(zip(names, session.run(None, {name: shaped(wave[1:2])})))
    rows = {"embedding, batch of 3": difference(batch["embedding"], case["embeddings"])}
    rows["embedding, batch of 1"] = difference(single["embedding"], case["embeddings"][1:2])
    if "logits" in case and "logits" in batch:
        rows["logits, batch of 3"] = difference(batch["logits"], case["logits"])
    return rows


class Heard(nn.Module):
    """A ResNet that takes waves, with torchvision's names."""

    def __init__(self, resnet):
        super().__init__()
        self.mel, self.resnet = LogMel(22050, 1024, 512, 128, 11050), resnet
        resnet.fc = nn.Identity()

    def load_state_dict(self, state, strict):
        return self.resnet.load_state_dict(state, strict=strict)

    def forward(self, wave):
        return self.resnet(self.mel(wave).unsqueeze(1).expand(-1, 3, -1, -1))


def resnet_of(what):
    import torchvision

    return Heard(getattr(torchvision.models, "resnet34" if "34" in what else "resnet50")(weights=None)).eval()


def read(folder):
    results = []
    for case in json.loads((folder / "exported.json").read_text()):
        path = pathlib.Path(case["exported"])
        if case["layout"] == "onnx":
            rows = read_onnx(folder, case, path)
        elif (path / "config.json").exists() and "data2vec" in json.loads((path / "config.json").read_text()).get("model_type", ""):
            from transformers import Data2VecAudioModel, Wav2Vec2FeatureExtractor

            model = Data2VecAudioModel.from_pretrained(path).eval()
            extractor = Wav2Vec2FeatureExtractor.from_pretrained(path)
            values = extractor(list(wave_of(folder, case)), sampling_rate=16000, return_tensors="pt").input_values
            with torch.no_grad():
                rows = {"transformers": difference(model(values).last_hidden_state.mean(1).numpy(), case["embeddings"])}
            rows |= read_onnx(folder, case, next((path / "onnx").glob("*.onnx")))
        else:
            from safetensors.torch import load_file

            encoder = resnet_of(case["what"]) if case["what"].startswith("ResNet") else SampleCnn((3,) * 9).eval()
            state = load_file(next(path.glob("*.safetensors")))
            absent, unknown = encoder.load_state_dict(state, strict=False)
            left = [name for name in absent if not name.endswith("num_batches_tracked") and not name.startswith("fc.")]
            assert not left and all(name.startswith(("fc.", "hidden.")) for name in unknown), (left, unknown)
            with torch.no_grad():
                rows = {"PyTorch": difference(encoder(torch.from_numpy(wave_of(folder, case))).numpy(), case["embeddings"])}
        results.append({"what": case["what"], "layout": case["layout"], "differences": rows})
    print(json.dumps(results))


{"make": make, "read": read}[sys.argv[1]](pathlib.Path(sys.argv[2]))
