"""Sizes and times of every network, for the CPU that this project had and for a GPU: the one place to change them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NetworkPreset:
    """Input side, side of the training crops (0: none), batch sizes and clock budget of one network."""

    size: int
    crop: int
    batch: int
    crop_batch: int
    minutes: float
    learning_rate: float


@dataclass(frozen=True)
class Preset:
    """One machine's sizes and budgets."""

    region: NetworkPreset
    classifiers: dict[str, NetworkPreset]
    types: NetworkPreset
    type_pretraining_minutes: float
    swin_dimension: int
    swin_depths: tuple[int, int, int, int]
    swin_heads: tuple[int, int, int, int]
    detector_size: int
    detector_view: int
    detector_batch: int
    detector_minutes: float


PRESETS: dict[str, Preset] = {
    "cpu": Preset(
        region=NetworkPreset(192, 0, 32, 0, 14, 1e-3),
        classifiers={
            "mobilenetv3-small": NetworkPreset(448, 160, 12, 32, 35, 2e-3),
            "resnet18": NetworkPreset(384, 128, 12, 32, 35, 1e-3),
            "efficientnet-b0": NetworkPreset(320, 128, 12, 32, 35, 1.5e-3),
        },
        types=NetworkPreset(112, 0, 32, 0, 6, 7e-4),
        type_pretraining_minutes=0,
        swin_dimension=32,
        swin_depths=(1, 1, 2, 1),
        swin_heads=(2, 4, 8, 16),
        detector_size=640,
        detector_view=320,
        detector_batch=16,
        detector_minutes=80,
    ),
    "gpu": Preset(
        region=NetworkPreset(224, 0, 128, 0, 5, 1e-3),
        classifiers={
            "mobilenetv3-small": NetworkPreset(512, 224, 64, 128, 20, 2e-3),
            "resnet18": NetworkPreset(512, 224, 64, 128, 25, 1e-3),
            "efficientnet-b0": NetworkPreset(512, 224, 48, 96, 30, 1.5e-3),
        },
        types=NetworkPreset(224, 0, 64, 0, 6, 3e-4),
        type_pretraining_minutes=30,
        swin_dimension=96,
        swin_depths=(2, 2, 6, 2),
        swin_heads=(3, 6, 12, 24),
        detector_size=1024,
        detector_view=512,
        detector_batch=32,
        detector_minutes=120,
    ),
    # Runs through in seconds on drawn pictures; its figures mean nothing.
    "smoke": Preset(
        region=NetworkPreset(96, 0, 16, 0, 0.15, 3e-3),
        classifiers={
            "mobilenetv3-small": NetworkPreset(128, 64, 8, 16, 0.2, 2e-3),
            "resnet18": NetworkPreset(128, 64, 8, 16, 0.2, 1e-3),
            "efficientnet-b0": NetworkPreset(128, 64, 8, 16, 0.2, 1.5e-3),
        },
        types=NetworkPreset(112, 0, 16, 0, 0.05, 5e-4),
        type_pretraining_minutes=0.1,
        swin_dimension=24,
        swin_depths=(1, 1, 1, 1),
        swin_heads=(2, 4, 8, 16),
        detector_size=128,
        detector_view=96,
        detector_batch=8,
        detector_minutes=0.5,
    ),
}
