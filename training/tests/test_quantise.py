import numpy as np
import torch
from torch import nn

from training.dataset import read_shared
from training.export import session
from training.fp16 import save_fp16
from training.quantise import Answers, compare, quantise
from training.smoke import make_simulated


def network() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 16, 3, padding=1),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 1),
    ).eval()  # fmt: skip


def test_int8_answers_nearly_the_same_from_a_smaller_file(tmp_path):
    raw, fp16, int8 = (tmp_path / name for name in ("raw.onnx", "fp16.onnx", "int8.onnx"))
    torch.onnx.export(
        network(), (torch.rand(1, 1, 16, 16),), str(raw), input_names=["image"], output_names=["logits"],
        dynamic_axes={"image": {0: "batch"}, "logits": {0: "batch"}}, dynamo=False,
    )  # fmt: skip
    save_fp16(raw, fp16)
    images = np.random.default_rng(0).random((8, 1, 16, 16), dtype=np.float32)
    quantise(fp16, int8, images)
    exact = session(fp16, threads=1).run(["logits"], {"image": images})[0]
    small = session(int8, threads=1).run(["logits"], {"image": images})[0]
    assert not np.array_equal(exact, small)
    assert np.abs(exact - small).max() < 0.05


def test_accuracy_holds_only_where_the_interval_excludes_a_loss(tmp_path):
    records = read_shared(make_simulated(tmp_path / "simulated", images=60)).records
    labels = np.array([record.fractured for record in records], dtype=np.float64)
    noise = np.random.default_rng(1).random(len(records))
    file = tmp_path / "model.onnx"
    file.write_bytes(b"x" * 1000)

    def last_cell(small):
        both = [Answers(0.1 + 0.5 * labels + 0.3 * noise, 2.0), Answers(small, 1.0)]
        lines = compare("network", [file, file], both, records, 200)
        assert lines[0].startswith("| network | fp16 |")
        return lines[1].split("|")[-2].strip()

    assert last_cell(0.1 + 0.5 * labels + 0.3 * noise) == "yes"
    assert last_cell(noise) == "no"
