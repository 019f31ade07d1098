"""Tensors looked at by a few of their elements: all zero, all alike, or no numbers. Opt-in, since it reads what is otherwise only measured.

At most 4,096 elements a tensor are read, the same ones every time. A tensor of which these are zero can hold other numbers elsewhere; one of which a
single one is none is damaged for certain.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from inspector.bundle import Entry, File, Root, walk
from inspector.errors import Malformed
from inspector.model import Claim, Component, Inventory, Issue, Severity
from inspector.sightings import Sightings
from inspector.tensors.containers import list_tensors
from inspector.tensors.elements import read_elements
from inspector.tensors.encodings import Numbers
from inspector.tensors.grid import choose
from inspector.tensors.packed import assemble
from inspector.tensors.tensor import Tensor

FEWEST = 1024  # elements; below, a tensor of zeros or ones is usual
# Adapters begin with one matrix of zeros, masks are made of infinities, and padding of zeros.
USUAL = ("lora_b", "lora_up", "mask", "zero_conv", "zero_proj", "inv_freq")
SETTLE = "Fetch the weights again from their origin, and compare digests; ask who wrote this file why it holds no trained numbers."
SAMPLED = "elements of tensors were sampled"


@dataclass(slots=True)
class Tally:
    """What was looked at so far: tensors, and those whose numbers could not be read."""

    tensors: int = 0
    unread: int = 0
    issues: list[Issue] = field(default_factory=list)


def sample_inventory(inventory: Inventory, roots: Sequence[Root]) -> Inventory:
    """Look at the tensors of all files that hold parameters, and add what is wrong with them, and a note that it was done."""
    wanted = {
        (item.location.root, item.location.path.split("!/")[0])
        for item in inventory.evidence
        if item.component in {Component.PARAMETERS, Component.CHECKPOINTS} and item.claim is Claim.PRESENT
    }
    tally = Tally()
    for root in roots:
        for entry in walk(root):
            if isinstance(entry, Entry) and (entry.root.name, entry.path) in wanted:
                _sample_file(entry, tally)
    note = f"{SAMPLED}: {tally.tensors:,} tensors" + (f", {tally.unread:,} more in encodings that cannot be read" if tally.unread else "")
    return msgspec.structs.replace(inventory, issues=(*inventory.issues, *tally.issues), notes=(*inventory.notes, note))


def _sample_file(entry: Entry, tally: Tally) -> None:
    """Look at one file; what breaks it was said when its header was read."""
    try:
        with entry.open() as file:
            sightings, listed = Sightings(file), list_tensors(file)
            for tensor in assemble(listed[1]) if listed is not None else ():
                values = _read(file, tensor) if tensor.elements else None
                tally.tensors += values is not None
                tally.unread += values is None
                if values is not None:
                    judge_values(tensor, values, sightings)
            tally.issues += sightings.issues(SETTLE)
    except (Malformed, OSError):
        return


def _read(file: File, tensor: Tensor) -> Numbers | None:
    return read_elements(file, tensor, *choose(*tensor.grid))


def judge_values(tensor: Tensor, values: Numbers, sightings: Sightings) -> None:
    """Say what is wrong with numbers that were read of a tensor."""
    import numpy as np

    name, span = tensor.name, (tensor.start, tensor.start + tensor.size)
    if any(word in name.casefold() for word in USUAL):
        return
    finite = np.isfinite(values)
    if not finite.any():
        sightings.add("tensors.not-finite", Severity.HIGH, "not one number that was looked at is finite", name, span)
    elif not finite.all():
        sightings.add("tensors.not-finite", Severity.MEDIUM, "some numbers are infinite or no numbers at all", name, span)
    elif len(tensor.shape) < 2 or tensor.elements < FEWEST:
        return
    elif not values.any():
        message = "every number that was looked at is zero: this matrix was emptied, or never trained"
        sightings.add("tensors.all-zero", Severity.HIGH, message, name, span)
    elif values.min() == values.max():
        message = "every number that was looked at is the same: this matrix was never trained"
        sightings.add("tensors.constant", Severity.MEDIUM, message, name, span)
