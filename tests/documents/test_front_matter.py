"""Front matter: leaves with lines, two blocks, and everything that must not be believed or paid for."""

from inspector.documents.front_matter import FrontMatter, read_blocks


def blocks(text: str) -> tuple[FrontMatter, ...]:
    return read_blocks(tuple(text.split("\n")))


def test_leaves_have_pointers_and_lines() -> None:
    (block,) = blocks("---\nlicense: mit\ndatasets:\n- a/b\n- c/d\n---\ntext\n")
    assert [(leaf.pointer, leaf.text, leaf.line) for leaf in block.leaves] == [
        ("/license", "mit", 2),
        ("/datasets/0", "a/b", 4),
        ("/datasets/1", "c/d", 5),
    ]
    assert block.keys == {"license", "datasets"}
    assert block.first_text("license") == "mit"


def test_values_stay_the_words_that_were_written() -> None:
    (block,) = blocks("---\nlanguage:\n- no\n- en\nversion: 1.10\n---\n")
    assert [leaf.text for leaf in block.values("language")] == ["no", "en"]
    assert block.first_text("version") == "1.10"


def test_a_second_block_that_a_re_upload_left_behind_is_read_too() -> None:
    first, second = blocks("---\nlicense: unknown\n---\n\n---\nlicense: apache-2.0\n---\nbody\n")
    assert (first.first_text("license"), second.first_text("license")) == ("unknown", "apache-2.0")
    assert (second.first, second.last) == (5, 7)


def test_a_rule_in_the_text_is_no_front_matter() -> None:
    assert blocks("# title\n\n---\nlicense: mit\n---\n") == ()
    assert len(blocks("---\nlicense: mit\n---\ntext\n\n---\n\nmore text\n")) == 1


def test_front_matter_in_a_fence_is_an_example() -> None:
    assert len(blocks("---\nlicense: mit\n---\n```\n---\nlicense: gpl\n---\n```\n")) == 1


def test_what_breaks_is_said_with_its_line_and_what_came_before_is_kept() -> None:
    (block,) = blocks("---\nlicense: mit\nbase_model: [a\n---\n")
    assert block.first_text("license") == "mit"
    assert block.broken is not None
    assert block.broken.startswith("line ")


def test_a_block_without_an_end_is_broken() -> None:
    (block,) = blocks("---\nlicense: mit\n")
    assert block.first_text("license") == "mit"
    assert "without an end" in (block.broken or "")


def test_tags_build_nothing_and_aliases_are_not_expanded() -> None:
    (block,) = blocks("---\na: &x [1, 2]\nb: *x\nc: !!python/object/apply:os.system [echo]\nd: &y mit\ne: *y\n---\n")
    assert block.first_text("b") == "*x"
    assert [leaf.text for leaf in block.values("c")] == ["echo"]
    assert block.first_text("e") == "mit"


def test_depth_number_and_size_are_bounded() -> None:
    assert "nested" in (blocks("---\na: " + "[" * 5000 + "\n---\n")[0].broken or "")
    bomb = "---\na0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 500)) + "---\n"
    assert len(blocks(bomb)[0].leaves) < 2000
    assert "more than" in (blocks("---\n" + "k: [1, 2]\n" * 60_000 + "---\n")[0].broken or "")
