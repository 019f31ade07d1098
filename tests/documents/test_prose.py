"""Prose: text without markup, links and sentences."""

from inspector.documents.prose import excerpt, plain_text, read_links, sentences


def test_markup_leaves_its_words() -> None:
    assert plain_text("**The** _weights_ are `here` <b>now</b>, see [this](x).", {}) == "The weights are here now, see this."
    assert plain_text("snake_case_name stays", {}) == "snake_case_name stays"


def test_links_are_found_with_their_lines() -> None:
    found = read_links('one\n[a](https://x.org/a)\n<a href="https://x.org/b">b</a> https://x.org/c.', {}, 10)
    assert [(link.target, link.line) for link in found] == [("https://x.org/a", 11), ("https://x.org/b", 12), ("https://x.org/c", 12)]


def test_an_address_with_brackets_is_whole() -> None:
    assert read_links("[a](https://x.org/a_(b))", {}, 1)[0].target == "https://x.org/a_(b)"


def test_abbreviations_and_decimals_do_not_end_a_sentence() -> None:
    text = "We use 1.5 TB, e.g. Wikipedia. Then Smith et al. filtered it. Done."
    assert list(sentences(text)) == ["We use 1.5 TB, e.g. Wikipedia.", "Then Smith et al. filtered it.", "Done."]


def test_an_excerpt_is_one_short_line() -> None:
    cut = excerpt("a\nb\x1b[31m " + "c" * 500)
    assert "\n" not in cut
    assert "\x1b" not in cut
    assert len(cut) <= 200
