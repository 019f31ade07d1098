"""Copies of a chat template that differ: which of them counts depends on the loader.

What it sees: the digests of all templates of a directory, by the name they go by.
What it says: an issue where copies of one template in one directory differ in more than white space: medium among the files of transformers, of
which versions read different ones; low where one is in a GGUF file, since converters repair templates.
What it cannot know: which copy is meant.
Source: transformers, "Chat templates" (chat_template.jinja is read before tokenizer_config.json by newer versions).
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from inspector.detector import Found, Gathered, crosscheck
from inspector.model import Claim, Component, Evidence, Issue, Severity, TemplateText

SETTLE = "Compare the copies, and remove those that are not meant: what one loader shows another does not use."
ABOVE = "additional_chat_templates"


@crosscheck("template-copies")
def template_copies(gathered: Gathered) -> Iterator[Found | Issue]:
    """Hold the templates of a directory against each other."""
    groups: dict[tuple[str, str, str], list[Evidence]] = {}
    for found in gathered.by_file((Component.MODEL_METADATA, Claim.PRESENT)).values():
        for item in found:
            if isinstance(item.details, TemplateText):
                path = PurePosixPath(item.location.path).parent
                directory = path.parent if path.name == ABOVE else path
                groups.setdefault((item.location.root, str(directory), item.details.name), []).append(item)
    for _, items in sorted(groups.items()):
        beside = [item for item in items if not item.location.path.casefold().endswith(".gguf")]
        for severity, copies in ((Severity.MEDIUM, beside), (Severity.LOW, items)):
            if len({_digest(item) for item in copies}) > 1:
                yield Issue(
                    rule="template.copies-differ",
                    severity=severity,
                    message="copies of a chat template differ: which of them is used depends on the loader",
                    locations=tuple(item.location for item in copies)[:50],
                    settle=SETTLE,
                )
                break


def _digest(item: Evidence) -> str:
    return item.details.sha256 if isinstance(item.details, TemplateText) else ""
