import pytest
import torch

from training.yolov8 import REG_MAX, YoloV8, anchor_points, decode_boxes, parameter_count


@pytest.mark.parametrize(("size", "published"), [("n", 3_157_200), ("s", 11_166_560)])
def test_parameter_counts_equal_the_published_ones(size, published):
    assert parameter_count(YoloV8(size, classes=80, channels=3)) == published


def test_anchors_are_ordered_by_stride_and_row():
    centres, strides = anchor_points(64)
    assert centres.shape == (64 + 16 + 4, 2)
    assert centres[0].tolist() == [4, 4]
    assert centres[1].tolist() == [12, 4]
    assert centres[8].tolist() == [4, 12]
    assert centres[64].tolist() == [8, 8]
    assert strides[63:65].tolist() == [8, 16]
    assert centres[-1].tolist() == [48, 48]


def test_box_decoding_is_the_inverse_of_encoding():
    centres, strides = anchor_points(64)
    truth = torch.tensor([20.0, 10.0, 50.0, 60.0])
    anchor = 8 * 3 + 4  # stride 8, row 3, column 4: centre (36, 28)
    sides = torch.cat([centres[anchor] - truth[:2], truth[2:] - centres[anchor]]) / strides[anchor]
    logits = torch.full((1, 4, REG_MAX, len(centres)), -60.0)
    for side, value in enumerate(sides.tolist()):
        low = int(value)
        logits[0, side, low, anchor] = float(torch.tensor(1 - (value - low)).clamp_min(1e-9).log())
        logits[0, side, low + 1, anchor] = float(torch.tensor(value - low).clamp_min(1e-9).log())
    boxes = decode_boxes(logits.flatten(1, 2), centres, strides, torch.arange(REG_MAX).float())
    assert torch.allclose(boxes[0, anchor], truth, atol=1e-3)


def test_outputs_have_one_column_per_anchor():
    model = YoloV8("n").eval()
    with torch.inference_mode():
        distributions, logits = model(torch.zeros(2, 1, 64, 64))
    assert distributions.shape == (2, 4 * REG_MAX, 84)
    assert logits.shape == (2, 1, 84)
