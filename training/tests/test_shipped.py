"""Training goes on from shipped weights: the network read back answers as the file does."""

import json
from pathlib import Path

import pytest
import torch
from torch import nn

from training.detector_export import DetectorNetwork, write_onnx
from training.detector_report import ExportedDetector
from training.errors import TrainingError
from training.export import export_with_maps, run_batches
from training.networks import FractureNetwork
from training.options import NOT_EXPORTED
from training.protocol import describe, rounds
from training.shipped import load_by_name, load_merged, read_effort
from training.trainer import half_type
from training.yolov8 import YoloV8


def unsettled(network: nn.Module) -> nn.Module:
    """Normalisations away from their start, as after training."""
    generator = torch.Generator().manual_seed(3)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            assert module.running_mean is not None
            assert module.running_var is not None
            module.running_mean.copy_(torch.randn(module.num_features, generator=generator) * 0.1)
            module.running_var.copy_(torch.rand(module.num_features, generator=generator) + 0.5)
            module.weight.data.copy_(torch.rand(module.num_features, generator=generator) + 0.5)
    return network.eval()


def test_a_detector_with_merged_normalisations_is_read_back_with_the_same_answers(tmp_path: Path) -> None:
    file = tmp_path / "model.onnx"
    write_onnx(DetectorNetwork(unsettled(YoloV8("n")), 64), 64, file)
    images = torch.rand(2, 1, 64, 64, generator=torch.Generator().manual_seed(1))
    back = YoloV8("n")
    load_merged(back, file, (torch.rand(4, 1, 64, 64) - 0.25) / 0.25)
    with torch.inference_mode():
        boxes, scores = DetectorNetwork(back.eval(), 64)(images)
    expected_boxes, expected_scores = ExportedDetector(file, 1)(images)
    assert float((scores - expected_scores).abs().max()) < 1e-5
    assert float((boxes - expected_boxes).abs().max()) < 1e-2


def test_a_classifier_is_read_back_with_the_same_answers(tmp_path: Path) -> None:
    file = tmp_path / "model.onnx"
    network = unsettled(FractureNetwork("mobilenetv3-small", 4, 0.25, 0.25))
    export_with_maps(network, 64, file)
    back = FractureNetwork("mobilenetv3-small", 4, 0.25, 0.25)
    load_by_name(back, file, optional=NOT_EXPORTED)
    images = torch.rand(2, 1, 64, 64, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        logits = back.eval()(images)[0].numpy()
    assert abs(logits - run_batches(file, [images], ("logits",))[0]).max() < 1e-5


def test_the_file_of_another_network_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "model.onnx"
    export_with_maps(FractureNetwork("mobilenetv3-small", 4, 0.25, 0.25).eval(), 64, file)
    with pytest.raises(TrainingError, match="lacks"):
        load_by_name(FractureNetwork("resnet18", 4, 0.25, 0.25), file, optional=NOT_EXPORTED)


def test_only_round_0_goes_on_from_shipped_weights(tmp_path: Path) -> None:
    card = {"training": {"protocol": describe("holdout"), "epochs": 7, "seconds": 12.5}}
    (tmp_path / "card.json").write_text(json.dumps(card))
    first, second = rounds("five-fold")[:2]
    assert (read_effort(tmp_path, first).epochs, read_effort(tmp_path, first).seconds) == (7, 12.5)
    with pytest.raises(TrainingError, match="reported fold"):
        read_effort(tmp_path, second)


def test_full_precision_is_kept_when_asked_for() -> None:
    assert half_type(torch.device("cpu"), "fp32") is None
    assert half_type(torch.device("cpu"), "bf16") is torch.bfloat16
