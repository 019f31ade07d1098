"""Digests in names: checkpoints that carry the beginning of their own SHA-256, as torch.hub asks for.

What it sees: the names of files with weights (`resnet50-0676ba61.pth`) and their digests.
What it says: an issue where the digest begins otherwise: the file is another than the name promises.
What it cannot know: whether eight letters and digits in a name are meant as a digest. A date is not taken for one; a commit can be.
Source: the documentation of torch.hub, `load_state_dict_from_url(check_hash=True)`.
"""

import re
from collections.abc import Iterator

from inspector.detector import Found, Gathered, crosscheck
from inspector.model import Issue, Location, Severity
from inspector.pure_paths import pure_path

NAME = re.compile(r".*[-_]([0-9a-f]{8,64})\.(?:pth|pt|th|pth\.tar|ckpt|safetensors)")
DATE = re.compile(r"(?:19|20)\d\d[01]\d[0-3]\d")
POINTER = "git-lfs-pointer"
MOST_LOCATIONS = 50


@crosscheck("torch-hub")
def torch_hub(gathered: Gathered) -> Iterator[Found | Issue]:
    """Hold the digests that names carry against those of the files."""
    for record in gathered.files:
        match = NAME.fullmatch(pure_path(record.path).name)
        if match is None or DATE.fullmatch(match[1]) or record.sha256 is None or record.format in (None, POINTER):
            continue
        if not record.sha256.startswith(match[1]):
            yield Issue(
                rule="torch-hub.other-digest",
                severity=Severity.MEDIUM,
                message=f"the name carries the digest {match[1]}, and the file's SHA-256 begins with {record.sha256[:8]}",
                locations=(Location(root=record.root, path=record.path),),
                settle="Fetch the file again from its publisher, and compare digests.",
            )
