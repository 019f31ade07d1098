"""Jobs: descriptions from which a scheduler, a build or a container starts programs.

What it sees: YAML and JSON of clusters and workflows, Makefiles, justfiles, Dockerfiles and Procfiles in which a runner (`python`, `torchrun`, ...)
stands before a script.
What it says: that a training, a fine-tuning, an evaluation or a processing of data is launched, with its line, the settings that it is given, and the
scripts and settings that are named.
What it cannot know: what variables stand for, and whether the job was ever run.
Source: the command lines of the programs in inspector/standards/launches.toml; Kubernetes, Beaker, SkyPilot and MosaicML job descriptions.
"""

import re
from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.model import Claim, Component
from inspector.sources.launch_roles import tell_launches
from inspector.sources.launches import load_launches
from inspector.sources.signals import has_role
from inspector.sources.source import source_lines

LARGEST = 2**20
NAMES = ("makefile", "justfile", "dockerfile", "procfile")
PUNCTUATION = re.compile(r"[\"'\[\],]")


@detector(
    "job",
    wants=Wants(names=NAMES, suffixes=(".yaml", ".yml", ".mk", ".dockerfile")),
    formats=("job",),
    emits={
        (Component.TRAINING, Claim.PRESENT),
        (Component.EVALUATION, Claim.PRESENT),
        (Component.PREPROCESSING, Claim.PRESENT),
        (Component.INFERENCE, Claim.PRESENT),
        (Component.SUPPORTING, Claim.PRESENT),
    },
)
def job(file: File) -> Iterator[Said]:
    """Read every line as a command, once a runner stands in the text; lists of arguments are read as the words they are."""
    if file.size > LARGEST or b"\0" in file.head or not has_role(file.path) or _is_of_the_project(file.path):
        return
    text = file.text
    if not any(runner in text for runner in load_launches().runners):
        return
    lines = source_lines(text)
    said = tuple(tell_launches(tuple(PUNCTUATION.sub(" ", line) for line in lines), file.path))
    if any(isinstance(item, Found) for item in said):
        yield Format("job")
        yield from said


def _is_of_the_project(path: str) -> bool:
    """Say whether a file serves the making of the project itself: continuous integration and its hooks."""
    return any(part in {".github", ".gitlab", ".circleci", ".buildkite"} for part in path.split("/")[:-1]) or path.startswith(".")
