import json

import numpy as np
import pytest
import torch

from training.card import card_problems, read_card
from training.errors import TrainingError
from training.export import session
from training.infection import BATCH, ID, export, main
from training.infection_data import CELLS, augment, read_set, read_sets, to_tensor
from training.infection_network import InfectionNetwork

SETTINGS = {
    "ct": {"slice": 3, "noise": 20, "artefact": 0.5, "highest": 3071},
    "pet": {"spacing": 4, "slice": 3, "fwhm": 5, "noise": 0.1, "metalGain": 0.1, "shift": [0, 0, 0]},
}


def write_set(folder, name, count, seed, background=None):
    """Balls of uptake, hotter where infected, in a tube of soft tissue."""
    generator = np.random.default_rng(seed)
    z, y, x = np.meshgrid(*[np.arange(CELLS)] * 3, indexing="ij")
    with (folder / f"{name}.i16").open("wb") as volumes, (folder / f"{name}.jsonl").open("w") as lines:
        for i in range(count):
            infected = bool(i % 2)
            radius = np.hypot(x - 20, y - 20)
            hu = np.where(radius < 15, 50, -1000) + generator.normal(0, 10, (CELLS,) * 3)
            suv = np.exp(-((x - 20) ** 2 + (y - 20) ** 2 + (z - 20) ** 2) / 30) * (6 if infected else 3)
            volumes.write(np.stack([hu, suv * 100]).round().astype("<i2").tobytes())
            measures = {"suvMax": float(suv.max()), "suvPeak": 2.0, "suvMean": 2.0, "metabolicVolumeMl": 10.0}
            truth = {
                "seed": seed + i, "infected": infected, "pattern": "abscess" if infected else "healing",
                "segment": "thigh", "implant": ["plate", "none"][i // 2 % 2], "metal": "steel",
                "background": background,
                "fracture": {"weeks": 9, "gap": 1}, "settings": SETTINGS, "tensor": True,
                "measured": {"measures": measures},
            }  # fmt: skip
            lines.write(json.dumps(truth) + "\n")


@pytest.fixture(scope="module")
def sets(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sets")
    for k, name in enumerate(("train", "train-real", "calibrate", "test", "test-real")):
        write_set(folder, name, BATCH // 2, 100 * k, name if name.endswith("real") else None)
    return folder


def test_the_formula_for_alpha_is_the_gradient_averaged_over_positions():
    torch.manual_seed(1)
    network = InfectionNetwork(8).eval()
    volumes = to_tensor(np.random.default_rng(1).integers(-1000, 1500, (2, 2, CELLS, CELLS, CELLS)).astype(np.int16))
    features = network.features(volumes).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(network.classify(features).sum(), features)
    alpha = network.with_maps(volumes)[2]
    assert torch.allclose(alpha[:, 0], gradient.mean(dim=(2, 3, 4)), atol=1e-7)


def test_the_exported_file_gives_the_same_logits_and_maps_as_pytorch(tmp_path, sets):
    torch.manual_seed(2)
    network = InfectionNetwork(8).eval()
    sample = to_tensor(read_set(sets, "test").volumes[:3])
    path = tmp_path / "model.onnx"
    export(network, path, sample[:2])
    logits, features, alpha = session(path).run(["logits", "features", "alpha"], {"volumes": sample.numpy()})
    with torch.no_grad():
        expected = network.with_maps(sample)
    for got, wanted in zip((logits, features, alpha), expected, strict=True):
        assert np.abs(got - wanted.numpy()).max() < 1e-3


def test_mirroring_and_turning_keep_uptake_and_attenuation_together(sets):
    volumes = to_tensor(read_set(sets, "train").volumes[:2])
    turned = augment(volumes, torch.Generator().manual_seed(4))
    assert turned.shape == volumes.shape
    # The hottest place stays in the middle, and in soft tissue.
    hottest = turned[0, 1].argmax()
    assert float(turned[0, 0].flatten()[hottest]) > -100


def test_a_set_that_is_still_being_written_is_read_as_far_as_it_goes(sets, tmp_path):
    content = (sets / "train.i16").read_bytes()
    (tmp_path / "train.i16").write_bytes(content[: len(content) // 2 + 100])
    (tmp_path / "train.jsonl").write_text((sets / "train.jsonl").read_text())
    assert len(read_set(tmp_path, "train").truth) == BATCH // 4


def test_a_missing_set_is_named(tmp_path):
    with pytest.raises(TrainingError, match="TRN_NO_SET"):
        read_sets(tmp_path, ("train",))


def test_the_command_writes_a_valid_card_that_says_simulated(sets, tmp_path):
    arguments = ["--sets", str(sets), "--models", str(tmp_path / "models"), "--runs", str(tmp_path / "runs")]
    short = ["--budget-minutes", "0.05", "--device", "cpu"]
    assert main([*arguments, *short, "--without", "pet"]) == 0
    assert main([*arguments, *short]) == 0
    card = read_card(tmp_path / "models" / ID)
    assert card_problems(card) == []
    assert card["simulatedOnly"] is True
    assert all(r["simulated"] and "SIMULATED" in r["set"] for r in card["results"])
    assert {"accuracy", "AUC", "AUC of the SUVmax rule", "AUC above the SUVmax rule", "AUC without PET"} <= {
        r["metric"] for r in card["results"]
    }
    assert main([*arguments, "--export-only"]) == 0
