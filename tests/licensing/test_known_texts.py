"""Texts that are known whole: named without an index, with the answer that the index gives, and never when a word was changed."""

import subprocess
import sys

import pytest

from inspector.licensing.expressions import parse_expression
from inspector.licensing.known_texts import KnownText, digest_text, load_known_texts, recognise_text, write_known_texts
from inspector.licensing.license_texts import load_index
from inspector.licensing.license_words import restricts
from tests.licensing.test_license_texts import licence

MIT, APACHE = licence("mit"), licence("apache-2.0")


@pytest.mark.parametrize("key", ["apache-2.0", "mit", "bsd-new", "cc-by-4.0", "llama-2-license-2023", "gemma-tou-2024-04-01", "mpl-2.0"])
def test_a_full_text_is_named_as_the_index_names_it(key: str) -> None:
    (rule,) = [rule for rule in load_index().rules_by_rid if rule.identifier == f"{key}.LICENSE"]
    known = recognise_text(licence(key))
    assert known is not None
    assert known.expression == rule.spdx_license_expression()


@pytest.mark.parametrize(
    "text",
    [
        f"Copyright (c) 2026 The Authors. All rights reserved.\n\n{MIT}",
        f"The MIT License (MIT)\n\nCopyright 2020-2026 Some Lab\n\n{MIT}",
        "\n".join(f"# {line}" for line in MIT.splitlines()),
        MIT.replace("\n", "\r\n"),
    ],
)
def test_credits_titles_comment_marks_and_line_ends_change_nothing(text: str) -> None:
    known = recognise_text(text)
    assert known is not None
    assert known.expression == "MIT"


@pytest.mark.parametrize(
    "text",
    [
        MIT.replace("without restriction", "without much restriction"),
        MIT.replace("sublicense, ", ""),
        f"{MIT}\nNot for military use.\n",
        f"Copyright (c) 2026 Lab, for non-commercial use only\n\n{MIT}",
        f"MIT License for academic institutions\n\n{MIT}",
        f"Copyright 2026 Lab, use subject to the Lab policy\n\n{MIT}",
        f"{MIT}\n© 2026 版权所有 仅供研究使用\n",
        APACHE.replace("irrevocable", "revocable"),
        APACHE.replace("prepare Derivative Works of,", ""),
    ],
)
def test_a_changed_text_is_left_to_the_index(text: str) -> None:
    assert text not in (MIT, APACHE)
    assert recognise_text(text) is None


def test_short_texts_are_never_known() -> None:
    assert list(digest_text("Apache License\nVersion 2.0, January 2004\n")) == []


def test_every_row_of_the_table_is_a_digest_an_expression_and_a_rule() -> None:
    table = load_known_texts()
    assert len(table) > 10_000
    assert all(len(digest) == 32 and parse_expression(known.expression) and known.rule for digest, known in table.items())


def test_the_table_is_sorted_and_names_each_text_once() -> None:
    words = " ".join(f"word{number}" for number in range(20))
    texts = {words: KnownText("MIT", "b.RULE", full=True), words.upper(): KnownText("ISC", "a.RULE", full=False)}
    rows = write_known_texts([*texts.items(), (f"{words} more", KnownText("BSD-3-Clause", "c.RULE", full=True))])
    assert sorted(rows.splitlines()) == rows.splitlines()
    assert sorted(row.split("\t")[1::2] for row in rows.splitlines()) == [["BSD-3-Clause", "text"], ["ISC", "notice"]]


def test_a_bundle_of_known_texts_loads_no_index() -> None:
    told = f"print(identify_text({MIT!r}, True).expression, 'licensedcode' in sys.modules)"
    code = f"import sys; from inspector.licensing.license_texts import identify_text; {told}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["MIT", "False"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("copyright the authors of the tiny project", False),
        ("for research only", True),
        ("noncommercial", True),
        ("本模型仅供研究使用", True),
        ("josé garcía", False),
        ("réservée à des fins de recherche interdite à tous étrangers", True),
    ],
)
def test_words_that_can_restrict(words: str, expected: bool) -> None:
    assert restricts(set(words.split())) is expected
