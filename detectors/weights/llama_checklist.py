"""Checklists of the original releases of Llama: which files belong to a model.

What it sees: checklist.chk, a list of MD5 sums and names.
What it says: the files of weights that it names, so that one that is not here is missing.
What it cannot know: whether the sums are right; MD5 is not computed, and proves nothing against a person who wants to deceive.
Source: the original releases of Llama; md5sum's format.
"""

import re
from collections.abc import Iterator

from inspector.beside import find_beside, leads_out
from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import Malformed
from inspector.model import Claim, Component, Span, Stored

LINE = re.compile(r"([0-9a-fA-F]{32})\s[ *]?(\S.*)")
LIMIT = 2**20
MOST = 10_000
WEIGHTS = re.compile(r"consolidated[\w.-]*\.(?:pth|safetensors)")


@detector(
    "llama-checklist",
    wants=Wants(names=("checklist.chk",)),
    formats=("checklist",),
    emits={(Component.PARAMETERS, Claim.REFERENCED)},
)
def llama_checklist(file: File) -> Iterator[Said]:
    """Read the names; what is no list of sums is left alone."""
    lines = file.whole(LIMIT).decode("utf-8", "replace").splitlines()
    matches = [(number, match) for number, line in enumerate(lines[:MOST], 1) if (match := LINE.fullmatch(line.strip()))]
    if not matches:
        return
    yield Format("checklist")
    names = [(number, match[2].strip()) for number, match in matches]
    unsafe = next((name for _, name in names if leads_out(name)), None)
    if unsafe is not None:
        raise Malformed(f"a name leads out of the directory: {unsafe[:100]!r}")
    weights = [(number, name) for number, name in names if WEIGHTS.fullmatch(name)]
    if weights:
        stored = Stored(files=tuple(find_beside(file.path, name) for _, name in weights), size=0)
        span = Span(weights[0][0], weights[-1][0])
        yield Found(Component.PARAMETERS, Claim.REFERENCED, f"{len(weights)} files of weights", span=span, details=stored)
