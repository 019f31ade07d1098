"""The memo: a hit and a miss give the same report, what changed is read again, and nothing that is wrong with it is ever a failure."""

import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from inspector import inspect, judge, offering
from inspector.bundle import Entry, File
from inspector.isolation import Isolation
from inspector.licensing.license_texts import Answer, identify_text
from inspector.licensing.statements import CUT
from inspector.memo import Memo, default_path
from inspector.model import Inventory, RootRecord
from inspector.reading import Reading, Record
from inspector.registry import Registry
from inspector.render import render
from inspector.tables import fingerprint
from sample_bundles.build import all_systems, build
from tests import make
from tests.licensing.test_license_texts import licence

PYTHIA = next(system for system in all_systems() if system.name == "pythia")


def age(top: Path) -> Path:
    """Make files look as if they were written a while ago; only the time of their contents can be set."""
    for path in sorted(top.rglob("*")):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    return top


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.memo.SETTLED", -3600.0)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return age(build(PYTHIA, tmp_path / "samples"))


def read(place: Path, memo: Path | None, *, digest: bool = True, paranoid: bool = False) -> tuple[Inventory, list[str]]:
    """Inspect with a memo; also list the files that were opened."""
    opened: list[str] = []
    original = Entry.open

    def note(entry: Entry) -> File:
        opened.append(entry.path)
        return original(entry)

    with pytest.MonkeyPatch.context() as patch, Memo(memo, paranoid=paranoid) as known:
        patch.setattr(Entry, "open", note)
        return inspect([place / root.name for root in PYTHIA.roots], digest=digest, memo=known), opened


@pytest.mark.parametrize("digest", [True, False])
def test_a_hit_and_a_miss_give_the_same_bytes_and_a_hit_opens_nothing(digest: bool, place: Path, tmp_path: Path) -> None:
    without, _ = read(place, None, digest=digest)
    miss, opened = read(place, tmp_path / "memo", digest=digest)
    hit, again = read(place, tmp_path / "memo", digest=digest)
    assert len(opened) == len(without.files)
    assert again == []
    assert render(judge(without)) == render(judge(miss)) == render(judge(hit))


def test_what_was_read_without_digests_is_only_hashed_later(place: Path, tmp_path: Path) -> None:
    read(place, tmp_path / "memo", digest=False)
    hashed, opened = read(place, tmp_path / "memo")
    assert len(opened) == len(hashed.files)
    assert render(judge(hashed)) == render(judge(read(place, None)[0]))
    assert read(place, tmp_path / "memo")[1] == []


def test_the_same_content_in_another_bundle_is_hashed_and_not_read_by_detectors_again(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(place, tmp_path / "memo")
    other = age(build(PYTHIA, tmp_path / "other"))
    (other / "pythia-weights" / "README.md").write_text("# Another card, of another size than any file has\n")
    offered: list[str] = []
    original = offering.offer

    def note(file: File, registry: Registry, reading: Reading) -> None:
        offered.append(file.path)
        original(file, registry, reading)

    monkeypatch.setattr(offering, "offer", note)
    copied, _ = read(other, tmp_path / "memo")
    assert offered == ["README.md"]
    assert render(judge(copied)) == render(judge(read(other, None)[0]))
    offered.clear()
    assert read(other, tmp_path / "memo")[1] == []


def test_a_bundle_that_is_remembered_needs_no_index_of_licences(place: Path, tmp_path: Path) -> None:
    text = (place / "pythia-code" / "LICENSE").read_text()
    (place / "pythia-weights" / "LICENSE").write_text(f"{text}\nYou must not use it for commercial purposes on Sundays.\n")
    os.utime(place / "pythia-weights" / "LICENSE", (1_700_000_000, 1_700_000_000))
    read(place, tmp_path / "memo")
    roots = [str(place / root.name) for root in PYTHIA.roots]
    program = (
        "import sys, inspector.child\n"
        "from pathlib import Path\n"
        "from inspector import inspect, judge\n"
        "from inspector.memo import Memo\n"
        "def refuse(*_): raise SystemExit('a process was started')\n"
        "inspector.child.Child.__init__ = refuse\n"
        "with Memo(Path(sys.argv[1])) as known: report = judge(inspect(sys.argv[2:], memo=known))\n"
        "assert any('unexplained' in item.value for item in report.inventory.evidence), report.inventory.evidence\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in ('licensedcode', 'scancode', 'numpy')))"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    command = [sys.executable, "-c", program, str(tmp_path / "memo"), *roots]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_a_file_that_changed_is_read_again(place: Path, tmp_path: Path) -> None:
    read(place, tmp_path / "memo")
    (place / "pythia-weights" / "README.md").write_text("---\nlicense: cc-by-nc-4.0\n---\n# Changed\n")
    changed, opened = read(place, tmp_path / "memo")
    assert opened == ["README.md"]
    assert judge(changed).standards[0].grade != "conforms"


def test_paranoid_reads_every_file(place: Path, tmp_path: Path) -> None:
    read(place, tmp_path / "memo")
    found, opened = read(place, tmp_path / "memo", paranoid=True)
    assert len(opened) == len(found.files)


def test_a_file_that_has_just_changed_is_not_remembered(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.memo.SETTLED", 3600.0)
    read(place, tmp_path / "memo")
    assert read(place, tmp_path / "memo")[1] != []


def test_files_that_could_not_be_read_are_tried_again(tmp_path: Path) -> None:
    top = make.tree(tmp_path / "bundle", {"a.md": "# A\n"})
    (top / "a.md").chmod(0)
    if os.access(top / "a.md", os.R_OK):
        pytest.skip("this user may read everything")
    with Memo(tmp_path / "memo") as known:
        assert inspect([top], memo=known).problems
    (top / "a.md").chmod(0o600)
    with Memo(tmp_path / "memo") as known:
        assert inspect([top], memo=known).problems == ()


def test_a_source_that_a_limit_on_time_cut_is_told_and_read_again_another_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    top = make.tree(
        tmp_path / "bundle", {"main.rs": "fn main() { let x = tch::nn::Adam::default(); loss.backward(); opt.step(); }\n" * 200}
    )
    monkeypatch.setattr("inspector.isolation._contained", [True])
    with Memo(tmp_path / "memo") as known, monkeypatch.context() as busy:
        busy.setattr("inspector.sources.syntax_tree.MOST_SECONDS", -1.0)
        cut = inspect([top], memo=known, jobs=1)
    assert [problem.reason for problem in cut.problems] == ["not parsed within -1 seconds of processor time"]
    with Memo(tmp_path / "memo") as known:
        assert inspect([top], memo=known, jobs=1) == inspect([top], jobs=1)


def test_what_a_limit_cut_in_a_process_of_its_own_is_told_and_read_again_another_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = make.tree(tmp_path / "bundle", {"tokenizer_config.json": '{"chat_template": "{{ messages }}"}'})
    with Memo(tmp_path / "memo") as known, monkeypatch.context() as busy:
        impatient = Isolation(seconds=0.0001)
        busy.setattr("inspector.isolation.load_isolation", lambda: impatient)
        cut = inspect([top], memo=known, jobs=1)
        impatient.close()
    assert "its parser did not end within 0.0001 seconds of processor time" in {problem.reason for problem in cut.problems}
    with Memo(tmp_path / "memo") as known:
        again = inspect([top], memo=known, jobs=1)
    assert again.problems == ()
    assert again == inspect([top], jobs=1)


class Here:
    """Identifies texts in this process."""

    def offer(self, text: str, whole: bool) -> None:
        """Do nothing."""

    def answer(self, text: str, whole: bool) -> Answer:
        return identify_text(text, whole)


def test_a_licence_that_a_limit_on_time_cut_is_told_never_open_and_identified_again_another_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = licence("mit").replace("Software", "Softwares", 2).replace("copies", "replicas", 1)
    top = make.tree(tmp_path / "bundle", {"LICENSE": f"{text}\nYou must not use it for commercial purposes on Sundays.\n"})
    monkeypatch.setattr("inspector.licensing.statements.load_worker", Here)
    monkeypatch.setattr("inspector.scan.begin", lambda _: None)
    with Memo(tmp_path / "memo") as known, monkeypatch.context() as busy:
        busy.setattr("inspector.licensing.license_texts.MOST_SECONDS", -1.0)
        cut = inspect([top], memo=known, jobs=1)
    assert [problem.reason for problem in cut.problems] == [CUT]
    assert all("unexplained" in item.value or "unknown" in item.value for item in cut.evidence if item.claim == "licensed")
    with Memo(tmp_path / "memo") as known:
        again = inspect([top], memo=known, jobs=1)
    assert again.problems == ()
    assert again == inspect([top], jobs=1)


@pytest.mark.parametrize(
    "content", [b"", b"no database at all, but long enough to be looked at" * 100, b"SQLite format 3\0" + b"\xff" * 4096]
)
def test_a_broken_memo_is_set_aside(content: bytes, place: Path, tmp_path: Path) -> None:
    (tmp_path / "memo").write_bytes(content)
    assert judge(read(place, tmp_path / "memo")[0]).standards[0].grade == "conforms"
    assert read(place, tmp_path / "memo")[1] == []


def test_a_memo_of_another_version_is_set_aside_and_kept(place: Path, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "memo") as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    read(place, tmp_path / "memo")
    assert (tmp_path / "memo.broken").exists()
    assert read(place, tmp_path / "memo")[1] == []


def test_a_broken_record_is_read_again(place: Path, tmp_path: Path) -> None:
    read(place, tmp_path / "memo")
    with sqlite3.connect(tmp_path / "memo") as database:
        database.execute("UPDATE records SET data = x'00'")
    database.close()
    assert judge(read(place, tmp_path / "memo")[0]).standards[0].grade == "conforms"


def test_a_memo_out_of_reach_is_done_without(place: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert judge(read(place, tmp_path / "file" / "memo")[0]).standards[0].grade == "conforms"


def test_many_at_once_lose_nothing(place: Path, tmp_path: Path) -> None:
    def once(_: int) -> str:
        with Memo(tmp_path / "memo") as known:
            return render(judge(inspect([place / root.name for root in PYTHIA.roots], memo=known)))

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(once, range(12)))) == 1


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    root = RootRecord(name="r")
    entries = [Entry(root, f"{number:03}", b"", 1, (1, number, 1, 0, 0)) for number in range(100)]
    record = Record(size=1, format="x" * 1000, evidence=(), issues=(), problems=())
    with Memo(tmp_path / "memo") as known:
        for entry in entries[:50]:
            known.keep(entry, record, None)
    with sqlite3.connect(tmp_path / "memo") as database:
        database.execute("UPDATE records SET used = 1")
    database.close()
    with Memo(tmp_path / "memo", largest=60_000) as known:
        for entry in entries[50:]:
            known.keep(entry, record, None)
    with Memo(tmp_path / "memo") as known:
        assert all(known.recall(entry, None) == record for entry in entries[50:])
        assert sum(known.recall(entry, None) is not None for entry in entries[:50]) < 15


def test_another_program_has_another_fingerprint() -> None:
    assert len(fingerprint()) == 32
    assert default_path().name == "memo.sqlite"


def test_the_command_uses_shows_and_clears_it(place: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> str:
        environment = {**os.environ, "INSPECTOR_MEMO": str(tmp_path / "memo"), "PYTHONPATH": str(Path(__file__).parent.parent)}
        command = [sys.executable, "-m", "inspector", *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=environment, check=True).stdout

    first, second = (run("audit", str(place / "pythia-weights")) for _ in range(2))
    assert first == second
    assert run("memo", "stats").startswith(str(tmp_path / "memo"))
    assert "\n0 records, 0 digests" in run("memo", "clear")
