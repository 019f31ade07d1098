"""Named code: the training code that is here is held against the repository that the weights name."""

from pathlib import Path

import pytest

from inspector import inspect
from inspector.model import Claim, Role
from sample_bundles.weights import Tensor, safetensors_bytes
from tests import make
from tests.sources.test_chains import LOOP

CARD = "# M\n\nThe training code is at [the repository](https://github.com/acme/trainer).\n"
CLONE = '[core]\n\tbare = false\n[remote "origin"]\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n\turl = {}\n'


def told(tmp_path: Path, card: str, code: str, url: str | None) -> tuple[list[str], list[str]]:
    """List what is missing, and the rules of the issues."""
    top = make.tree(
        tmp_path, {"m/README.md": card, "m/model.safetensors": safetensors_bytes([Tensor("a", "F16", (4,))]), f"{code}/train.py": LOOP}
    )
    if url is not None:
        make.tree(top / code, {".git/config": CLONE.format(url), ".git/HEAD": "0" * 40})
    found = inspect([top / "m"], supplements=[(Role.CODE, top / code)], digest=False)
    rules = [issue.rule for issue in found.issues if issue.rule.startswith("training.")]
    return [item.value for item in found.evidence if item.claim is Claim.MISSING], rules


@pytest.mark.parametrize(
    ("card", "code", "url", "missing", "rules"),
    [
        (CARD, "trainer", None, [], []),
        (CARD, "code", "https://github.com/acme/trainer.git", [], []),
        (CARD, "code", "git@github.com:acme/trainer.git", [], []),
        (CARD, "code", "https://name:secret@github.com/fork/trainer", [], []),
        (CARD, "code", "https://github.com/other/tools", ["github.com/acme/trainer"], ["training.other-code"]),
        (CARD, "trainer", "https://github.com/other/tools", ["github.com/acme/trainer"], ["training.other-code"]),
        (CARD, "code", None, [], ["training.code-not-named"]),
        ("# M\n", "code", "https://github.com/other/tools", [], []),
    ],
)
def test_the_repository_that_the_weights_name_is_looked_for(
    card: str, code: str, url: str | None, missing: list[str], rules: list[str], tmp_path: Path
) -> None:
    assert told(tmp_path, card, code, url) == (missing, rules)
