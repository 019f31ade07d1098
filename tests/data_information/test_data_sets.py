"""The table of data sets: which mentions are one set, which class it has and why, and that no row makes a verdict any better."""

import pytest

from inspector.audit import judge
from inspector.data_information.data_sets import list_data_sets
from inspector.judgement import Access, DataSet
from inspector.licensing.licenses import load_licenses
from inspector.model import Certainty, Claim, Component, Evidence, NamedSet, Reference
from inspector.render import Format, render
from tests import make


def mention(name: str, path: str = "README.md", *, certainty: Certainty = Certainty.MATCHED, **facts: str | bool) -> Evidence:
    texts = {key: value for key, value in facts.items() if isinstance(value, str)}
    named = NamedSet(name=name, card=facts.get("card") is True, **texts)
    return make.evidence(Component.DATASETS, Claim.NAMED, name, path=path, certainty=certainty, details=named)


def declared(target: str) -> Evidence:
    return make.evidence(Component.DATASETS, Claim.REFERENCED, target, details=Reference(kind="dataset", target=target))


def rows(*evidence: Evidence) -> tuple[DataSet, ...]:
    return list_data_sets(make.inventory(*evidence), load_licenses())


def row(*evidence: Evidence) -> DataSet:
    (found,) = rows(*evidence)
    return found


def test_names_ids_and_addresses_of_one_set_are_one_row() -> None:
    found = row(
        declared("EleutherAI/pile"),
        mention("The Pile", url="https://pile.eleuther.ai/", size="825 GiB"),
        mention("the pile", "docs/data.md", size="800 GB"),
        mention("Pile", "x.md"),
    )
    assert (found.name, found.ids, found.sizes) == ("The Pile", ("EleutherAI/pile",), ("825 GiB", "800 GB"))
    assert len(found.locations) == 4


def test_versions_are_rows_of_their_own() -> None:
    assert [item.name for item in rows(mention("Dolma v1.6"), mention("Dolma v1.7"), mention("Dolma"))] == [
        "Dolma",
        "Dolma v1.6",
        "Dolma v1.7",
    ]


def test_a_name_joins_the_only_set_that_goes_by_it_and_no_other() -> None:
    assert len(rows(mention("larch/north-web", id="larch/north-web"), mention("North Web"))) == 1
    assert len(rows(mention("a/web", id="a/web"), mention("b/web", id="b/web"), mention("web"))) == 3


def test_a_copy_under_another_id_is_not_the_set_itself() -> None:
    assert {item.name for item in rows(mention("The Pile", id="someone/pile-copy"), mention("The Pile"))} == {"The Pile"}
    assert len(rows(mention("The Pile", id="someone/pile-copy"), mention("The Pile"))) == 2


@pytest.mark.parametrize(
    ("evidence", "access", "reason"),
    [
        (mention("Harbour logs"), Access.UNKNOWN, "named without a place or terms"),
        (mention("larch/web", id="larch/web"), Access.UNKNOWN, "a place is given"),
        (mention("Harbour logs", access="internal"), Access.UNSHAREABLE, 'called "internal" at weights/README.md'),
        (mention("Harbour logs", access="proprietary"), Access.UNKNOWN, 'called "proprietary"'),
        (mention("Harbour logs", access="on request"), Access.OBTAINABLE, 'called "on request"'),
        (mention("Harbour logs", access="publicly available"), Access.PUBLIC, 'called "publicly available"'),
        (mention("LDC2020X01", url="https://catalog.ldc.upenn.edu/LDC2020X01"), Access.OBTAINABLE, "catalog.ldc.upenn.edu"),
        (mention("Harbour logs", license="CC-BY-4.0"), Access.OPEN, "stated under CC-BY-4.0"),
        (mention("Harbour logs", license="CC-BY-NC-4.0"), Access.UNKNOWN, "not known to be free"),
        (mention("Wikipedia"), Access.OPEN, "known from dumps.wikimedia.org"),
        (mention("Wikipedia", access="proprietary"), Access.UNKNOWN, 'called "proprietary"'),
        (mention("Wikipedia", license="CC-BY-NC-4.0"), Access.UNKNOWN, "not known to be free"),
        (mention("Wikipedia, dump of May 2023"), Access.PUBLIC, "known of the set as a whole"),
        (mention("ImageNet", license="MIT"), Access.OBTAINABLE, "known from image-net.org"),
        (mention("WebText"), Access.UNSHAREABLE, "was not released"),
        (mention("Books3", license="MIT"), Access.UNKNOWN, "known from"),
    ],
)
def test_a_class_has_its_reason_and_is_never_guessed_upward(evidence: Evidence, access: Access, reason: str) -> None:
    found = row(evidence)
    assert found.access is access
    assert reason in found.reason


def test_licences_that_disagree_are_both_shown_and_are_not_called_open() -> None:
    found = row(mention("Harbour logs", license="MIT"), mention("Harbour logs", "b.md", license="CC-BY-NC-4.0"))
    assert set(found.licenses) == {"MIT", "CC-BY-NC-4.0"}
    assert found.access is Access.UNKNOWN
    assert row(mention("Harbour logs", license="MIT"), mention("Harbour logs", "b.md", license="mit")).licenses == ("MIT",)


def test_a_row_says_whether_the_card_of_the_set_is_here() -> None:
    found = row(declared("larch/north-web"), mention("North Web", "data/README.md", card=True, license="cc0-1.0"))
    assert [place.path for place in found.cards] == ["data/README.md"]
    assert row(declared("larch/north-web")).cards == ()


def test_a_card_that_only_its_directory_names_makes_no_row_alone() -> None:
    weak = mention("north-web", "north-web/README.md", card=True, certainty=Certainty.NAMED)
    assert rows(weak) == ()
    assert row(declared("larch/north-web"), weak).cards != ()


def test_rows_satisfy_no_requirement() -> None:
    named = (mention("Wikipedia"), mention("provenance"), mention("all"), mention("public-listing"))
    before, after = judge(make.inventory()), judge(make.inventory(*named))
    assert [item.verdict for item in before.standards[0].findings] == [item.verdict for item in after.standards[0].findings]
    assert len(after.data_sets) == 4


@pytest.mark.parametrize("width", [80, 120, 160])
def test_the_section_of_the_terminal_fits_and_folds(width: int) -> None:
    many = [
        mention(f"A set with a long name, number {number}", size="12 GB", license="MIT", url=f"https://example.org/{'x' * 90}/{number}")
        for number in range(20)
    ]
    text = render(judge(make.inventory(*many)), Format.TERMINAL, width=width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert "Data sets named (20)" in text
    assert "and 8 data sets more" in text
