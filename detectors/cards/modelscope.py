"""ModelScope: the settings of a model, and the record of its download.

What it sees: configuration.json with `framework` or `task`; the file `.mv`. The other records, `.msc` and `.mdl`, are pickles, and followed as such.
What it says: the class of the model by name; packages that are installed and imported, and code of the bundle that is run, when the model is loaded.
What it cannot know: whether the record is true.
Source: modelscope, `hub/utils/caching.py`, `utils/plugins.py` and the documentation of configuration.json.
"""

from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.model import Claim, Component, Issue, Location, Reference, Severity, printable
from inspector.serialization.strict_json import Json, read_json, texts

KEYS = (b'"framework"', b'"task"', b'"allow_remote"')
RECORD = ".mv"
MOST = 32


@detector(
    "modelscope",
    wants=Wants(names=("configuration.json", RECORD)),
    formats=("modelscope-config", "modelscope-record"),
    emits={(Component.MODEL_METADATA, Claim.PRESENT), (Component.ARCHITECTURE, Claim.REFERENCED)},
)
def modelscope(file: File) -> Iterator[Said]:
    """Read the settings strictly; the record is a line of text."""
    if file.name.casefold() == RECORD:
        if file.head.startswith(b"Revision:"):
            yield Format("modelscope-record")
        return
    if not file.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") or not any(key in file.head for key in KEYS):
        return
    settings = read_json(file)
    if not _is_model(settings):
        return
    yield Format("modelscope-config")
    yield Found(Component.MODEL_METADATA, Claim.PRESENT, "modelscope-config")
    model = settings.get("model")
    for name in texts(model.get("type") if isinstance(model, dict) else None)[:1]:
        details = Reference(kind="package", target="modelscope")
        yield Found(Component.ARCHITECTURE, Claim.REFERENCED, printable(name[:200]), pointer="/model/type", details=details)
    yield from _tell_code(file, settings)


def _is_model(settings: dict[str, Json]) -> bool:
    """Say whether the settings are those of a model: other programs have a file of that name, with keys of their own."""
    task = isinstance(settings.get("task"), str)
    parts = any(isinstance(settings.get(key), dict) for key in ("model", "pipeline"))
    return "allow_remote" in settings or (task and (parts or isinstance(settings.get("framework"), str)))


def _tell_code(file: File, settings: dict[str, Json]) -> Iterator[Issue]:
    if settings.get("allow_remote"):
        yield _issue(file, "allow_remote", Severity.MEDIUM, "loading the model imports every Python file of this bundle")
    for name in texts(settings.get("plugins"))[:MOST]:
        yield _issue(file, "plugins", Severity.HIGH, f"loading the model installs and imports the package {printable(name[:100])}")


def _issue(file: File, key: str, severity: Severity, message: str) -> Issue:
    place = Location(root=file.root.name, path=file.path, pointer=f"/{key}")
    settle = "Read that code before the model is loaded, and pin what is installed."
    return Issue(rule="config.remote-code", severity=severity, message=message, locations=(place,), settle=settle)
