"""Outputs of notebooks that act."""

import pytest

from detectors.code.active_outputs import active_outputs
from inspector.model import Issue
from sample_bundles.systems.traps import notebook
from tests import make


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("text/html", "<b>x</b><SCRIPT src=x>"),
        ("text/html", "<img src=x onerror = alert(1)>"),
        ("image/svg+xml", "<svg onload=x>"),
        ("application/javascript", "1"),
    ],
)
def test_a_script_in_an_output_is_found_at_its_cell(kind: str, text: str) -> None:
    (issue,) = (item for item in make.look(active_outputs, "a.ipynb", notebook(kind, text)) if isinstance(item, Issue))
    assert (issue.rule, issue.severity, issue.locations[0].pointer) == ("notebook.active-output", "low", "/cells/0")


@pytest.mark.parametrize(("kind", "text"), [("text/html", "<table>on load = 1</table>"), ("text/plain", "<script>"), ("image/png", "iVBO")])
def test_other_outputs_are_none(kind: str, text: str) -> None:
    assert make.look(active_outputs, "a.ipynb", notebook(kind, text)) == []


def test_what_is_no_notebook_is_left_to_others() -> None:
    assert make.look(active_outputs, "a.ipynb", '{"nbformat": 4, "cells": 5}') == []
