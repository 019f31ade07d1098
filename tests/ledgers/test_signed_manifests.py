"""Signed manifests: what is signed is read without the signature, and the signature is verified with what the user gives."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path

from tests import make
from tests.recorded import FILES, statement


def envelope(payload: bytes, signature: bytes = b"none") -> dict[str, object]:
    return {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": "application/vnd.in-toto+json",
        "signatures": [{"sig": base64.b64encode(signature).decode(), "keyid": ""}],
    }


def bundle(payload: bytes, signature: bytes = b"none", material: Mapping[str, object] | None = None) -> str:
    return json.dumps({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {**(material or {"publicKey": {"hint": ""}}), "tlogEntries": []},
        "dsseEnvelope": envelope(payload, signature),
    })  # fmt: skip


def unverified(top: Path, files: Mapping[str, bytes] = FILES) -> Path:
    """Write files with a statement whose signature nobody can verify."""
    return make.tree(make.tree(top, files), {"model.sig": bundle(json.dumps(statement(files)).encode())})
