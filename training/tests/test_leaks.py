import subprocess
import sys
from dataclasses import replace

import pytest
from PIL import Image

from training.dataset import read_shared
from training.errors import TrainingError
from training.leaks import refuse_leaks
from training.smoke import make_simulated


@pytest.fixture
def records(tmp_path):
    return list(read_shared(make_simulated(tmp_path / "data", images=80)).records)


def test_a_clean_split_passes(records, tmp_path):
    refuse_leaks(records, tmp_path / "cache")


def test_a_group_on_two_sides_is_named(records, tmp_path):
    records[1] = replace(records[1], group=records[-1].group)
    with pytest.raises(TrainingError, match="TRN_LEAK") as caught:
        refuse_leaks(records, tmp_path / "cache")
    assert records[1].id in caught.value.message


def test_a_duplicate_group_on_two_sides_is_named(records, tmp_path):
    records[0] = replace(records[0], duplicate_group="d1")
    records[-1] = replace(records[-1], duplicate_group="d1")
    with pytest.raises(TrainingError, match="duplicate d1"):
        refuse_leaks(records, tmp_path / "cache")


def test_a_recompressed_copy_on_two_sides_is_named(tmp_path):
    root = make_simulated(tmp_path / "data", images=80)
    source, copy = root / "images" / "SIM0000000.png", root / "images" / "SIM0000070.png"
    with Image.open(source) as image, Image.open(copy) as other:
        image.resize(other.size).point(lambda v: min(255, int(v * 1.1))).save(copy)
    records = read_shared(root).records
    with pytest.raises(TrainingError, match="near-duplicate") as caught:
        refuse_leaks(records, tmp_path / "cache")
    assert "SIM0000000.png" in caught.value.message
    assert "SIM0000070.png" in caught.value.message


def test_the_command_fails_with_exit_code_1(tmp_path):
    root = make_simulated(tmp_path / "data", images=40)
    table = (root / "images.csv").read_text().splitlines()
    cells = table[1].split(",")
    cells[-1] = str((int(cells[-1]) + 1) % 5)
    (root / "images.csv").write_text("\n".join([table[0], ",".join(cells), *table[2:]]) + "\n")
    command = [sys.executable, "-m", "training.leaks", "--data", str(root), "--cache", str(tmp_path / "cache")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "SIM0000000.png" in done.stderr
