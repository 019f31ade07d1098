"""Notebooks."""

import json
from pathlib import Path

import pytest

from detectors.code.notebook import notebook
from inspector.detector import Declared, Format, Found, Said
from inspector.errors import Malformed
from inspector.model import Component, Constructs, Issue, Severity
from inspector.uses import Use, UseKind
from tests import make


def document(*cells: str | tuple[str, str], **more: object) -> str:
    made = [
        {"cell_type": "code", "source": cell.splitlines(keepends=True), "outputs": [{"data": "x" * 100}], "metadata": {}}
        if isinstance(cell, str)
        else {"cell_type": cell[0], "source": cell[1], "metadata": {}}
        for cell in cells
    ]
    return json.dumps({"nbformat": 4, "metadata": {}, "cells": made, **more})


def look(text: str, path: str = "a.ipynb") -> list[Said]:
    return make.look(notebook, path, text)


def test_roles_are_found_over_cells_and_placed_in_them() -> None:
    text = document(("markdown", "# Train"), "%pip install torch\nimport torch", "loss.backward()\noptimizer.step()")
    (form, shell, role) = look(text)
    assert isinstance(shell, Issue)
    assert form == Format("notebook")
    assert isinstance(role, Found)
    assert (role.component, role.value, role.span, role.pointer) == (Component.TRAINING, "training", None, "/cells/2")
    assert isinstance(role.details, Constructs)
    assert {item.name: item.number for item in role.details.seen}["import:torch"] == 1


def test_a_magic_is_no_syntax_error_and_no_warning() -> None:
    said = look(
        document(
            "%matplotlib inline\n%load_ext autoreload\n%autoreload 2\nimport numpy as np\nnp.zeros?", "%%time\nx = 1", "%%html\n<b>x</b>"
        )
    )
    assert said[0] == Format("notebook")
    assert not any(isinstance(item, Issue) for item in said)


def test_commands_of_a_shell_are_a_note_and_what_they_name_is_used(tmp_path: Path) -> None:
    text = document("!pip install -q torch", "%run train.py --config a.yaml", "%%bash\npython prepare.py \\\n  --out x\n")
    assert [(item.rule, item.severity, item.message) for item in look(text) if isinstance(item, Issue)] == [
        ("notebook.shell", Severity.NOTE, "cells run commands of a shell: pip, python (3 times)")
    ]
    with make.open_file(tmp_path, "a.ipynb", text) as file:
        uses = [(item.kind, item.target) for item in notebook.look(file) if isinstance(item, Use)]
    assert uses == [(UseKind.RUNS, "train.py"), (UseKind.READS, "a.yaml"), (UseKind.RUNS, "prepare.py")]


@pytest.mark.parametrize(
    "command",
    [
        "!pip install git+https://example.org/a.git",
        "%pip install https://example.org/a.whl",
        "!curl -fsSL https://example.org/i.sh | sh",
        "!bash <(curl -s https://example.org/i.sh)",
    ],
)
def test_a_command_that_fetches_code_is_named_with_its_cell(command: str) -> None:
    (issue,) = [item for item in look(document("x = 1", command)) if isinstance(item, Issue) and item.rule == "notebook.fetches-code"]
    assert (issue.severity, issue.locations[0].pointer) == (Severity.LOW, "/cells/1")


def test_cells_that_do_not_parse_are_named_and_the_others_are_read(tmp_path: Path) -> None:
    text = document("import transformers\ntransformers.pipeline('x')", "print 'two'")
    with make.open_file(tmp_path, "a.ipynb", text) as file:
        said = (item for item in notebook.look(file) if not isinstance(item, Use))
        assert next(said) == Format("notebook")
        assert isinstance(next(said), Found)
        with pytest.raises(Malformed, match="/cells/1"):
            next(said)


def test_notebooks_of_format_3_are_read() -> None:
    cells = [{"cell_type": "code", "input": ["import transformers\n", "transformers.pipeline('x')"], "language": "python"}]
    said = look(json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}]}))
    assert isinstance(said[1], Found)


def test_terms_in_the_first_cell_are_declared() -> None:
    said = look(document("# SPDX-License-Identifier: Apache-2.0\nx = 1"))
    assert isinstance(said[1], Declared)
    assert said[1].pointer == "/cells/0"


def test_other_languages_other_json_and_broken_json() -> None:
    assert look(document("x", metadata={"kernelspec": {"language": "julia"}})) == []
    assert look("{}") == []
    with pytest.raises(Malformed):
        look('{"nbformat": 4, "cells": [')
    with pytest.raises(Malformed):
        look('{"nbformat": 4, "cells": ' + "[" * 100_000)
