"""A container of RKNN: a compiled model, and JSON that describes it."""

import json
import struct

TEXT = json.dumps({"version": "2.3.0", "target_platform": "rk3588", "nodes": [], "name": "net"})


def rknn_bytes(text: str = TEXT, version: int = 1, model: bytes = b"RKNN" + bytes(28)) -> bytes:
    """Write a container."""
    later = bytes(40) if version & 0xFF > 1 else b""
    return b"RKNN\0\0\0\0" + struct.pack("<2Q", version, len(model)) + later + model + struct.pack("<Q", len(text)) + text.encode()


FILES = {"net.rknn": rknn_bytes()}
