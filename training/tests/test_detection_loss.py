import math

import pytest
import torch

from training.assigner import pair_iou
from training.detection_loss import complete_iou, detection_loss, distribution_focal_loss
from training.yolov8 import REG_MAX, YoloV8, anchor_points, decode_boxes


def test_complete_iou_of_equal_boxes_is_one():
    box = torch.tensor([[1.0, 2.0, 5.0, 8.0]])
    assert complete_iou(box, box).item() == pytest.approx(1.0, abs=1e-5)


def test_complete_iou_by_hand():
    # IoU = 4 / 28; centres 2 sqrt(2) apart, hull diagonal 6 sqrt(2); equal aspect: no third term.
    a, b = torch.tensor([[0.0, 0, 4, 4]]), torch.tensor([[2.0, 2, 6, 6]])
    assert complete_iou(a, b).item() == pytest.approx(4 / 28 - 8 / 72, abs=1e-5)


def test_distribution_focal_loss_by_hand():
    logits = torch.zeros(1, 4, REG_MAX)
    assert distribution_focal_loss(logits, torch.full((1, 4), 3.25)).item() == pytest.approx(math.log(REG_MAX))


def test_one_picture_can_be_learnt_by_heart():
    torch.manual_seed(0)
    model = YoloV8("n").train()
    images = torch.zeros(2, 1, 64, 64)
    images[0, 0, 16:40, 20:44] = 1
    truths, valid = torch.tensor([[[20.0, 16, 44, 40]], [[0.0, 0, 0, 0]]]), torch.tensor([[True], [False]])
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)
    losses = []
    for _ in range(80):
        found = detection_loss(model, model(images), truths, valid, 64)
        optimizer.zero_grad()
        found.total.backward()
        optimizer.step()
        losses.append(float(found.total.detach()))
    # The loss first rises: targets are the overlaps reached, which are nothing at the start.
    assert losses[-1] < 0.7 * max(losses)
    with torch.no_grad():
        distributions, logits = model(images)
        centres, strides = anchor_points(64)
        boxes = decode_boxes(distributions, centres, strides, model.head.projection)
    best = int(logits[0, 0].argmax())
    assert pair_iou(boxes[:1, best : best + 1], truths[:1]).item() > 0.5
    assert float(logits[0].max()) > float(logits[1].max()) + 1


def test_loss_is_finite_without_any_truth():
    model = YoloV8("n").train()
    outputs = model(torch.zeros(2, 1, 64, 64))
    found = detection_loss(model, outputs, torch.zeros(2, 1, 4), torch.zeros(2, 1, dtype=torch.bool), 64)
    found.total.backward()
    assert math.isfinite(float(found.total.detach()))
