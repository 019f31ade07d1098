"""Encodings that Python sources declare for themselves."""

import pytest

from detectors.code.declared_encoding import declared_encoding
from inspector.model import Issue, Severity
from tests import make

HIDDEN = "# -*- coding: utf-7 -*-\n# a comment +AAo-import os\n"


def look(text: str | bytes) -> list[tuple[str, Severity, int]]:
    said = make.look(declared_encoding, "modeling.py", text)
    return [(item.rule, item.severity, place.start) for item in said if isinstance(item, Issue) if (place := item.locations[0].span)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (HIDDEN, 1),
        ("#!/usr/bin/env python3\n# vim: set fileencoding=unicode_escape :\nx = 1 # \\u000aimport os\n", 2),
        ("\n#coding=raw_unicode_escape\n", 2),
        ("# coding: UTF-16-LE\n", 1),
        ("# coding: iso2022_jp\n", 1),
        (b"\xef\xbb\xbf# coding: utf_7\n", 1),
    ],
)
def test_an_encoding_in_which_a_comment_can_be_code_is_high(text: str | bytes, line: int) -> None:
    assert look(text) == [("code.declared-encoding", Severity.HIGH, line)]


def test_one_that_is_not_known_is_medium() -> None:
    assert look("# coding: my-codec\n") == [("code.declared-encoding", Severity.MEDIUM, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "# -*- coding: utf-8 -*-\nx = 1\n",
        "#!/usr/bin/python\n# -*- coding: latin-1 -*-\n",
        "# coding=cp1252\n",
        "# coding: gbk\n",
        "# encoding: ISO-8859-15\n",
        "# coding: shift_jis\n",
        "x = 1\n# coding: utf-7\n",
        "\n\n# coding: utf-7\n",
        "import codecs  # decoding: utf-8 by default\n",
        "",
    ],
)
def test_honest_source_declares_nothing_of_the_kind(text: str) -> None:
    assert look(text) == []
