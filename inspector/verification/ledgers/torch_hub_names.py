"""Checkpoints whose name carries the beginning of their SHA-256: `resnet50-0676ba61.pth`.

Eight letters and digits can also be a commit or an id; a date is not taken for a digest. Source: the documentation of torch.hub,
`load_state_dict_from_url(check_hash=True)`.
"""

import re
from collections.abc import Iterator

from inspector.bundle import Survey
from inspector.verification.integrity import Expected, Said, Trust, ledger
from inspector.verification.record_reading import place

ID = "torch-hub-name"
NAME = re.compile(r".*-(?P<digest>[0-9a-f]{8,64})\.(?:pth|pt|th|pth\.tar)")
DATE = re.compile(r"(?:19|20)\d\d[01]\d[0-3]\d")


@ledger(
    ID,
    title="digest in a checkpoint's name",
    proves="the content's SHA-256 begins as the name says: it was not damaged; eight digits are too few against somebody who wants to deceive",
)
def torch_hub_names(survey: Survey, _: Trust) -> Iterator[Said]:
    """Read the digests that names carry."""
    for path, entry in survey.entries.items():
        match = NAME.fullmatch(path.rpartition("/")[2])
        if match and not DATE.fullmatch(match["digest"]):
            yield Expected(path=path, ledger=ID, record=place(entry), algorithm="sha256", digest=match["digest"], partial=True)
