"""Folds by patient group: no group and no duplicate group on two sides."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from training.dataset import ImageRecord
from training.errors import TrainingError


def tie_groups(records: Sequence[ImageRecord]) -> dict[str, int]:
    """Image id -> number of its cluster: images tied by a group, a duplicate group, or a chain of both."""
    parent = list(range(len(records)))

    def find(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    first: dict[tuple[str, str], int] = {}
    for i, record in enumerate(records):
        keys = [("group", record.group)]
        if record.duplicate_group is not None:
            keys.append(("duplicate", record.duplicate_group))
        for key in keys:
            parent[find(i)] = find(first.setdefault(key, i))
    return {record.id: find(i) for i, record in enumerate(records)}


def assign_folds(records: Sequence[ImageRecord], folds: int = 5, seed: int = 0) -> list[ImageRecord]:
    """Records with a fold each: clusters go, largest first, to the fold that lacks fractures and images most."""
    clusters: dict[int, list[ImageRecord]] = defaultdict(list)
    cluster_of = tie_groups(records)
    for record in records:
        clusters[cluster_of[record.id]].append(record)
    if len(clusters) < folds:
        raise TrainingError(
            "TRN_SPLIT_GROUPS",
            f"{len(clusters)} patient groups cannot fill {folds} folds.",
            "Use fewer folds or data of more patients.",
        )
    order = list(clusters.values())
    random.Random(seed).shuffle(order)
    order.sort(key=lambda members: (-sum(r.fractured for r in members), -len(members)))
    load = [[0, 0] for _ in range(folds)]
    total_fractured = max(1, sum(r.fractured for r in records))
    fold_of: dict[str, int] = {}
    for members in order:
        fold = min(range(folds), key=lambda k: load[k][0] / total_fractured + load[k][1] / len(records))
        load[fold][0] += sum(r.fractured for r in members)
        load[fold][1] += len(members)
        fold_of.update({r.id: fold for r in members})
    return [replace(record, fold=fold_of[record.id]) for record in records]


def with_folds(records: Sequence[ImageRecord], seed: int = 0) -> list[ImageRecord]:
    """The given folds where every image has one; otherwise new ones for all."""
    return list(records) if all(r.fold is not None for r in records) else assign_folds(records, seed=seed)


def in_folds(records: Iterable[ImageRecord], folds: Iterable[int]) -> list[ImageRecord]:
    """The images of some folds."""
    wanted = set(folds)
    return [r for r in records if r.fold in wanted]


def count_once(records: Iterable[ImageRecord]) -> list[ImageRecord]:
    """One image of every duplicate group (the first), for tests: a copy is no second case."""
    seen: set[str] = set()
    kept = []
    for record in records:
        if record.duplicate_group is not None:
            if record.duplicate_group in seen:
                continue
            seen.add(record.duplicate_group)
        kept.append(record)
    return kept
