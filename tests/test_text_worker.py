"""The process that identifies texts: the same answers as in this one, begun early, and nothing of a bundle in it."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from inspector.licensing.license_texts import Answer, identify_text
from inspector.licensing.text_worker import TextWorker, load_worker
from tests import make
from tests.licensing.test_license_texts import licence

MIT = licence("mit")
TEXTS = (MIT, f"{MIT}\nNot for military use.\n", "Licensed under my own licence, for research only.", "no terms in here", "")


def test_the_answers_are_those_of_this_process() -> None:
    worker = load_worker()
    for whole in (True, False):
        for text in TEXTS:
            worker.offer(text, whole)
        assert [worker.answer(text, whole) for text in reversed(TEXTS)] == [identify_text(text, whole) for text in reversed(TEXTS)]


def test_a_text_that_was_never_offered_is_answered_too() -> None:
    text = f"{MIT}\nFor academic use only.\n"
    assert load_worker().answer(text, whole=True) == identify_text(text, whole=True)


def test_a_worker_that_dies_costs_no_answer() -> None:
    worker = TextWorker()
    worker.offer(TEXTS[1], whole=True)
    worker.close()
    assert worker.answer(TEXTS[1], whole=True) == identify_text(TEXTS[1], whole=True)
    worker.close()


def test_no_process_is_started_for_what_is_known() -> None:
    worker = TextWorker()
    assert worker.answer(MIT, whole=True).expression == "MIT"
    assert worker._child is None


def test_nothing_is_imported_from_the_directory_that_is_inspected(tmp_path: Path) -> None:
    act = "open({!r}, 'w').close()\n"
    names = ("inspector/__init__.py", "licensedcode/__init__.py", "msgspec.py", "sitecustomize.py", "re.py", "json.py")
    files = {name: act.format(str(tmp_path / "acted")) for name in names}
    top = make.tree(tmp_path / "bundle", {**files, "LICENSE": TEXTS[1], "README.md": "# x\n"})
    script = "import sys; from inspector.cli import main; sys.argv = ['inspector', 'licenses', '.']; main()"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run([sys.executable, "-P", "-c", script], cwd=top, capture_output=True, text=True, env=environment, check=False)
    assert "LicenseRef-unexplained-text AND MIT" in done.stdout, done.stderr
    assert not (tmp_path / "acted").exists()


def test_threads_that_share_the_process_get_the_answers_to_their_own_texts() -> None:
    worker = TextWorker()
    texts = [f"{MIT}\nNot for military use in the year {number}.\n" for number in range(12)]
    texts += [f"Copyright {number} Lab {number}. Licensed under the LAB {number} terms." for number in range(12)]

    def ask(text: str) -> Answer:
        worker.offer(text, whole=True)
        return worker.answer(text, whole=True)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, texts))
    worker.close()
    assert found == [identify_text(text, whole=True) for text in texts]
