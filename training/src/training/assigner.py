"""Task-aligned assignment (Feng et al., TOOD, ICCV 2021): which anchors answer for which truth."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

TOP_K = 10
ALPHA = 0.5
BETA = 6.0


@dataclass(frozen=True)
class Assignment:
    """Per anchor: `positive` [B, A], `truth` index [B, A], `score` the soft class target [B, A]."""

    positive: Tensor
    truth: Tensor
    score: Tensor


def pair_iou(a: Tensor, b: Tensor) -> Tensor:
    """IoU of corners [..., N, 4] with [..., M, 4] -> [..., N, M]."""
    left_top = torch.maximum(a[..., :, None, :2], b[..., None, :, :2])
    right_bottom = torch.minimum(a[..., :, None, 2:], b[..., None, :, 2:])
    overlap = (right_bottom - left_top).clamp_min(0).prod(dim=-1)
    area_a = (a[..., 2:] - a[..., :2]).clamp_min(0).prod(dim=-1)[..., :, None]
    area_b = (b[..., 2:] - b[..., :2]).clamp_min(0).prod(dim=-1)[..., None, :]
    return overlap / (area_a + area_b - overlap + 1e-9)


@torch.no_grad()
def assign(scores: Tensor, boxes: Tensor, centres: Tensor, truths: Tensor, valid: Tensor) -> Assignment:
    """Assign anchors to truths of one class.

    scores [B, A] probabilities, boxes [B, A, 4] corners, centres [A, 2], truths [B, M, 4] corners, valid [B, M].
    Alignment is score^0.5 * IoU^6; each truth takes its ten best anchors whose centre lies in it; an anchor wanted by
    several goes to the truth of highest IoU. The soft target is the alignment, scaled so that a truth's best anchor
    gets the truth's best IoU.
    """
    batch, anchors = scores.shape
    count = truths.shape[1]
    if count == 0 or not bool(valid.any()):
        empty = torch.zeros(batch, anchors, device=scores.device)
        return Assignment(empty.bool(), empty.long(), empty)
    x, y = centres[:, 0], centres[:, 1]
    corners = truths.unsqueeze(-1)
    inside = (
        (x > corners[:, :, 0]) & (y > corners[:, :, 1]) & (x < corners[:, :, 2]) & (y < corners[:, :, 3])
    ) & valid[:, :, None]
    overlap = pair_iou(truths, boxes) * inside
    alignment = scores[:, None].pow(ALPHA) * overlap.pow(BETA) * inside
    values, best = alignment.topk(min(TOP_K, anchors), dim=2)
    chosen = torch.zeros_like(inside).scatter_(2, best, values > 0) & inside
    contested = chosen.sum(dim=1, keepdim=True) > 1
    closest = torch.zeros_like(chosen).scatter_(1, overlap.argmax(dim=1, keepdim=True), True)
    chosen = torch.where(contested, closest & inside, chosen)
    aligned = alignment * chosen
    best_alignment = aligned.amax(dim=2, keepdim=True)
    best_overlap = (overlap * chosen).amax(dim=2, keepdim=True)
    score = (aligned * best_overlap / (best_alignment + 1e-9)).amax(dim=1)
    return Assignment(chosen.any(dim=1), chosen.float().argmax(dim=1), score)
