"""Notebooks: the code in Jupyter's cells.

What it sees: `.ipynb` files of formats 3 and 4 whose language is Python, cell by cell: Python, lines for the kernel, commands of a shell. Outputs
are skipped.
What it says: what is said of Python source, with the cell as the place; the terms in the first cell; scripts and settings that commands name; that
cells run commands, and which fetch code from an address.
What it cannot know: in which order the cells were run; whether the outputs came from this code. Cells that do not parse are passed over and named.
Source: nbformat, "The Notebook file format"; IPython, "IPython reference"; inspector/standards/code-signals.toml.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import msgspec

from inspector.bundle import File, printable
from inspector.data_information.loaded_sets import sets_of_module
from inspector.detector import Declared, Format, Found, Passage, Said, Wants, detector
from inspector.errors import Malformed
from inspector.licensing.headers import read_header
from inspector.licensing.restrictions import judge_sentence, restrict_text
from inspector.model import Claim, Component, Constructs, Count, Issue, Scope, Severity
from inspector.sightings import Sightings
from inspector.sources.launches import Command
from inspector.sources.named_files import uses_of_commands, uses_of_module
from inspector.sources.notebooks import LARGEST, Notebook, read_notebook
from inspector.sources.roles import found_roles
from inspector.sources.signals import has_role
from inspector.sources.source import read_module, source_lines
from inspector.uses import Use

MOST = 20
MOST_USES = 400
MOST_SHOWN = 5
PROGRAM = re.compile(r"^(?:sudo\s+|env\s+|\w+=\S*\s+)*")
FETCHES = re.compile(
    r"(?:curl|wget)\b[^|;&]{0,500}\|\s*(?:sudo\s+)?(?:ba|z)?sh\b|(?:ba|z)?sh\s+<\(\s*(?:curl|wget)|\binstall\b[^;&|]{0,300}?(?:git\+|https?://)\S",
    re.I,
)


@detector(
    "notebook",
    wants=Wants(suffixes=(".ipynb",)),
    formats=("notebook",),
    emits={
        (Component.TRAINING, Claim.PRESENT),
        (Component.PREPROCESSING, Claim.PRESENT),
        (Component.INFERENCE, Claim.PRESENT),
        (Component.EVALUATION, Claim.PRESENT),
        (Component.ARCHITECTURE, Claim.PRESENT),
        (Component.SUPPORTING, Claim.PRESENT),
        (Component.DATASETS, Claim.NAMED),
        (Component.UNSPECIFIED, Claim.LICENSED),
        (Component.PARAMETERS, Claim.LICENSED),
    },
)
def notebook(file: File) -> Iterator[Said]:
    """Read the cells and treat their code as one module."""
    document = read_notebook(file.whole(LARGEST))
    if document is None:
        return
    yield Format("notebook")
    yield from _terms(document)
    yield from _commands(file, document)
    if document.source and has_role(file.path):
        module = read_module(document.source)
        lines = source_lines(document.source)
        yield from (msgspec.structs.replace(use, line=0) for use in uses_of_module(module.facts))
        roles = tuple(found_roles(module.facts, lines, file.path))
        for found in (*roles, *sets_of_module(module.facts, roles, file.path)):
            yield _in_cell(found, document)
    if document.broken:
        raise Malformed(f"{len(document.broken)} code cells are not Python 3, the first is /cells/{document.broken[0]}")


def _terms(document: Notebook) -> Iterator[Declared | Passage]:
    """Read the terms in the first cell: comments of a code cell or the text of another."""
    if document.cells:
        for said in read_header(source_lines(document.cells[0]), ".py"):
            yield replace(said, pointer="/cells/0") if isinstance(said, Passage) else replace(said, pointer="/cells/0", span=None)
    for place, text in document.prose:
        pointer = f"/cells/{place}"
        for said in islice(restrict_text(text, Scope.FILE, pointer=pointer), MOST):
            yield said
            # What it says of the weights is said of those beside it too, and not of its own code alone.
            if (found := judge_sentence(said.excerpt or "")) and found[1] is Component.PARAMETERS:
                yield replace(said, component=Component.PARAMETERS, scope=Scope.TREE)


def _commands(file: File, document: Notebook) -> Iterator[Issue | Use]:
    """Say what cells give to a shell: it runs when a person runs the notebook, never on loading."""
    commands = [Command(text, 0) for _, text in document.commands]
    yield from islice(uses_of_commands(commands), MOST_USES)
    sightings = Sightings(file)
    programs = dict.fromkeys(PROGRAM.sub("", text).partition(" ")[0][:40] for _, text in document.commands)
    for place, text in document.commands:
        shown = ", ".join([*islice(programs, MOST_SHOWN), *(["…"] if len(programs) > MOST_SHOWN else [])])
        sightings.add("notebook.shell", Severity.NOTE, f"cells run commands of a shell: {printable(shown)}", f"/cells/{place}")
        if FETCHES.search(text):
            sightings.add(
                "notebook.fetches-code", Severity.LOW, "a command fetches code from an address and runs or installs it", f"/cells/{place}"
            )
    yield from sightings.issues("Read the commands before the notebook is run.")


def _in_cell(found: Found, document: Notebook) -> Found:
    """Put cells in the place of lines."""
    cell = document.cell_of[found.span.start - 1] if found.span else 0
    details = found.details
    if isinstance(details, Constructs):
        details = Constructs(seen=tuple(Count(item.name, document.cell_of[item.number - 1]) for item in details.seen))
    return Found(
        found.component, found.claim, found.value, found.certainty, pointer=f"/cells/{cell}", details=details, excerpt=found.excerpt
    )
