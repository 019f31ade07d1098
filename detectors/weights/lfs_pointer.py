"""Git LFS pointers: files that were never downloaded.

What it sees: texts below 1,024 bytes that begin with the first line of a Git LFS pointer, under any name.
What it says: the weights (or training state) that the name promises are missing, with the digest and size of the real file; for other names
an issue.
What it cannot know: whether the real file is what its name promises.
Source: git-lfs, docs/spec.md.
"""

from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.git.lfs import MARKS, is_pointer, read_pointer
from inspector.model import Certainty, Claim, Component, Issue, Location, Pointer, Severity, Span, Unit
from inspector.weights.role import is_weights_name, role_by_name


@detector(
    "lfs-pointer",
    wants=Wants(magic=tuple(Magic(mark) for mark in MARKS)),
    formats=("git-lfs-pointer",),
    emits={
        (Component.PARAMETERS, Claim.MISSING),
        (Component.CHECKPOINTS, Claim.MISSING),
        (Component.MODEL_METADATA, Claim.MISSING),
    },
)
def lfs_pointer(file: File) -> Iterator[Said]:
    """Read the digest and size of what is not here."""
    if not is_pointer(file):
        return
    yield Format("git-lfs-pointer")
    pointer = read_pointer(file.whole())
    if is_weights_name(file.path):
        role = role_by_name(file.path)
        yield Found(
            role.component if role else Component.PARAMETERS,
            Claim.MISSING,
            role.value if role else file.suffix.removeprefix(".") or "tensor",
            Certainty.NAMED,
            span=Span(0, file.size, Unit.BYTES),
            details=pointer,
        )
    else:
        yield _not_downloaded(file, pointer)


def _not_downloaded(file: File, pointer: Pointer) -> Issue:
    return Issue(
        rule="lfs.not-downloaded",
        severity=Severity.LOW,
        message=f"a Git LFS pointer stands in for this file ({pointer.size} bytes): its content was not inspected",
        locations=(Location(root=file.root.name, path=file.path, span=Span(0, file.size, Unit.BYTES)),),
        settle="Download the content, for example with `git lfs pull`, and inspect again.",
    )
