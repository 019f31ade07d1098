"""Names of licences as people write them: reduced to what tells one from another, found in addresses, or turned into an id of our own."""

import re
from functools import lru_cache
from zlib import crc32

DECLARED = "LicenseRef-declared-"
_NOISE = frozenset({"the", "license", "licence", "licenses", "agreement", "version", "v"})
_WORDS = re.compile(r"[\w.+]+")
_SCHEME = re.compile(r"^(?:https?://)?(?:www\.)?", re.IGNORECASE)
_LEADS = re.compile(r"(see|as in|in|refer to)\s+\S{0,200}\b(licen[cs]e|copying)(\.\w{1,8})?\.?", re.IGNORECASE)
_PUBLISHERS = (
    (re.compile(r"creativecommons\.org/licenses/([a-z-]+/[0-9.]+(?:/[a-z]{2,3}(?=/|$))?)(?:/|$)", re.IGNORECASE), "cc-"),
    (re.compile(r"(?:opensource|spdx|choosealicense)\.(?:org|com)/licenses?/([\w.+-]+?)(?:\.html|\.php)?$", re.IGNORECASE), ""),
    (re.compile(r"gnu\.org/licenses/(?:old-licenses/)?([al]?gpl-[0-9.]+[0-9])(?:\.html|\.txt|\.en\.html)?$", re.IGNORECASE), ""),
)


@lru_cache(maxsize=16_384)
def fold_name(text: str) -> str:
    """Reduce a name to what tells it from others: without case, punctuation, filler, `v` before a number, or the scheme of an address."""
    words = _WORDS.findall(_SCHEME.sub("", text.strip(), count=1).casefold().replace("_", " "))
    plain = (word.strip(".") for word in words)
    return "-".join(word[1:] if word[0] == "v" and word[1:2].isdigit() else word for word in plain if word and word not in _NOISE)


@lru_cache(maxsize=16_384)
def read_address(text: str) -> str:
    """Reduce the address of a text at its publisher to the folded name of the licence; the empty string for any other text."""
    address = _SCHEME.sub("", text, count=1).rstrip("/")
    for pattern, prefix in () if any(char.isspace() for char in address) else _PUBLISHERS:
        if path := pattern.match(address):
            return fold_name(prefix + path[1].replace("/", "-"))
    return ""


def strip_decoration(text: str) -> str:
    """Take away what surrounds a name: a tag before it, the path of a classifier, the marks of a list."""
    text = re.sub(r"^(?:SPDX-License-Identifier|licen[sc]e)\s*:(?!:)", "", text.strip(), flags=re.IGNORECASE).strip()
    if "::" in text:
        text = text.rsplit("::", 1)[1].strip()
    return text.strip("[]").replace("'", "").replace('"', "") if text.startswith("[") else text


def leads_to_file(text: str) -> bool:
    """Say whether a text only leads to a licence file: "See https://example.org/repo/blob/master/LICENSE"."""
    return _LEADS.fullmatch(text.strip()) is not None


def declare_name(text: str) -> str:
    """Make an id for a name that is not known, so that it is shown and never trusted."""
    slug = re.sub(r"[^a-z0-9.]+", "-", text.casefold())[:60].strip("-.")
    return DECLARED + (slug or f"{crc32(text.encode('utf-8', 'replace')):08x}")
