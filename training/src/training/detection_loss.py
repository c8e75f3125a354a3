"""Loss of the detector: complete IoU, distribution focal loss, binary cross-entropy on soft targets."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from training.assigner import assign
from training.detectors import Detector
from training.yolov8 import REG_MAX, anchor_points, decode_boxes

BOX_GAIN = 7.5
CLASS_GAIN = 0.5
DISTRIBUTION_GAIN = 1.5
IMAGE_GAIN = 1.5


def complete_iou(a: Tensor, b: Tensor) -> Tensor:
    """CIoU (Zheng et al. 2020) of corners [N, 4], pair by pair -> [N]."""
    eps = 1e-7
    overlap = (torch.minimum(a[:, 2:], b[:, 2:]) - torch.maximum(a[:, :2], b[:, :2])).clamp_min(0).prod(dim=1)
    size_a, size_b = a[:, 2:] - a[:, :2], b[:, 2:] - b[:, :2]
    union = size_a.prod(dim=1) + size_b.prod(dim=1) - overlap + eps
    iou = overlap / union
    hull = torch.maximum(a[:, 2:], b[:, 2:]) - torch.minimum(a[:, :2], b[:, :2])
    diagonal = hull.square().sum(dim=1) + eps
    distance = (a[:, :2] + a[:, 2:] - b[:, :2] - b[:, 2:]).square().sum(dim=1) / 4
    angle = torch.atan(size_b[:, 0] / (size_b[:, 1] + eps)) - torch.atan(size_a[:, 0] / (size_a[:, 1] + eps))
    aspect = 4 / math.pi**2 * angle.square()
    with torch.no_grad():
        weight = aspect / (aspect - iou + 1 + eps)
    return iou - distance / diagonal - weight * aspect


def distribution_focal_loss(logits: Tensor, target: Tensor) -> Tensor:
    """Logits [N, 4, REG_MAX] against distances [N, 4] in strides -> [N]: cross-entropy of the two nearest bins."""
    target = target.clamp(0, REG_MAX - 1 - 0.01)
    lower = target.long()
    upper_share = target - lower
    flat = logits.reshape(-1, REG_MAX)
    low = F.cross_entropy(flat, lower.reshape(-1), reduction="none").view_as(target)
    high = F.cross_entropy(flat, lower.reshape(-1) + 1, reduction="none").view_as(target)
    return (low * (1 - upper_share) + high * upper_share).mean(dim=1)


@dataclass(frozen=True)
class DetectionLosses:
    """The sum to descend on, its parts, and the highest probability per image (for hard-negative sampling)."""

    total: Tensor
    parts: dict[str, float]
    highest: Tensor


def detection_loss(
    model: Detector, outputs: tuple[Tensor, ...], truths: Tensor, valid: Tensor, side: int
) -> DetectionLosses:
    """Loss of network outputs for truths [B, M, 4] (corners in input pixels), valid [B, M].

    A third output is the logit of the whole image; its target is whether any truth is seen.
    """
    distributions, logits = outputs[0].float(), outputs[1].float()[:, 0]
    centres, strides = anchor_points(side, logits.device)
    boxes = decode_boxes(distributions, centres, strides, model.head.projection)
    found = assign(logits.detach().sigmoid(), boxes.detach(), centres, truths, valid)
    weight_sum = found.score.sum().clamp_min(1.0)
    class_loss = F.binary_cross_entropy_with_logits(logits, found.score, reduction="sum") / weight_sum
    box_loss = logits.new_zeros(())
    dfl_loss = logits.new_zeros(())
    if bool(found.positive.any()):
        image, anchor = found.positive.nonzero(as_tuple=True)
        target = truths[image, found.truth[image, anchor]]
        weight = found.score[image, anchor]
        stride = strides[anchor, None]
        scaled_target, scaled_box = target / stride, boxes[image, anchor] / stride
        box_loss = ((1 - complete_iou(scaled_box, scaled_target)) * weight).sum() / weight_sum
        centre = centres[anchor] / stride
        sides = torch.cat([centre - scaled_target[:, :2], scaled_target[:, 2:] - centre], dim=1)
        chosen = distributions.view(len(distributions), 4, REG_MAX, -1)[image, :, :, anchor]
        dfl_loss = (distribution_focal_loss(chosen, sides) * weight).sum() / weight_sum
    total = BOX_GAIN * box_loss + CLASS_GAIN * class_loss + DISTRIBUTION_GAIN * dfl_loss
    parts = {
        "box_loss": float(box_loss.detach()),
        "class_loss": float(class_loss.detach()),
        "dfl_loss": float(dfl_loss.detach()),
    }
    highest = logits.detach().amax(dim=1).sigmoid()
    if len(outputs) == 3:
        image = outputs[2].float()[:, 0]
        image_loss = F.binary_cross_entropy_with_logits(image, valid.any(dim=1).float())
        total = total + IMAGE_GAIN * image_loss
        parts["image_loss"] = float(image_loss.detach())
        highest = torch.maximum(highest, image.detach().sigmoid())
    return DetectionLosses(total, parts, highest)
