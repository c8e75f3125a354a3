"""The detectors by size: YOLOv8 from random values, or the network that starts from ImageNet."""

from __future__ import annotations

from training.lite_detector import LiteDetector
from training.yolov8 import SIZES, YoloV8

DETECTOR_SIZES = (*SIZES, "lite0")
Detector = YoloV8 | LiteDetector


def build_detector(size: str, pretrained: bool = True) -> Detector:
    """A new network; `pretrained` matters only where there are weights to start from."""
    return LiteDetector(pretrained) if size == "lite0" else YoloV8(size)


def network_name(size: str) -> str:
    """`yolov8n`, `yolov8s`, `efficientnet-lite0`: the start of a model's id and of a run's folder."""
    return "efficientnet-lite0" if size == "lite0" else f"yolov8{size}"
