"""Cells of notebooks: what is Python in them, what is for the kernel, what is for a shell."""

import pytest

from inspector.sources.cells import CellCode, read_cell


def test_lines_for_the_shell_are_dropped_and_blocks_stay_whole() -> None:
    cell = read_cell("if x:\n    !ls \\\n  -l\ny = !ls\nz?\n")
    assert cell.python.split("\n") == ["if x:", "    pass", "", "pass", "pass", ""]
    assert cell.commands == ("ls  -l", "ls")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("%%bash\n# all\npython train.py\n", CellCode("", ("python train.py",))),
        ("%%script bash\nls", CellCode("", ("ls",))),
        ("%%javascript\nalert(1)", CellCode("")),
        ("%%writefile a.py\nimport os", CellCode("")),
        ("\n%%time\nf()", CellCode("\npass\nf()")),
        ("%pip install a", CellCode("pass", ("pip install a",))),
        ("%cd data", CellCode("pass")),
    ],
)
def test_a_cell_is_what_its_first_line_says(text: str, cell: CellCode) -> None:
    assert read_cell(text) == cell


@pytest.mark.parametrize(
    "text", ['x = """\n!not a command\n% neither\n"""', "x = (a\n  % b)", '# """\nx = [\n1, # )\n% 2]', "s = '(' + \"[\"\ny = 1"]
)
def test_texts_and_brackets_hold_no_magic(text: str) -> None:
    assert read_cell("%matplotlib inline\n" + text).python == "pass\n" + text


def test_a_magic_after_a_text_over_several_lines_is_one() -> None:
    assert read_cell('"""\n(\n"""\n!ls').commands == ("ls",)
