"""Augmentation of batches [B, 1, S, S] in [0, 1] on the device they are on, each image with its own draw.

Grey values are never inverted: bright bone on dark ground is what the reader hands to the network.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torchvision.transforms.v2 import functional as TF


@dataclass(frozen=True)
class AugmentConfig:
    """Ranges of the draws. Probabilities are per image."""

    flip_horizontal: float = 0.5
    flip_vertical: float = 0.1
    rotate_degrees: float = 15.0
    scale: tuple[float, float] = (0.85, 1.2)
    translate: float = 0.08
    shear_degrees: float = 4.0
    gamma: tuple[float, float] = (0.7, 1.45)
    contrast: tuple[float, float] = (0.75, 1.3)
    brightness: float = 0.12
    blur: float = 0.15
    noise: float = 0.3
    noise_sigma: float = 0.03
    cutout: float = 0.2
    cutout_side: float = 0.15
    border: float = 0.3
    border_side: float = 0.08


def uniform(count: int, low: float, high: float, generator: torch.Generator) -> torch.Tensor:
    """`count` draws from [low, high) on the CPU (so that a seed means the same on every device)."""
    return torch.rand(count, generator=generator) * (high - low) + low


def affine_matrices(count: int, config: AugmentConfig, generator: torch.Generator) -> torch.Tensor:
    """[B, 3, 3] forward matrices in square coordinates [-1, 1]: new position = M @ old position."""
    angle = uniform(count, -config.rotate_degrees, config.rotate_degrees, generator) * (math.pi / 180)
    shear = torch.tan(uniform(count, -config.shear_degrees, config.shear_degrees, generator) * (math.pi / 180))
    scale = uniform(count, *config.scale, generator)
    flip_x = torch.where(torch.rand(count, generator=generator) < config.flip_horizontal, -1.0, 1.0)
    flip_y = torch.where(torch.rand(count, generator=generator) < config.flip_vertical, -1.0, 1.0)
    cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
    matrices = torch.zeros(count, 3, 3)
    matrices[:, 0, 0] = cos * flip_x
    matrices[:, 0, 1] = (cos * shear - sin) * flip_y
    matrices[:, 1, 0] = sin * flip_x
    matrices[:, 1, 1] = (sin * shear + cos) * flip_y
    matrices[:, 0, 2] = uniform(count, -2 * config.translate, 2 * config.translate, generator)
    matrices[:, 1, 2] = uniform(count, -2 * config.translate, 2 * config.translate, generator)
    matrices[:, 2, 2] = 1
    return matrices


def warp(images: torch.Tensor, matrices: torch.Tensor, size: int | None = None) -> torch.Tensor:
    """Images moved by forward matrices [B, 3, 3]; outside is black. `size` is the side of the output square."""
    side = size or images.shape[-1]
    inverse = torch.linalg.inv(matrices)[:, :2].to(images.device, images.dtype)
    grid = F.affine_grid(inverse, [images.shape[0], 1, side, side], align_corners=False)
    return F.grid_sample(images, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def photometric(images: torch.Tensor, config: AugmentConfig, generator: torch.Generator) -> torch.Tensor:
    """Gamma, contrast, brightness, blur and noise; the black surround of the letterbox stays black."""
    count, device = images.shape[0], images.device

    def draw(low: float, high: float) -> torch.Tensor:
        return uniform(count, low, high, generator).view(-1, 1, 1, 1).to(device)

    surround = images <= 0
    gamma = torch.exp(draw(math.log(config.gamma[0]), math.log(config.gamma[1])))
    contrast = torch.exp(draw(math.log(config.contrast[0]), math.log(config.contrast[1])))
    out = images.clamp_min(1e-6).pow(gamma)
    out = (out - 0.5) * contrast + 0.5 + draw(-config.brightness, config.brightness)
    for i in (torch.rand(count, generator=generator) < config.blur).nonzero().flatten().tolist():
        sigma = float(uniform(1, 0.4, 1.2, generator))
        out[i] = TF.gaussian_blur(out[i], kernel_size=[5, 5], sigma=[sigma, sigma])
    noisy = (torch.rand(count, generator=generator) < config.noise).float().view(-1, 1, 1, 1).to(device)
    sigma_map = draw(0, config.noise_sigma) * noisy
    if bool(noisy.any()):
        out = out + torch.randn(images.shape, generator=generator).to(device) * sigma_map
    return out.clamp(0, 1).masked_fill(surround, 0)


def cutout(images: torch.Tensor, config: AugmentConfig, generator: torch.Generator) -> torch.Tensor:
    """Black rectangles inside, and black strips over one border (countering markers and border shortcuts)."""
    side = images.shape[-1]
    out = images.clone()
    for i in range(images.shape[0]):
        if float(torch.rand(1, generator=generator)) < config.cutout:
            w, h, x, y = uniform(4, 0, 1, generator).tolist()
            w, h = (int((0.3 + 0.7 * v) * config.cutout_side * side) for v in (w, h))
            x, y = int(x * (side - w)), int(y * (side - h))
            out[i, :, y : y + h, x : x + w] = 0
    return blacken_borders(out, config, generator)


def blacken_borders(images: torch.Tensor, config: AugmentConfig, generator: torch.Generator) -> torch.Tensor:
    """Black strips over a random border of some images, in place of it."""
    side = images.shape[-1]
    out = images.clone()
    for i in range(images.shape[0]):
        chance, which, share = uniform(3, 0, 1, generator).tolist()
        if chance < config.border:
            strip = max(1, int(share * config.border_side * side))
            where = int(which * 4)
            if where == 0:
                out[i, :, :strip] = 0
            elif where == 1:
                out[i, :, -strip:] = 0
            elif where == 2:
                out[i, :, :, :strip] = 0
            else:
                out[i, :, :, -strip:] = 0
    return out


def whiten_borders(images: torch.Tensor, chance: float, widest: float, generator: torch.Generator) -> torch.Tensor:
    """Bright strips over one to four borders of some images, each up to `widest` of the side, the rest dimmed.

    What lies outside the collimator is white in many exports, and takes the top of the grey scale with it.
    """
    side = images.shape[-1]
    out = images.clone()
    for i in range(images.shape[0]):
        if float(torch.rand(1, generator=generator)) >= chance:
            continue
        out[i] *= float(uniform(1, 0.5, 1.0, generator))
        strips = [int(v * widest * side) for v in uniform(4, 0, 1, generator).tolist()]
        shown = torch.rand(4, generator=generator) < 0.6
        top, bottom, left, right = (n if bool(s) else 0 for n, s in zip(strips, shown, strict=True))
        bright = torch.ones(side, side, dtype=torch.bool)
        bright[top : side - bottom, left : side - right] = False
        out[i, :, bright.to(out.device)] = float(uniform(1, 0.85, 1.0, generator))
    return out


def augment_images(images: torch.Tensor, config: AugmentConfig, generator: torch.Generator) -> torch.Tensor:
    """The whole chain for image-level networks: affine, photometric, cutout and border strips."""
    moved = warp(images, affine_matrices(images.shape[0], config, generator))
    return cutout(photometric(moved, config, generator), config, generator)
