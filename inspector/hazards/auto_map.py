"""`auto_map`: the key by which a model's settings name Python code that runs when it is loaded.

`module.Class` is a file beside the settings, `owner/repo--module.Class` is in another repository.
Source: the transformers documentation, "Customizing models".
"""

import re
from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Found
from inspector.model import Certainty, Claim, Component, Issue, Location, Reference, Severity
from inspector.serialization.strict_json import Json, escape, texts

REMOTE = re.compile(r"^([\w.-]{1,100}/[\w.-]{1,100})--(.{1,200})$")
MAX_ENTRIES = 100


def read_auto_map(file: File, settings: dict[str, Json], component: Component) -> Iterator[Found | Issue]:
    """Give a reference and an issue for each class that `auto_map` names: medium for code in the bundle, high for code from elsewhere."""
    entries = settings.get("auto_map")
    pairs = list(entries.items()) if isinstance(entries, dict) else [("", entries)]
    for key, value in pairs[:MAX_ENTRIES]:
        for name in texts(value):
            pointer = f"/auto_map/{escape(key)}" if key else "/auto_map"
            remote = REMOTE.match(name)
            yield _found(component, name, pointer, remote)
            yield _issue(file, name, pointer, remote)


def _found(component: Component, name: str, pointer: str, remote: re.Match[str] | None) -> Found:
    module = name.rpartition(".")[0] or name
    details = (
        Reference(kind="repository", target=remote[1]) if remote else Reference(kind="file", target=f"{module.replace('.', '/')}.py"[:300])
    )
    return Found(component, Claim.REFERENCED, name.rpartition(".")[2][:200], Certainty.READ, pointer=pointer, details=details)


def _issue(file: File, name: str, pointer: str, remote: re.Match[str] | None) -> Issue:
    origin = f"the repository {remote[1]}, which is not in this bundle" if remote else "a file of this bundle"
    return Issue(
        rule="config.remote-code",
        severity=Severity.HIGH if remote else Severity.MEDIUM,
        message=f"loading the model runs Python code from {origin}: {name[:200]}",
        locations=(Location(root=file.root.name, path=file.path, pointer=pointer),),
        settle="Read that code, pin its revision, or use a class of a library that you trust.",
    )
