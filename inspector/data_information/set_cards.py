"""The data set that a card is about: its name from front matter, title or directory, and what the front matter says of it."""

import re
from pathlib import PurePosixPath

from inspector.data_information.corpora import hub_id
from inspector.data_information.named_sets import found_set
from inspector.data_information.set_words import is_name
from inspector.detector import Found
from inspector.documents.document import Document
from inspector.model import Certainty, NamedSet

TITLE = re.compile(
    r"^\W*(data ?-?set|data|corpus)[ -]?(card|sheet|statement)s?(\s+(for|of|on|about))?\W+(the\s+)?"
    r"|\W+(data ?-?set|data)[ -]?(card|sheet|statement)\W*$",
    re.I,
)
GATES = frozenset({"gated", "extra_gated_prompt", "extra_gated_fields", "extra_gated_heading"})
KEYS = ("license", "licence", "licenses")


def found_card(document: Document, root: str, path: str) -> Found | None:
    """Make the evidence that this is the card of a data set, `named` where only a directory or a plain title says which; None where nothing does."""
    title = document.title or next((section.heading for section in document.sections if section.heading), "")
    pretty = next((text for block in document.front if (text := block.first_text("pretty_name"))), "")
    called = TITLE.sub("", title).strip()
    directory = PurePosixPath(path).parent.name or root
    name = next((name for name in (pretty, called, directory) if is_name(name) and not re.search(r"data ?set name", name, re.I)), "")
    if not name:
        return None
    # A title that says "card for X", or the front matter, gives the name of the set; any other title, or a directory, may be called as it likes.
    sure = name == pretty or (name == called != title and not name[0].islower() and not re.search(r"\bmodels?\b", name, re.I))
    licenses = [leaf.text for block in document.front for key in KEYS for leaf in block.values(key)]
    sizes = [leaf.text for block in document.front for leaf in block.values("size_categories")]
    named = NamedSet(
        name=name[:200],
        id=name if re.fullmatch(r"[\w.-]+/[\w.-]+", name) else hub_id(name),
        size=", ".join(sizes[:3])[:100],
        license=" AND ".join(dict.fromkeys(licenses[:10]))[:200],
        access="gated" if document.keys & GATES else "",
        card=True,
    )
    return found_set(named, 1, certainty=Certainty.READ if name == pretty else Certainty.MATCHED if sure else Certainty.NAMED)
