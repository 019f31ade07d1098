"""Texts and bytes in a pickle: what they say, and whether they are a pickle themselves.

A pickle hides in the bytes of another one, in base64, or in a text of Latin-1; the one around it hands it to a loader.
"""

import base64
import binascii
import re

from inspector.pickles.arguments import LONGEST_TEXT, read_unsigned
from inspector.pickles.listing import Listing
from inspector.pickles.machine import Machine
from inspector.pickles.symbols import SOMETHING, Symbol
from inspector.serialization.stream import stream_of

LARGEST = 32 * 2**20  # bytes of a payload that are followed
DEEPEST = 3
MOST_NESTED = 1000
STACKED = 64  # pickles behind one another in one payload
PROTOCOL = re.compile(rb"\x80[\x00-\x05]")
OLD = re.compile(rb"[(\]}]*[ci][A-Za-z_][\w.]*\n[A-Za-z_][\w.]*\n")
# What bytes begin with, in base64, that begin with the mark of a protocol, with GLOBAL or INST, or with an empty container or a mark before them.
START64 = rb"gA[E-V]|Y[w-z0-9+/_\-]|[aXf][Q-Za-f]|K[A-P]"
BASE64 = re.compile(rb"(?:" + START64 + rb")[A-Za-z0-9+/_\-\s]{8,}={0,2}\s*")
HINT = re.compile(rb"[\x80ci(\]}]|\xc2\x80|80\s?0[0-5]|" + START64)
HEX = re.compile(rb"80\s?0[0-5](?:\s?[0-9A-Fa-f]{2})+\s*")
LATIN = b"\xc2\x80"  # the byte 80 as a text
DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
FIRST = frozenset(b"\x80ci(]}gYKaXf8\xc2")  # bytes that a payload begins with which can be a pickle
FEW = 3  # opcodes that chance can make


def read_bytes(machine: Machine, width: int) -> Symbol:
    """Read bytes with their length before them; long ones are skipped, but for the pickles in them."""
    stream = machine.stream
    block, begin = stream.block, stream.at + width
    length = int.from_bytes(block[stream.at : begin], "little")
    if begin <= len(block) and length <= LONGEST_TEXT and begin + length <= len(block):  # as nearly all are
        data = block[begin : begin + length]
        if length and data[0] in FIRST and _may_hide(data):
            stream.at = begin
            _follow(machine, data)
        stream.at = begin + length
        return data
    length = read_unsigned(stream, width)
    data = stream.look(min(length, LONGEST_TEXT))
    if _may_hide(data) and length <= stream.left:
        _follow(machine, stream.look(min(length, LARGEST)))
    stream.skip(length)
    return data if length <= LONGEST_TEXT else SOMETHING


def read_text(machine: Machine, width: int, codec: str) -> Symbol:
    """Read a text with its length before it, in the way of `read_bytes`."""
    data = read_bytes(machine, width)
    return data.decode(codec, "backslashreplace") if isinstance(data, bytes) else SOMETHING


def _may_hide(data: bytes) -> bool:
    """Say by its first bytes whether a payload can be a pickle."""
    if HINT.match(data) is None:
        return False
    first = data[:1]
    if first == b"\x80":
        return PROTOCOL.match(data) is not None
    if first in b"ci(]}" and first:
        return OLD.match(data) is not None
    if first in b"gYKaXf\xc2" and len(data) > 10:
        return data.startswith(LATIN) or BASE64.fullmatch(data) is not None
    return first == b"8" and HEX.fullmatch(data) is not None


def _follow(machine: Machine, data: bytes) -> None:
    """Follow the pickles in a payload, and keep those that are no chance."""
    place, listing = machine.stream.position, machine.listing
    how, inner = _unwrap(data)
    if inner is None or machine.depth >= DEEPEST or len(listing.nested) >= MOST_NESTED:
        if inner is not None and PROTOCOL.match(inner):
            listing.add_odd("holds pickles in pickles, deeper than they are followed", SOMETHING, place)
        return
    stream = stream_of(inner)
    for _ in range(STACKED):
        found = machine.nest(stream, machine.depth + 1, max(1, machine.most - listing.opcodes))
        if is_meant(found):
            listing.nested.append((place, how, found))
        if found.fault is not None or not PROTOCOL.match(stream.look(2)):
            break


def _unwrap(data: bytes) -> tuple[str, bytes | None]:
    """Give the bytes of a payload as a loader would get them, and the word for how they are written."""
    if data.startswith(LATIN):
        try:
            return "a text", data.decode("utf-8", "ignore").encode("latin-1", "replace")
        except UnicodeError:
            return "a text", None
    if data[:1] == b"8":
        return "hexadecimal digits", bytes.fromhex(data[: len(data) // 2 * 2].decode("latin-1")) if HEX.fullmatch(data) else None
    if data[:1] in b"gYKaXf":
        try:
            found = base64.b64decode(data.translate(bytes.maketrans(b"-_", b"+/")), validate=False)
        except (binascii.Error, ValueError):
            return "base64", None
        return "base64", found if PROTOCOL.match(found) or OLD.match(found) else None
    return "bytes", data


def is_meant(listing: Listing) -> bool:
    """Say whether a stream is a pickle, and not bytes that begin like one by chance."""
    named = any(DOTTED.fullmatch(known.module) and DOTTED.fullmatch(known.name) for known in listing.globals)
    return named or bool(listing.nested or listing.odd) or (listing.fault is None and listing.opcodes > FEW)
