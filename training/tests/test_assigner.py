import torch

from training.assigner import assign


def test_hand_computed_assignment():
    # One truth (0, 0)-(4, 4); three anchors inside with IoU 1, 0.5 and 0.25, one outside.
    centres = torch.tensor([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0], [9.0, 9.0]])
    boxes = torch.tensor([[[0.0, 0, 4, 4], [0, 0, 4, 2], [0, 0, 2, 2], [8, 8, 10, 10]]])
    scores = torch.tensor([[0.25, 0.64, 0.81, 0.9]])
    found = assign(scores, boxes, centres, torch.tensor([[[0.0, 0, 4, 4]]]), torch.tensor([[True]]))
    # Alignment = sqrt(score) * IoU^6: 0.5, 0.8 / 64, 0.9 / 4096; targets are these over the best, times the best IoU.
    expected = torch.tensor([[1.0, 0.8 / 64 / 0.5, 0.9 / 4096 / 0.5, 0.0]])
    assert found.positive.tolist() == [[True, True, True, False]]
    assert torch.allclose(found.score, expected, atol=1e-5)


def test_contested_anchor_goes_to_the_truth_of_highest_overlap():
    centres = torch.tensor([[2.0, 2.0]])
    boxes = torch.tensor([[[0.0, 0, 4, 4]]])
    truths = torch.tensor([[[0.0, 0, 8, 8], [0.0, 0, 5, 4]]])
    found = assign(torch.tensor([[0.5]]), boxes, centres, truths, torch.tensor([[True, True]]))
    assert found.truth.tolist() == [[1]]


def test_images_without_truth_get_no_positive_anchor():
    centres = torch.tensor([[2.0, 2.0]])
    boxes = torch.tensor([[[0.0, 0, 4, 4]]] * 2)
    truths = torch.tensor([[[0.0, 0, 4, 4]], [[0.0, 0, 0, 0]]])
    found = assign(torch.full((2, 1), 0.5), boxes, centres, truths, torch.tensor([[True], [False]]))
    assert found.positive.tolist() == [[True], [False]]


def test_at_most_ten_anchors_per_truth():
    centres = torch.stack([torch.linspace(1, 9, 30), torch.full((30,), 5.0)], dim=1)
    boxes = torch.tensor([[[0.0, 0, 10, 10]]]).repeat(1, 30, 1)
    found = assign(torch.rand(1, 30), boxes, centres, torch.tensor([[[0.0, 0, 10, 10]]]), torch.tensor([[True]]))
    assert int(found.positive.sum()) == 10
