import csv
import json
import shutil

import numpy as np
import pytest
from PIL import Image

from training.dataset import read_any, read_coco, read_fracatlas, read_grazpedwri, read_shared
from training.errors import TrainingError
from training.smoke import make_simulated


@pytest.fixture
def shared(tmp_path):
    return make_simulated(tmp_path / "data", images=16)


def _edit_coco(root, change):
    file = root / "annotations.coco.json"
    content = json.loads(file.read_text())
    change(content)
    file.write_text(json.dumps(content))


def test_shared_layout(shared):
    data = read_any(shared)
    assert data.simulated
    assert len(data.records) == 16
    assert sum(r.fractured for r in data.records) == 8
    assert all(bool(r.boxes) == r.fractured for r in data.records)
    assert data.records[1].regions == {"leg"}


def test_missing_folder(tmp_path):
    with pytest.raises(TrainingError, match="TRN_DATA_MISSING"):
        read_any(tmp_path / "absent")


def test_half_downloaded_images(shared):
    (shared / "images" / "SIM0000003.png").unlink()
    with pytest.raises(TrainingError, match="1 of 16 images"):
        read_shared(shared)


def test_half_downloaded_annotations(shared):
    file = shared / "annotations.coco.json"
    file.write_text(file.read_text()[:300])
    with pytest.raises(TrainingError, match="TRN_DATA_JSON"):
        read_shared(shared)


def test_box_outside_the_image(shared):
    _edit_coco(shared, lambda c: c["annotations"][0].update(bbox=[1000, 10, 20, 20]))
    with pytest.raises(TrainingError, match="TRN_DATA_BOX_OUTSIDE"):
        read_shared(shared)


def test_box_that_overhangs_by_a_hair_is_clipped(shared):
    _edit_coco(shared, lambda c: c["annotations"][0].update(bbox=[-1.0, 10, 20, 20]))
    box = next(b for r in read_shared(shared).records for b in r.boxes if b.annotation_id == 0)
    assert (box.x, box.width) == (0.0, 19.0)


def test_image_without_group(shared):
    rows = list(csv.reader((shared / "images.csv").open()))
    rows[1][rows[0].index("group")] = ""
    with (shared / "images.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows(rows)
    with pytest.raises(TrainingError, match="TRN_DATA_NO_GROUP"):
        read_shared(shared)


def test_fracatlas_as_published(shared, tmp_path):
    root = tmp_path / "FracAtlas"
    rows = list(csv.DictReader((shared / "images.csv").open()))
    for folder in ("Fractured", "Non_fractured"):
        (root / "images" / folder).mkdir(parents=True)
    for row in rows:
        folder = "Fractured" if row["fractured"] == "1" else "Non_fractured"
        shutil.copy(shared / "images" / row["image_id"], root / "images" / folder / row["image_id"])
    columns = ["image_id", "hand", "leg", "hip", "shoulder", "mixed", "hardware", "multiscan", "fractured",
               "fracture_count", "frontal", "lateral", "oblique"]  # fmt: skip
    with (root / "dataset.csv").open("w", newline="") as stream:
        writer = csv.DictWriter(stream, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    (root / "Annotations" / "COCO JSON").mkdir(parents=True)
    shutil.copy(shared / "annotations.coco.json", root / "Annotations" / "COCO JSON" / "COCO_fracture_masks.json")
    data = read_any(root)
    assert data.name == "FracAtlas"
    assert {r.group for r in data.records} == {"block-0", "block-1"}
    assert sum(len(r.boxes) for r in data.records) == 8
    shutil.rmtree(root / "images" / "Fractured")
    with pytest.raises(TrainingError, match="TRN_DATA_MISSING"):
        read_fracatlas(root)


def test_grazpedwri_as_published(tmp_path):
    root = tmp_path / "graz"
    labels = root / "folder_structure" / "yolov5" / "labels"
    labels.mkdir(parents=True)
    (root / "images_part1").mkdir()
    for stem in ("0001_a", "0002_b"):
        pixels = np.zeros((40, 20), dtype=np.uint16)
        Image.fromarray(pixels).save(root / "images_part1" / f"{stem}.png")
    (labels / "0001_a.txt").write_text("3 0.5 0.5 0.2 0.1\n8 0.2 0.2 0.1 0.1\n")
    (root / "folder_structure" / "yolov5" / "meta.yaml").write_text(
        "nc: 9\nnames: ['boneanomaly', 'bonelesion', 'foreignbody', 'fracture', 'metal', 'periostealreaction', "
        "'pronatorsign', 'softtissue', 'text']\n"
    )
    (root / "dataset.csv").write_text(
        "filestem,patient_id,projection,fracture_visible,metal\n0001_a,1,1,1,\n0002_b,2,2,,1\n"
    )
    first, second = read_grazpedwri(root).records
    box = first.boxes[0]
    assert (box.x, box.y, box.width, box.height) == pytest.approx((8, 18, 4, 4))
    assert (first.group, first.fractured, second.fractured, second.hardware) == ("1", True, False, True)


def test_coco_folder_needs_groups(shared):
    (shared / "images.csv").unlink()
    with pytest.raises(TrainingError, match="TRN_DATA_NO_GROUP"):
        read_coco(shared)
    _edit_coco(shared, lambda c: [image.update(group=str(image["id"] // 2)) for image in c["images"]])
    assert len(read_any(shared).records) == 16
