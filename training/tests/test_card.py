import copy
import json

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from training import detect
from training.card import card_problems, read_card, result_entry, write_card
from training.detector_export import DetectorNetwork, write_onnx
from training.errors import TrainingError
from training.fp16 import SMALLEST
from training.smoke import make_simulated
from training.yolov8 import YoloV8


def test_exported_detector_equals_pytorch(tmp_path):
    torch.manual_seed(0)
    network = DetectorNetwork(YoloV8("n").eval(), 64)
    write_onnx(network, 64, tmp_path / "model.onnx")
    session = onnxruntime.InferenceSession(str(tmp_path / "model.onnx"))
    images = torch.rand(3, 1, 64, 64)
    boxes, scores = session.run(["boxes", "scores"], {"image": images.numpy()})
    with torch.inference_mode():
        expected_boxes, expected_scores = network(images)
    assert boxes.shape == (3, 4, 84)
    assert scores.shape == (3, 1, 84)
    assert np.abs(scores - expected_scores.numpy()).max() <= 1e-3
    assert np.abs(boxes - expected_boxes.numpy()).max() <= 0.5


def test_large_weights_are_stored_as_fp16(tmp_path):
    write_onnx(DetectorNetwork(YoloV8("n").eval(), 64), 64, tmp_path / "model.onnx")
    model = onnx.load(str(tmp_path / "model.onnx"))
    large = [i for i in model.graph.initializer if int(np.prod(i.dims)) > SMALLEST]
    assert all(i.data_type != onnx.TensorProto.FLOAT for i in large)
    assert (tmp_path / "model.onnx").stat().st_size < 6.5e6


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    root = tmp_path_factory.mktemp("smoke")
    data = make_simulated(root / "data", images=40)
    arguments = [
        "--data", str(data), "--models", str(root / "models"), "--runs", str(root / "runs"), "--cache",
        str(root / "cache"), "--protocol", "holdout", "--side", "128", "--view", "96", "--views-per-epoch", "16",
        "--epochs", "2", "--batch", "8", "--threads", "1", "--device", "cpu",
    ]  # fmt: skip
    assert detect.main(arguments) == 0
    return root / "models" / "yolov8n-fracture"


def test_the_command_writes_a_valid_card(trained):
    card = read_card(trained)
    assert card_problems(card) == []
    assert card["simulatedOnly"] is True
    assert card["input"]["width"] == 128
    ids = json.loads((trained / card["training"]["data"][0]["idsFile"]).read_text())
    assert not set(ids["train"]) & set(ids["report"])
    assert len(ids["train"]) == card["training"]["data"][0]["images"]


def test_a_checkpoint_of_another_round_is_not_exported(trained):
    root = trained.parents[1]
    checkpoint = root / "runs" / "yolov8n" / "round0" / "checkpoint.pt"
    arguments = [
        "--data", str(root / "data"), "--models", str(root / "other"), "--runs", str(root / "runs"), "--cache",
        str(root / "cache"), "--side", "128", "--view", "96", "--device", "cpu", "--threads", "1", "--export-only",
    ]  # fmt: skip
    with pytest.raises(TrainingError, match="trained with round 0, not 1"):
        detect.main([*arguments, "--protocol", "five-fold", "--checkpoint", str(checkpoint)])
    with pytest.raises(TrainingError, match="trained with side 128, not 160"):
        detect.main([*arguments, "--protocol", "holdout", "--side", "160"])


def test_predictions_are_coco_results(trained):
    entries = json.loads((trained.parent / "evaluation" / "detector-fold0.json").read_text())
    assert {"image_id", "category_id", "bbox", "score"} == set(entries[0])
    table = (trained.parent / "evaluation" / "image-scores-yolov8n-fracture.csv").read_text().splitlines()
    assert table[0] == "file_name,fold,fractured,group,score"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda c: c.pop("licence"), "card.licence is missing"),
        (lambda c: c.update(task="guess"), "card.task"),
        (lambda c: c.update(extra=1), "card.extra is unknown"),
        (lambda c: c["operatingPoints"][0].update(threshold=1.2), "threshold"),
        (lambda c: c["results"][0].update(n=0), "card.results[0].n"),
        (lambda c: c["calibration"].update(scale=float("nan")), "card.calibration.scale"),
    ],
)
def test_cards_that_break_the_contract_are_named(trained, change, problem):
    card = copy.deepcopy(read_card(trained))
    change(card)
    assert any(problem in p for p in card_problems(card))


def test_a_card_of_other_weights_is_refused(trained):
    card = read_card(trained)
    card["file"]["sha256"] = "0" * 64
    with pytest.raises(TrainingError, match="sha256"):
        write_card(card, trained)


def test_a_result_without_interval_says_why():
    entry = result_entry("AUC", 0.91234, None, "set", "all", "image", 10, 5, False)
    assert entry["value"] == 0.9123
    assert entry["intervalMethod"].startswith("no interval")
