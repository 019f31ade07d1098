"""The code that a TorchScript archive brings: which files, and which operators they call. Nothing of it is compiled or run.

Source: torch's `jit` serialization, which writes each class as Python-like source below `code/`.
"""

import re

from inspector.archives.directory import Directory, Member, read_member
from inspector.bundle import File
from inspector.errors import Malformed
from inspector.model import Severity
from inspector.pickles.listing import Listing
from inspector.sightings import Sightings

OWN = "__torch__"  # the package of an archive's own classes
LARGEST_SOURCE = 4 * 2**20  # bytes of one file
MOST_SOURCE = 32 * 2**20  # bytes of all
NAMED = 8
OPERATOR = re.compile(rb"\bops\.(\w+)\.(\w+)|\btorch\.(\w+)\s*\(|\b(aten|prim|quantized)::(\w+)")
# Operators that read or write files, or load other code.
ACTING = frozenset({"save", "load", "from_file", "read_file", "write_file", "load_library", "py_call", "PythonOp"})
# Operators that come with torch, or with the libraries of its makers.
USUAL = frozenset({
    "aten", "prim", "prims", "quantized", "_quantized", "sparse", "mkldnn", "mkldnn_prepacked", "prepacked", "xnnpack", "onednn",
    "torchvision", "torchaudio", "torchtext", "image", "fbgemm", "c10d_functional", "inductor", "static_runtime", "metal", "vulkan_prepack",
})  # fmt: skip


def has_code(directory: Directory, root: str) -> bool:
    """Say whether an archive brings code."""
    return any(member.name.startswith(f"{root}/code/") for member in directory.members)


def forget_own_classes(listing: Listing) -> None:
    """Leave out the globals that name classes of the archive itself: their code is judged where it stands."""
    listing.globals = {known: byte for known, byte in listing.globals.items() if known.module.split(".")[0] != OWN}
    listing.calls = {known: calls for known, calls in listing.calls.items() if known.module.split(".")[0] != OWN}


def judge_code(file: File, directory: Directory, root: str, sightings: Sightings) -> None:
    """Note that there is code, by the operators it calls; those that act on files are worth most."""
    sources = [member for member in directory.members if member.name.startswith(f"{root}/code/") and member.name.endswith(".py")]
    if not sources:
        return
    called, spaces, budget = dict[str, str](), dict[str, str](), MOST_SOURCE
    for member in sources:
        budget -= member.size
        if member.size > LARGEST_SOURCE or budget < 0:
            sightings.add("torchscript.large-code", Severity.MEDIUM, "a file of code that is too large to be looked at", member.name)
            continue
        _collect(_read(file, member, sightings), member.name, called, spaces)
    words = ", ".join(sorted(spaces))
    message = f"loading this archive compiles {len(sources)} files of code that it brings, and using it runs them; operators of: {words or 'none'}"
    sightings.add("torchscript.code", Severity.LOW, message[:400], sources[0].name)
    for name, place in sorted(called.items())[:NAMED]:
        sightings.add("torchscript.acting-code", Severity.HIGH, f"code in the archive calls {name}, which acts on files or code", place)
    for space in sorted(spaces.keys() - USUAL)[:NAMED]:
        message = f"code in the archive calls operators of {space[:80]}, which have to be installed and trusted"
        sightings.add("torchscript.custom-operators", Severity.MEDIUM, message, spaces[space])


def _read(file: File, member: Member, sightings: Sightings) -> bytes:
    try:
        return read_member(file, member, LARGEST_SOURCE)[0]
    except Malformed as error:
        sightings.add("torchscript.broken-code", Severity.MEDIUM, f"a file of code that cannot be read: {error}"[:300], member.name)
        return b""


def _collect(source: bytes, name: str, called: dict[str, str], spaces: dict[str, str]) -> None:
    for match in OPERATOR.finditer(source):
        space = (match[1] or match[4] or b"aten").decode()
        operator = (match[2] or match[3] or match[5]).decode()
        spaces.setdefault(space, name)
        if operator in ACTING:
            called.setdefault(f"{space}::{operator}"[:100], name)
