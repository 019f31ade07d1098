"""Every rule about safety or integrity has a fixture that fires it: a test that names it, or a file in the table here, beside an honest neighbour.

A rule is named by a test where its id stands in the sources of the tests as a text of its own, or before a severity. The cases of
`tests/malicious` are files without the names of rules; those that alone fire one stand in the table, too.
"""

import re
import struct
import zipfile
from functools import cache
from pathlib import Path

import pytest

from inspector import inspect
from inspector.model import Inventory
from inspector.rule_catalogue import Subject, load_rules
from sample_bundles.formats.litert_lm import BLOCK, LITERT, MODEL_KIND, litert_lm_bytes
from sample_bundles.formats.tflite import MODEL
from sample_bundles.hdf5_bytes import Link, Numbers, hdf5_bytes, lookup3
from tests import make
from tests.malicious import archives, pickles
from tests.malicious.archives import TORCH, tarred, zipped

TESTS = Path(__file__).parent
ABOUT = frozenset({Subject.SAFETY, Subject.INTEGRITY})
KERNEL = Numbers((4, 2))
PAIR = hdf5_bytes({"vars": {"0": KERNEL, "1": KERNEL}})
LAYOUT = re.compile(rb"\x03\x01(.{8})" + struct.pack("<Q", 32), re.DOTALL)
CODE = {"archive/data.pkl": b"\x80\x02}.", "archive/version": b"3", "archive/code/__torch__.py": b"x = 1\n"}


def sharing() -> bytes:
    """Give two datasets one place."""
    first, second = LAYOUT.finditer(PAIR)
    return PAIR[: second.start(1)] + first[1] + PAIR[second.end(1) :]


def gap() -> bytes:
    """Put bytes between the members and the directory, more than the sizes behind a member take."""
    at, rest = TORCH.index(b"PK\x01\x02"), b"x" * 100
    moved = struct.unpack_from("<I", TORCH, len(TORCH) - 6)[0] + len(rest)
    return TORCH[:at] + rest + TORCH[at:-6] + struct.pack("<I", moved) + TORCH[-2:]


def unknown_link() -> bytes:
    """Give a link to another file the kind 65, which only other software knows, and the object a new checksum."""
    data = bytearray(hdf5_bytes({"vars": {"a": Link("/x", "other.h5")}}, new=True))
    kind = data.index(b"\x01\x08\x40") + 2
    head = data.rindex(b"OHDR", 0, kind)
    end = head + 10 + struct.unpack_from("<I", data, head + 6)[0]
    data[kind] = 65
    data[end : end + 4] = struct.pack("<I", lookup3(bytes(data[head:end])))
    return bytes(data)


ODD, SUSPICIOUS = archives.ACTING, archives.SUSPICIOUS
LARGE = zipped({**CODE, "archive/code/large.py": b"#" * (5 * 2**20)}, zipfile.ZIP_DEFLATED)
BROKEN = zipped({**CODE, "archive/code/b.py": b"x = 1\n" * 50}, zipfile.ZIP_DEFLATED)
BODY = BROKEN.index(b"archive/code/b.py") + len("archive/code/b.py")
# rule -> (path, bytes) of a file that fires it
FIXTURES: dict[str, tuple[str, bytes]] = {
    "archive.bomb": SUSPICIOUS["sizes of a bomb"],
    "archive.encrypted": SUSPICIOUS["an encrypted member"],
    "archive.gap": ("m.pt", gap()),
    "archive.no-directory": ODD["no directory at all"],
    "archive.opaque": SUSPICIOUS["RAR"],
    "archive.overlap": SUSPICIOUS["members that overlap"],
    "archive.too-deep": SUSPICIOUS["four zip files deep"],
    "pickle.computed-call": ("m.pkl", pickles.ACTING["getattr"]),
    "pickle.odd-state": ("m.pkl", pickles.ACTING["the state of a module"]),
    "hdf5.overlap": ("m.h5", sharing()),
    "litert-lm.overlap": ("m.litertlm", litert_lm_bytes([(MODEL_KIND, MODEL.ljust(BLOCK, b"\0"))] * 2, shift=9).ljust(4 * BLOCK, b"\0")),
    "torchscript.broken-code": ("m.pt", BROKEN[:BODY] + b"\xff" * 4 + BROKEN[BODY + 4 :]),
    "torchscript.large-code": ("m.pt", LARGE),
    "archive.unreadable": ("m.tar", tarred({"a": b"a", "b": b"b"})[:1500]),
    "hdf5.unknown-link": ("m.h5", unknown_link()),
    "pickle.broken-member": ("m.zip", zipped({"a.pkl": b"\x80\x02" + b"K\x010" * 20 + b"\xff"})),
    "torch.many-pickles": ("m.pt", zipped({**CODE, **{f"archive/{number}.pkl": b"\x80\x02}." for number in range(201)}})),
}
# rule -> why no file here fires it
WITHOUT = {
    "archive.partly-read": "a member of more than 64 MiB costs more than the test is worth; the sentence stands where the limit is",
    "hdf5.user-block": "no writer here moves the addresses of a file; a file with zeros before it is read in another way",
    "hdf5.virtual": "no writer here knows the layout of a virtual dataset",
}
# Rules whose tests name them by another word: what answers of `verify` are called, and what stands behind a prefix in a test's table.
BY_ANOTHER_WORD = {
    "config.remote-code-touches": "detectors/code/test_loading_code.py",
    "requirements.other-index": "detectors/code/test_package_sources.py",
    "verify.extra": "ledgers/test_tampering.py",
    "verify.missing": "ledgers/test_lists.py",
    "verify.not-downloaded": "ledgers/test_git.py",
    "verify.truncated": "ledgers/test_git.py",
}
NEIGHBOURS: dict[str, tuple[str, bytes]] = {
    "a torch archive": ("pytorch_model.bin", TORCH),
    "two datasets": ("m.h5", PAIR),
    "a bundle of LiteRT": ("m.litertlm", LITERT),
    "a text in a zip file": ("m.zip", zipped({"a.txt": b"a"}, zipfile.ZIP_DEFLATED)),
    "a namespace with a state": ("m.pkl", pickles.HONEST["a namespace with a state"]),
}


@cache
def inspect_all(top: Path) -> Inventory:
    """Inspect every fixture and neighbour in a directory of its own."""
    files = {f"{number}/{path}": data for number, (path, data) in enumerate((FIXTURES | NEIGHBOURS).values())}
    return inspect([make.tree(top, files)], digest=False)


@pytest.fixture(scope="module")
def inventory(tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    return inspect_all(tmp_path_factory.mktemp("fixtures"))


def rules_of(inventory: Inventory, case: str) -> set[str]:
    place = f"{list(FIXTURES | NEIGHBOURS).index(case)}/"
    return {issue.rule for issue in inventory.issues for at in issue.locations if at.path.startswith(place)}


@pytest.mark.parametrize("rule", FIXTURES)
def test_the_fixture_of_a_rule_fires_it(inventory: Inventory, rule: str) -> None:
    assert rule in rules_of(inventory, rule)


@pytest.mark.parametrize("case", NEIGHBOURS)
def test_an_honest_neighbour_fires_nothing(inventory: Inventory, case: str) -> None:
    assert rules_of(inventory, case) == set()


def named_by_tests(rule: str, sources: str) -> bool:
    """Say whether a test names a rule; one of every format (`*.trailing-bytes`) is named with any."""
    word = r"[a-z0-9-]+" + re.escape(rule[1:]) if rule.startswith("*") else re.escape(rule)
    return re.search(rf"[\"']{word}(?: (?:high|medium|low|note))?[\"']", sources) is not None


def test_every_rule_about_safety_or_integrity_is_fired_by_a_test_or_is_listed_with_its_reason() -> None:
    sources = "\n".join(path.read_text() for path in sorted(TESTS.rglob("*.py")) if path != Path(__file__))
    asked = {entry.id for entry in load_rules().entries if entry.about in ABOUT}
    named = {rule for rule in asked if named_by_tests(rule, sources)}
    told = FIXTURES.keys() | WITHOUT.keys() | BY_ANOTHER_WORD.keys()
    assert sorted(asked - named - told) == []
    assert sorted((WITHOUT.keys() | BY_ANOTHER_WORD.keys()) & named) == []
    assert sorted(told - asked) == []
    assert len(WITHOUT) <= 3


@pytest.mark.parametrize(("rule", "path"), BY_ANOTHER_WORD.items())
def test_a_rule_that_is_named_otherwise_is_named_in_its_test(rule: str, path: str) -> None:
    word = {"config.remote-code-touches": "config.remote-code-"}.get(rule, rule.partition(".")[2])
    assert word in (TESTS / path).read_text()
