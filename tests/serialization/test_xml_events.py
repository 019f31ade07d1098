"""XML: elements as they begin and end, nothing resolved, everything bounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.errors import Malformed
from inspector.serialization.json_events import InMemory
from inspector.serialization.xml_events import BLOCK, Tag, read_xml_events


def tags(text: str | bytes) -> list[Tag]:
    return list(read_xml_events(InMemory(text.encode() if isinstance(text, str) else text)))


def test_elements_begin_and_end_with_their_attributes_and_places() -> None:
    told = tags("<?xml version='1.0'?><!-- <no> --><a x='1' y=\"&lt;&#65;&#x42;&gt;\"><b/>text<![CDATA[<c>]]></a>\n")
    assert [(tag.name, tag.attributes) for tag in told] == [("a", {"x": "1", "y": "<AB>"}), ("b", {}), ("b", None), ("a", None)]
    assert told[0][2:] == (34, 67)


def test_a_document_longer_than_the_window_is_read_through_it() -> None:
    inside = "".join(f'<e n="{number}"/>' + " " * 100 for number in range(6000))
    told = tags(f"<a>{'<!--' + 'x' * BLOCK + '-->'}{inside}</a>")
    assert len(told) == 12002
    assert told[-3].attributes is not None or told[-2].name == "e"


@pytest.mark.parametrize(
    "text",
    [
        "", "text", "<a>", "<a></b>", "</a>", "<a/><b/>", "<a", "<a x=1/>", "<a x='1' x='2'/>", "<a x='&b;'/>", "<a x='&amp'/>", "<a x='<'/>",
        "<!DOCTYPE a><a/>", "<a><!ENTITY b></a>", "<!-- ", "<a><![CDATA[x</a>", "<a>" * 300, "<1/>", "<a x='&#xFFFFFFFF;'/>",
    ],
)  # fmt: skip
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        tags(text)


@given(st.lists(st.sampled_from(["<a>", "</a>", "<b c='d'/>", "<!--", "-->", "<", ">", "&", "'", "<?", "?>", "x", "<![CDATA[", "]]>"])))
def test_any_text_is_a_document_or_refused(parts: list[str]) -> None:
    try:
        told = tags("".join(parts))
    except Malformed:
        return
    assert sum(1 if tag.attributes is not None else -1 for tag in told) == 0
