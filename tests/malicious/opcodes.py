"""Opcodes of pickles as functions, so that a hostile stream reads like a sentence. Nothing here is ever loaded."""

import base64
import struct


def text(value: str) -> bytes:
    """Push a short text."""
    data = value.encode()
    return b"\x8c" + bytes([len(data)]) + data if len(data) < 256 else b"X" + struct.pack("<I", len(data)) + data


def blob(value: bytes) -> bytes:
    """Push bytes."""
    return b"B" + struct.pack("<I", len(value)) + value


def named(module: str, name: str) -> bytes:
    """Push a global by its two lines."""
    return b"c" + f"{module}\n{name}\n".encode()


def stacked(module: str, name: str) -> bytes:
    """Push a global by two texts."""
    return text(module) + text(name) + b"\x93"


def call(callee: bytes, *arguments: bytes) -> bytes:
    """Call what a part pushes with what other parts push."""
    return callee + b"(" + b"".join(arguments) + b"tR"


def whole(body: bytes, protocol: int = 4) -> bytes:
    """Make a stream of opcodes: a mark before it from protocol 2 on, and STOP behind it."""
    return (bytes([0x80, protocol]) if protocol >= 2 else b"") + body + b"."


def encoded(data: bytes) -> str:
    """Write bytes in base64."""
    return base64.b64encode(data).decode()


SYSTEM = call(named("os", "system"), text("true"))
ACTS = whole(SYSTEM)
OLD = b"cos\nsystem\n(S'true'\ntR."
