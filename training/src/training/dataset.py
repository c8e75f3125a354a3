"""Readers of the data sets: every layout becomes a `DataSet` of `ImageRecord`s, checked before anything is trained.

Boxes are in pixels of the stored image: x and y of the top left corner, width, height.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PIL import Image

from training.errors import TrainingError

REGIONS = ("hand", "leg", "hip", "shoulder")
VIEWS = ("frontal", "lateral", "oblique")
FRACATLAS_CITATION = (
    "Abedeen I, Rahman MA, Prottyasha FZ, et al. FracAtlas: a dataset for fracture classification, localization and "
    "segmentation of musculoskeletal radiographs. Scientific Data 2023;10:521. figshare 22363012"
)
GRAZPEDWRI_CITATION = (
    "Nagy E, Janisch M, Hrzic F, et al. A pediatric wrist trauma X-ray dataset (GRAZPEDWRI-DX) for machine learning. "
    "Scientific Data 2022;9:222. figshare 14825193"
)
# Annotators click a little outside now and then; more than this is an error of the file, not of the hand.
BOX_SLACK = 2.0


@dataclass(frozen=True)
class Box:
    """One annotated fracture, in pixels of the stored image."""

    x: float
    y: float
    width: float
    height: float
    annotation_id: int


@dataclass(frozen=True)
class ImageRecord:
    """One image with everything known about it. `group` ties images that may be of one patient."""

    id: str
    file: Path
    width: int
    height: int
    fractured: bool
    regions: frozenset[str]
    hardware: bool
    group: str
    duplicate_group: str | None
    fold: int | None
    ankle_foot: str | None
    boxes: tuple[Box, ...]
    views: frozenset[str]


@dataclass(frozen=True)
class DataSet:
    """A named set of images with its licence and how it must be cited. `root` is where it was read from.

    `coco_ids`: number of each image in its annotation file, where it has one (predictions refer to it).
    """

    name: str
    licence: str
    citation: str
    simulated: bool
    root: Path
    records: tuple[ImageRecord, ...]
    coco_ids: dict[str, int] = field(default_factory=dict)


def read_any(root: Path, layout: str = "auto") -> DataSet:
    """Read a data set; `auto` recognises the layout by its files."""
    readers = {"shared": read_shared, "fracatlas": read_fracatlas, "grazpedwri": read_grazpedwri, "coco": read_coco}
    if layout != "auto":
        return readers[layout](root)
    _need(root, "folder of the data set")
    if (root / "images.csv").exists():
        return read_shared(root)
    if (root / "images" / "Fractured").exists() or (root / "Annotations" / "COCO JSON").exists():
        return read_fracatlas(root)
    if (root / "folder_structure").exists() or (root / "yolov5").exists():
        return read_grazpedwri(root)
    return read_coco(root)


def read_shared(root: Path) -> DataSet:
    """`images.csv` + `annotations.coco.json` + `images/`: the layout with groups, duplicates and folds."""
    table = _read_csv(root / "images.csv", ("image_id", "width", "height", "fractured", "group", "fold"))
    coco = _read_json(root / "annotations.coco.json")
    boxes = _boxes_by_file(coco, root / "annotations.coco.json")
    records = [
        ImageRecord(
            id=row["image_id"],
            file=root / "images" / row["image_id"],
            width=int(row["width"]),
            height=int(row["height"]),
            fractured=row["fractured"] == "1",
            regions=_flags(row, REGIONS),
            hardware=row.get("hardware") == "1",
            group=row["group"],
            duplicate_group=row.get("duplicate_group") or None,
            fold=int(row["fold"]) if row["fold"] != "" else None,
            ankle_foot=row.get("ankle_foot") or None,
            boxes=boxes.get(row["image_id"], ()),
            views=_flags(row, VIEWS),
        )
        for row in table
    ]
    info = coco.get("info", {})
    simulated = bool(info.get("simulated", False))
    name = "simulated radiographs" if simulated else "FracAtlas"
    licence = "CC0" if simulated else str(info.get("license", "CC BY 4.0"))
    citation = str(info.get("source", "")) if simulated else FRACATLAS_CITATION
    return _checked(DataSet(name, licence, citation, simulated, root, tuple(records), _coco_ids(coco)))


def read_fracatlas(root: Path) -> DataSet:
    """The public FracAtlas download as published. Groups are blocks of ten consecutive image numbers."""
    table = _read_csv(root / "dataset.csv", ("image_id", "fractured", "hardware", *REGIONS, *VIEWS))
    coco_file = _first_existing(
        root / "Annotations" / "COCO JSON", ("COCO_fracture_masks.json", "COCO_fracture.json"), "COCO annotations"
    )
    boxes = _boxes_by_file(_read_json(coco_file), coco_file)
    folders = {"1": root / "images" / "Fractured", "0": root / "images" / "Non_fractured"}
    for folder in folders.values():
        _need(folder, "folder of FracAtlas images")
    records = []
    for row in table:
        file = folders["1" if row["fractured"] == "1" else "0"] / row["image_id"]
        width, height = _image_size(file)
        records.append(
            ImageRecord(
                id=row["image_id"],
                file=file,
                width=width,
                height=height,
                fractured=row["fractured"] == "1",
                regions=_flags(row, REGIONS),
                hardware=row["hardware"] == "1",
                group=f"block-{int(''.join(c for c in row['image_id'] if c.isdigit())) // 10}",
                duplicate_group=None,
                fold=None,
                ankle_foot=None,
                boxes=boxes.get(row["image_id"], ()),
                views=_flags(row, VIEWS),
            )
        )
    return _checked(DataSet("FracAtlas", "CC BY 4.0", FRACATLAS_CITATION, False, root, tuple(records)))


def read_grazpedwri(root: Path) -> DataSet:
    """GRAZPEDWRI-DX: `dataset.csv`, YOLO labels (class `fracture` only), 16-bit PNG; group = patient_id."""
    table = _read_csv(root / "dataset.csv", ("filestem", "patient_id", "projection", "metal"))
    yolo = next((p for p in (root / "folder_structure" / "yolov5", root / "yolov5") if p.exists()), None)
    if yolo is None:
        raise _missing(root / "folder_structure" / "yolov5", "folder of YOLO labels")
    fracture_class = _yolo_class(yolo / "meta.yaml", "fracture")
    patterns = ("images*/*.png", "folder_structure/yolov5/images/**/*.png", "yolov5/images/**/*.png")
    files = {p.stem: p for pattern in patterns for p in root.glob(pattern)}
    labels = {p.stem: p for p in (yolo / "labels").rglob("*.txt")}
    records = []
    for row in table:
        stem = row["filestem"]
        if stem not in files:
            raise _missing(root / f"{stem}.png", "image named in dataset.csv")
        width, height = _image_size(files[stem])
        boxes = _yolo_boxes(labels.get(stem), fracture_class, width, height)
        records.append(
            ImageRecord(
                id=files[stem].name,
                file=files[stem],
                width=width,
                height=height,
                fractured=bool(boxes) or row.get("fracture_visible", "") in ("1", "1.0"),
                regions=frozenset({"hand"}),
                hardware=row["metal"] in ("1", "1.0"),
                group=row["patient_id"],
                duplicate_group=None,
                fold=None,
                ankle_foot=None,
                boxes=boxes,
                views=frozenset({{"1": "frontal", "2": "lateral"}.get(row["projection"], "oblique")}),
            )
        )
    return _checked(DataSet("GRAZPEDWRI-DX", "CC BY 4.0", GRAZPEDWRI_CITATION, False, root, tuple(records)))


def read_coco(root: Path) -> DataSet:
    """Any COCO folder: one annotations JSON, images beside it or in `images/`.

    Every image entry must carry `group` (or `patient_id`): without it a split could leak. Optional per image:
    `fold`, `regions`, `hardware`. Only categories whose name contains "fracture" count; all, if there is just one.
    """
    _need(root, "folder of the data set")
    candidates = [p for p in (*sorted(root.glob("*.json")), *sorted(root.glob("annotations/*.json")))]
    if len(candidates) != 1:
        raise TrainingError(
            "TRN_DATA_LAYOUT",
            f"{root} holds {len(candidates)} annotation files; exactly one is expected.",
            "Put one COCO JSON file into the folder, or name the layout with --layout.",
        )
    coco = _read_json(candidates[0])
    boxes = _boxes_by_file(coco, candidates[0])
    records = []
    for image in coco["images"]:
        name = str(image["file_name"])
        file = root / "images" / name if (root / "images" / name).exists() else root / name
        found = boxes.get(name, ())
        records.append(
            ImageRecord(
                id=name,
                file=file,
                width=int(image["width"]),
                height=int(image["height"]),
                fractured=bool(found),
                regions=frozenset(str(r) for r in image.get("regions", ())),
                hardware=bool(image.get("hardware", False)),
                group=str(image.get("group", image.get("patient_id", ""))),
                duplicate_group=None,
                fold=int(image["fold"]) if "fold" in image else None,
                ankle_foot=None,
                boxes=found,
                views=frozenset(),
            )
        )
    info = coco.get("info", {})
    return _checked(
        DataSet(
            name=str(info.get("description", root.name)),
            licence=str(info.get("license", "not stated")),
            citation=str(info.get("source", "not stated")),
            simulated=bool(info.get("simulated", False)),
            root=root,
            records=tuple(records),
            coco_ids=_coco_ids(coco),
        )
    )


def _checked(data: DataSet) -> DataSet:
    """Refuse sets that cannot be trained on honestly; boxes that overhang by a hair are clipped."""
    if not data.records:
        raise TrainingError("TRN_DATA_EMPTY", f"{data.root} holds no images.", "Check the folder and its tables.")
    missing = [r.file for r in data.records if not r.file.is_file() or r.file.stat().st_size == 0]
    if missing:
        raise TrainingError(
            "TRN_DATA_INCOMPLETE",
            f"{len(missing)} of {len(data.records)} images are missing or empty, the first is {missing[0]}.",
            "The download is not complete: fetch the data set again.",
        )
    ungrouped = [r.id for r in data.records if not r.group]
    if ungrouped:
        raise TrainingError(
            "TRN_DATA_NO_GROUP",
            f"{len(ungrouped)} images have no group, the first is {ungrouped[0]}.",
            "Give every image a group (patient); without it training and test images of one patient could mix.",
        )
    seen: set[str] = set()
    for record in data.records:
        if record.id in seen:
            raise TrainingError("TRN_DATA_DOUBLE_ID", f"Image {record.id} is listed twice.", "List every image once.")
        seen.add(record.id)
    return replace(data, records=tuple(replace(r, boxes=tuple(_inside(r, b) for b in r.boxes)) for r in data.records))


def _inside(record: ImageRecord, box: Box) -> Box:
    right, bottom = box.x + box.width, box.y + box.height
    outside = (
        box.x < -BOX_SLACK
        or box.y < -BOX_SLACK
        or right > record.width + BOX_SLACK
        or bottom > record.height + BOX_SLACK
    )
    if outside or box.width <= 0 or box.height <= 0:
        raise TrainingError(
            "TRN_DATA_BOX_OUTSIDE",
            f"Box {box.annotation_id} ({box.x}, {box.y}, {box.width}, {box.height}) does not lie in "
            f"{record.id} ({record.width} x {record.height}).",
            "The annotations and the images are not of the same version or size; fix the annotation.",
        )
    x, y = max(0.0, box.x), max(0.0, box.y)
    return Box(x, y, min(right, record.width) - x, min(bottom, record.height) - y, box.annotation_id)


def _flags(row: dict[str, str], names: Iterable[str]) -> frozenset[str]:
    return frozenset(n for n in names if row.get(n) == "1")


def _missing(path: Path, what: str) -> TrainingError:
    return TrainingError("TRN_DATA_MISSING", f"The {what} {path} is missing.", "Name the right folder with --data.")


def _need(path: Path, what: str) -> None:
    if not path.exists():
        raise _missing(path, what)


def _first_existing(folder: Path, names: Sequence[str], what: str) -> Path:
    for name in names:
        if (folder / name).exists():
            return folder / name
    raise _missing(folder / names[0], what)


def _read_csv(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    _need(path, "table")
    with path.open(newline="", encoding="utf-8-sig") as stream:
        reader = csv.DictReader(stream)
        absent = [c for c in columns if c not in (reader.fieldnames or ())]
        if absent:
            raise TrainingError("TRN_DATA_COLUMNS", f"{path} has no column {', '.join(absent)}.", "Check the version.")
        return list(reader)


def _read_json(path: Path) -> dict[str, Any]:
    _need(path, "annotation file")
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise TrainingError(
            "TRN_DATA_JSON", f"{path} is not complete JSON ({error}).", "The download may have stopped: fetch it again."
        ) from error


def _boxes_by_file(coco: dict[str, Any], path: Path) -> dict[str, tuple[Box, ...]]:
    try:
        names = {image["id"]: str(image["file_name"]) for image in coco["images"]}
        categories = coco.get("categories", [])
        wanted = {c["id"] for c in categories if len(categories) == 1 or "fracture" in str(c["name"]).lower()}
        found: dict[str, list[Box]] = defaultdict(list)
        for number, entry in enumerate(coco["annotations"]):
            if entry["category_id"] in wanted:
                x, y, width, height = (float(v) for v in entry["bbox"])
                found[names[entry["image_id"]]].append(Box(x, y, width, height, int(entry.get("id", number))))
    except (KeyError, TypeError, ValueError) as error:
        raise TrainingError(
            "TRN_DATA_COCO", f"{path} is not a COCO file ({type(error).__name__}: {error}).", "Check the file."
        ) from error
    return {name: tuple(boxes) for name, boxes in found.items()}


def _coco_ids(coco: dict[str, Any]) -> dict[str, int]:
    return {str(image["file_name"]): int(image["id"]) for image in coco["images"]}


def _yolo_class(meta: Path, name: str) -> int:
    """Index of a class in the one-line or block list `names:` of a YOLO meta file (no YAML library needed)."""
    _need(meta, "YOLO class list")
    text = meta.read_text(encoding="utf-8").split("names:", 1)[-1]
    inline = text.strip().startswith("[")
    body = text.split("[", 1)[1].split("]", 1)[0].split(",") if inline else text.strip().splitlines()
    names = [part.strip().lstrip("-").split(":")[-1].strip().strip("'\"") for part in body]
    if name not in names:
        raise TrainingError("TRN_DATA_CLASS", f"{meta} names no class {name!r}.", "Check the version of the data.")
    return names.index(name)


def _yolo_boxes(labels: Path | None, wanted: int, width: int, height: int) -> tuple[Box, ...]:
    if labels is None:
        return ()
    boxes = []
    for number, line in enumerate(labels.read_text(encoding="utf-8").splitlines()):
        fields = line.split()
        if len(fields) >= 5 and int(float(fields[0])) == wanted:
            cx, cy, w, h = (float(v) for v in fields[1:5])
            boxes.append(Box((cx - w / 2) * width, (cy - h / 2) * height, w * width, h * height, number))
    return tuple(boxes)


def _image_size(file: Path) -> tuple[int, int]:
    try:
        with Image.open(file) as image:
            return image.size
    except FileNotFoundError as error:
        raise _missing(file, "image") from error
    except OSError as error:
        raise TrainingError(
            "TRN_DATA_IMAGE", f"{file} is not a readable image ({error}).", "Fetch it again."
        ) from error
