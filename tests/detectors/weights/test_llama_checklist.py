"""Checklists: what a release of Llama names has to be here."""

from pathlib import Path

import pytest

from detectors.weights.llama_checklist import llama_checklist
from inspector import inspect
from inspector.detector import Format, Found
from inspector.errors import Malformed
from inspector.model import Claim, Component, Stored
from sample_bundles.formats.llama_checklist import CHECKLIST, FILES
from tests import make


def test_a_checklist_names_the_files_of_weights() -> None:
    form, found = make.look(llama_checklist, "7B/checklist.chk", CHECKLIST)
    assert form == Format("checklist")
    assert isinstance(found, Found)
    assert found.details == Stored(files=("7B/consolidated.00.pth",), size=0)


def test_a_file_that_it_names_and_that_is_not_here_is_missing(tmp_path: Path) -> None:
    whole = inspect([make.tree(tmp_path / "whole", FILES)], digest=False)
    more = {**FILES, "checklist.chk": f"{CHECKLIST}{'0' * 32}  consolidated.01.pth\n"}
    part = inspect([make.tree(tmp_path / "part", more)], digest=False)
    missing = [
        [item.value for item in each.evidence if (item.component, item.claim) == (Component.PARAMETERS, Claim.MISSING)]
        for each in (whole, part)
    ]
    assert missing == [[], ["consolidated.01.pth"]]
    assert whole.issues == ()
    assert whole.roots[0].layout == "llama-original"
    assert [issue.rule for issue in part.issues] == ["side-files.missing"]


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a\\b"])
def test_a_name_that_leads_out_is_malformed(name: str) -> None:
    with pytest.raises(Malformed, match="leads out"):
        make.look(llama_checklist, "checklist.chk", f"{'0' * 32}  {name}\n")


@pytest.mark.parametrize("text", ["", "hello\n", "0" * 40])
def test_other_files_are_left_alone(text: str) -> None:
    assert make.look(llama_checklist, "checklist.chk", text) == []
