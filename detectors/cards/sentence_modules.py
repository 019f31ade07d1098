"""Modules of sentence-transformers: the classes that a model is a chain of, by name.

What it sees: modules.json, router_config.json, and config.json of the chain's own modules, which name classes to import; the settings of the chain
and of its pooling, which name none.
What it says: the class of each module and the library that has it; a class that no known library has is code that loading runs: a file of the bundle,
or whatever module has that name where the model is loaded.
What it cannot know: which module of the importing machine a name leads to.
Source: sentence-transformers, `SentenceTransformer._load_module_class_from_ref`, `Dense.load`, `WordEmbeddings.load`, `Router.load`: a class of a
model in a local directory is imported without a question.
"""

from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.model import Claim, Component, Issue, Location, Reference, Severity
from inspector.serialization.strict_json import Json, escape, read_json_value

OWN = ("sentence_transformers.",)
TRUSTED = ("sentence_transformers.", "torch.nn.", "transformers.")
IN_CONFIG = (
    ("activation_function", "in_features"),
    ("tokenizer_class", "update_embeddings"),
)  # and the key that says whose settings these are
MOST = 64
SETTINGS = frozenset({"sentence_bert_config.json", "config_sentence_transformers.json"})
POOLING = b'"word_embedding_dimension"'


@detector(
    "sentence-modules",
    wants=Wants(names=("modules.json", "router_config.json", "config.json", *sorted(SETTINGS))),
    formats=("sentence-modules", "sentence-settings"),
    emits={(Component.ARCHITECTURE, Claim.REFERENCED), (Component.MODEL_METADATA, Claim.PRESENT)},
)
def sentence_modules(file: File) -> Iterator[Said]:
    """Read the names of classes, and import none of them."""
    if _has_settings(file):
        read_json_value(file)
        yield Format("sentence-settings")
        yield Found(Component.MODEL_METADATA, Claim.PRESENT, "sentence-settings")
        return
    if not _is_likely(file):
        return
    named = list(_list_classes(file.name.casefold(), read_json_value(file)))
    if not named:
        return
    yield Format("sentence-modules")
    yield Found(Component.MODEL_METADATA, Claim.PRESENT, "sentence-modules")
    for pointer, name, trusted in named:
        yield from _tell(file, pointer, name, trusted)


def _has_settings(file: File) -> bool:
    """Say whether a file holds settings that name no class: those of the whole chain, or of its pooling."""
    name, opened = file.name.casefold(), file.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    return opened and (name in SETTINGS or (name == "config.json" and POOLING in file.head))


def _is_likely(file: File) -> bool:
    """Say whether a file can be one of these: other programs have files of the same names."""
    start = file.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if file.name.casefold() == "modules.json":
        return start == b"[" and b'"idx"' in file.head and b'"type"' in file.head
    keys = ("types",) if file.name.casefold() == "router_config.json" else tuple(beside for _, beside in IN_CONFIG)
    return start == b"{" and any(f'"{key}"'.encode() in file.head for key in keys)


def _list_classes(name: str, value: Json) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """List pointers, dotted names, and the beginnings of those that are no code of the bundle."""
    if name == "modules.json":
        items = value[:MOST] if isinstance(value, list) else []
        kinds = ((f"/{place}/type", item.get("type") if isinstance(item, dict) else None) for place, item in enumerate(items))
        yield from ((pointer, kind, OWN) for pointer, kind in kinds if isinstance(kind, str) and kind)
    elif isinstance(value, dict) and name == "router_config.json":
        types = value.get("types")
        pairs = list(types.items())[:MOST] if isinstance(types, dict) else []
        yield from ((f"/types/{escape(key)}", kind, OWN) for key, kind in pairs if isinstance(kind, str) and kind)
    elif isinstance(value, dict):
        found = ((key, value.get(key)) for key, beside in IN_CONFIG if beside in value)
        yield from ((f"/{key}", kind, TRUSTED) for key, kind in found if isinstance(kind, str) and "." in kind)


def _tell(file: File, pointer: str, name: str, trusted: tuple[str, ...]) -> Iterator[Found | Issue]:
    module, _, last = name.rpartition(".")
    if name.startswith(trusted):
        details = Reference(kind="package", target=name.partition(".")[0].replace("_", "-"))
        yield Found(Component.ARCHITECTURE, Claim.REFERENCED, last[:200], pointer=pointer, details=details)
        return
    details = Reference(kind="file", target=f"{(module or name).replace('.', '/')}.py"[:300])
    yield Found(Component.ARCHITECTURE, Claim.REFERENCED, last[:200], pointer=pointer, details=details)
    yield Issue(
        rule="config.remote-code",
        severity=Severity.MEDIUM,
        message=f"loading the model imports {name[:200]}: a file of this bundle, or a module of that name where it is loaded, without a question",
        locations=(Location(root=file.root.name, path=file.path, pointer=pointer),),
        settle="Read that code, or use a class of a library that you trust.",
    )
