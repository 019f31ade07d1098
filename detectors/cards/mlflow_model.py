"""MLflow models: the file MLmodel, which says by which libraries a directory is loaded.

What it sees: files named MLmodel: YAML with `flavors`.
What it says: each flavor with its library; a module that is imported to load the model, code of the bundle that is put on the path, a script that
is run, and an object that is unpickled; that the metadata is there.
What it cannot know: what the code does, which other detectors look at; whether the environment files name what is needed.
Source: MLflow's documentation, "MLflow Models: Storage Format", and `mlflow.pyfunc.load_model`.
"""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import Malformed
from inspector.model import Claim, Component, Issue, Location, Reference, Severity, Span, printable
from inspector.serialization.yaml_tree import LARGEST, Items, Keys, Tree, Words, read_yaml_tree

MOST_FLAVORS = 32
OWN = "mlflow."
PYTHON = "python_function"
RUNS = {
    "loader_module": "loading the model imports the module {}",
    "code": "loading the model puts code of this bundle on Python's path: {}",
    "model_code_path": "loading the model runs a script of this bundle: {}",
    "python_model": "loading the model unpickles an object, which can be code of any kind: {}",
}
SETTLE = "Read that code, and what the pickle holds, before the model is loaded."


@detector(
    "mlflow-model",
    wants=Wants(names=("mlmodel",)),
    formats=("mlflow-model",),
    emits={(Component.MODEL_METADATA, Claim.PRESENT), (Component.ARCHITECTURE, Claim.REFERENCED)},
)
def mlflow_model(file: File) -> Iterator[Said]:
    """Read the YAML strictly; nothing is constructed."""
    if b"flavors" not in file.head and b"mlflow" not in file.head:
        return
    tree = read_yaml_tree(file.whole(LARGEST))
    flavors = tree.items.get("flavors") if isinstance(tree, Keys) else None
    if not isinstance(flavors, Keys):
        raise Malformed("MLmodel without flavors")
    yield Format("mlflow-model")
    yield Found(Component.MODEL_METADATA, Claim.PRESENT, "mlflow-model", span=_span(flavors))
    for name, flavor in list(flavors.items.items())[:MOST_FLAVORS]:
        if not isinstance(flavor, Keys):
            continue
        if name != PYTHON:
            details = Reference(kind="package", target=printable(name[:100]))
            found = printable(f"mlflow {name}"[:200])
            yield Found(
                Component.ARCHITECTURE, Claim.REFERENCED, found, span=_span(flavor), pointer=f"/flavors/{name[:100]}", details=details
            )
        yield from _tell_code(file, name[:100], flavor.items)


def _tell_code(file: File, flavor: str, keys: Mapping[str, Tree]) -> Iterator[Found | Issue]:
    """Say what is imported, run or unpickled when a flavor is loaded."""
    for key, message in RUNS.items():
        for words in _words(keys.get(key)):
            text = words.text or ""
            if key == "loader_module" and text.startswith(OWN):
                continue
            span, pointer = Span(words.line, words.line), f"/flavors/{flavor}/{key}"
            if (target := _file(key, text, keys)) is not None:
                details, shown = Reference(kind="file", target=target), printable(text[:200])
                yield Found(Component.ARCHITECTURE, Claim.REFERENCED, shown, span=span, pointer=pointer, details=details)
            yield Issue(
                rule="config.remote-code",
                severity=Severity.MEDIUM,
                message=message.format(printable(text[:200])),
                locations=(Location(root=file.root.name, path=file.path, span=span, pointer=pointer),),
                settle=SETTLE,
            )


def _file(key: str, text: str, keys: Mapping[str, Tree]) -> str | None:
    """Spell the Python file that is run: a module below the directory of code, or a script; None for what is no single file."""
    if key == "model_code_path":  # often the path on the machine that logged the model; the loader takes the name
        path = PurePosixPath(text)
        return (path.name if path.is_absolute() else text)[:300]
    if key != "loader_module":
        return None
    below = next((words.text or "" for words in _words(keys.get("code"))), "")
    return str(PurePosixPath(below) / f"{text.replace('.', '/')}.py")[:300]


def _words(tree: Tree | None) -> Iterator[Words]:
    for item in tree.items if isinstance(tree, Items) else (tree,):
        if isinstance(item, Words) and item.text:
            yield item


def _span(tree: Keys) -> Span:
    return Span(tree.line, tree.line)
