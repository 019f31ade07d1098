"""Terms at the top of source files."""

import pytest

from inspector.detector import Declared, Passage
from inspector.licensing.headers import read_header
from inspector.model import Scope, Source, Span

APACHE = "# Copyright 2024 Somebody\n#\n# Licensed under the Apache License, Version 2.0\n"


def header(text: str, suffix: str = ".py") -> list[Declared | Passage]:
    return list(read_header(text.split("\n"), suffix))


@pytest.mark.parametrize("line", ["# {}", "// {}", "/* {} */", " * {}", "<!-- {} -->", '"""{}"""', "-- {}"])
def test_an_spdx_tag_is_declared_without_the_marks_of_its_comment(line: str) -> None:
    (said,) = header("#!/usr/bin/env python\n" + line.format("SPDX-License-Identifier: MIT OR Apache-2.0") + "\nx = 1\n")
    assert isinstance(said, Declared)
    assert (said.text, said.scope, said.source, said.span) == ("MIT OR Apache-2.0", Scope.FILE, Source.HEADER, Span(2, 2))


def test_a_notice_is_a_passage_of_its_own_block_only() -> None:
    (said,) = header("#!/bin/sh\n\n" + APACHE + "\n# What this script does\necho\n", ".sh")
    assert isinstance(said, Passage)
    assert (said.first_line, said.text) == (3, APACHE.rstrip("\n"))


def test_a_docstring_that_speaks_of_terms_is_a_passage() -> None:
    (said,) = header('"""Tool.\n\nThis file is in the public domain.\n"""\nimport os\n')
    assert isinstance(said, Passage)
    assert said.text.endswith('"""')


def test_comments_after_the_first_code_are_no_header() -> None:
    assert header("import os\n" + APACHE) == []


def test_directives_of_the_preprocessor_are_no_comments() -> None:
    assert header("#include <license.h>\n// Licensed under MIT\n", ".c") == []
    assert len(header("/*\n * Licensed under MIT\n */\n#include <a.h>\n", ".cu")) == 1


def test_comments_that_do_not_speak_of_terms_say_nothing() -> None:
    assert header("# A tool\n# that does things\nx = 1\n") == []


def test_a_comment_that_never_ends_and_a_long_line_are_bounded() -> None:
    (said,) = header("/* license " + "a " * 100_000 + "\n" + "b\n" * 5_000, ".c")
    assert isinstance(said, Passage)
    assert len(said.text) <= 16_384
