"""What the classifiers see while training: views balanced over regions and image numbers, and what each cell shows."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from training.dataset import ImageRecord
from training.pixels import PixelPack
from training.views import ViewConfig, ViewMaker


class BalancedViews(ViewMaker):
    """Views whose images without fracture follow the fractured ones in region and range of image numbers.

    Half of the draw only: the rest stays as it is, so that common normal anatomy is not forgotten.
    """

    def __init__(self, pack: PixelPack, records: Sequence[ImageRecord]) -> None:
        super().__init__(pack, records)
        by_row = {pack.index[r.id]: _stratum(r) for r in records}
        fractured = _shares([by_row[row] for row in self.positives])
        normal = _shares([by_row[row] for row in self.negatives])
        ratio = [min(4.0, fractured.get(by_row[row], 0.0) / normal[by_row[row]]) for row in self.negatives]
        self.balance = 0.5 + 0.5 * torch.tensor(ratio)

    def _pick(self, config: ViewConfig, generator: torch.Generator) -> int:
        positive = float(torch.rand(1, generator=generator)) < config.positives
        if (positive and self.positives) or not self.negatives:
            return self.positives[int(torch.multinomial(self.positive_weight, 1, generator=generator))]
        weights = self.balance * (0.1 + self.hardness.clamp(0, 1))
        return self.negatives[int(torch.multinomial(weights, 1, generator=generator))]


def _stratum(record: ImageRecord) -> tuple[str, str]:
    digits = "".join(c for c in record.id if c.isdigit())
    return "+".join(sorted(record.regions)), digits[:-3]


def _shares(values: Sequence[tuple[str, str]]) -> dict[tuple[str, str], float]:
    return {v: values.count(v) / len(values) for v in set(values)}


def cell_targets(truths: Tensor, valid: Tensor, side: int, cells: int) -> tuple[Tensor, Tensor]:
    """Per cell of the last feature map [B, h, w]: does it show a fracture (0/1), and does it count at all.

    A cell shows one if a third of the smaller of cell and box overlaps; slight overlaps do not count.
    """
    edge = torch.arange(cells + 1, dtype=torch.float32) * (side / cells)
    x1, y1, x2, y2 = (v[..., None] for v in truths.unbind(-1))
    across = (torch.minimum(x2, edge[1:]) - torch.maximum(x1, edge[:-1])).clamp_min(0)
    down = (torch.minimum(y2, edge[1:]) - torch.maximum(y1, edge[:-1])).clamp_min(0)
    overlap = down[..., :, None] * across[..., None, :]
    smaller = ((x2 - x1) * (y2 - y1)).clamp(1e-6, (side / cells) ** 2)[..., None]
    share = (overlap / smaller) * valid[..., None, None]
    best = share.amax(dim=1)
    return (best >= 1 / 3).float(), ((best >= 1 / 3) | (best <= 0.02)).float()
