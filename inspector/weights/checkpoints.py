"""Directories of intermediate checkpoints: weights that training left on its way, told from the final ones by where they stand.

A directory that is named after a step holds an intermediate checkpoint when other weights stand beside or above it, or when there are several such
directories. One alone, with no other weights near, holds what there is. Pure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

import msgspec

from inspector.model import Claim, Component, Evidence
from inspector.tables import load_table

Place = tuple[str, str]  # a root and a directory in it
HELD = (Claim.PRESENT, Claim.MISSING)


class Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table of names."""

    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """The directories of all roots that hold intermediate checkpoints."""

    intermediate: frozenset[Place] = frozenset()

    def settle(self, item: Evidence) -> Evidence:
        """Give the evidence the component that its place says: weights in an intermediate checkpoint are no final parameters."""
        if not self.intermediate or item.component is not Component.PARAMETERS or item.claim not in HELD:
            return item
        directory = find_checkpoint(item.location.path)
        if directory is None or (item.location.root, directory) not in self.intermediate:
            return item
        return msgspec.structs.replace(item, component=Component.CHECKPOINTS)


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{text})" for text in load_table("checkpoint-names.toml", Names).patterns))


def is_checkpoint_name(name: str) -> bool:
    """Say whether a directory's name is one that trainers give to the state of a step."""
    return _pattern().fullmatch(name.casefold()) is not None


def find_checkpoint(path: str) -> str | None:
    """Give the topmost checkpoint directory above a file; None where there is none."""
    parts = PurePosixPath(path.partition("!/")[0]).parts[:-1]
    return next(("/".join(parts[: place + 1]) for place, part in enumerate(parts) if is_checkpoint_name(part)), None)


def find_checkpoints(evidence: Iterable[Evidence]) -> Checkpoints:
    """Tell which checkpoint directories are intermediate: by all weights, also those that are missing, of their root."""
    steps: dict[Place, set[str]] = {}
    others: set[Place] = set()  # directories with other weights
    around: set[Place] = set()  # those and all above them
    for item in evidence:
        if item.component is not Component.PARAMETERS or item.claim not in HELD:
            continue
        root, path = item.location.root, item.location.path.partition("!/")[0]
        directory = find_checkpoint(path)
        if directory is None:
            others.add((root, _parent(path)))
            around |= {(root, str(parent)) for parent in PurePosixPath(path).parents}
        elif item.claim is Claim.PRESENT:
            steps.setdefault((root, _parent(directory)), set()).add(directory)
    intermediate: set[Place] = set()
    for (root, above), directories in steps.items():
        final = (root, above) in around or any((root, str(parent)) in others for parent in PurePosixPath(above).parents)
        if final or len(directories) > 1:
            intermediate |= {(root, directory) for directory in directories}
    return Checkpoints(frozenset(intermediate))


def _parent(path: str) -> str:
    return str(PurePosixPath(path).parent)
