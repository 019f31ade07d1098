"""Whether a signature is good: with a public key or certificates that the user gives, offline, by the library of OpenSSF model signing.

The library is the extra `signing`. Only the signature and the statement in it are handed to it; it never sees the bundle.
Source: OpenSSF model signing 1.1.
"""

import contextlib
import io
import json
import logging
from typing import TYPE_CHECKING

from inspector.errors import Malformed, UsageError
from inspector.integrity import Trust

if TYPE_CHECKING:
    from pathlib import Path

MISSING = "verifying signatures needs the extra `signing`: pip install 'preferred-form[signing]'"


def verify_signature(data: bytes, payload: bytes, trust: Trust) -> str:
    """Verify the signature of a Sigstore bundle over a payload, and say what it was verified with.

    Raises UsageError when the extra is not installed, or a key or certificate of the user's cannot be read; Malformed when the signature is not good.
    """
    try:
        from cryptography.exceptions import InvalidSignature
        from model_signing._signing import sign_certificate, sign_ec_key
        from model_signing._signing.sign_sigstore_pb import Signature
        from OpenSSL.crypto import X509StoreContextError
        from sigstore_models.bundle.v1 import Bundle
    except ImportError as error:
        raise UsageError(MISSING) from error
    given = trust.key or trust.certificate
    if given is None:
        raise UsageError("a key or a certificate is needed")
    try:
        verifier = sign_ec_key.Verifier(given) if trust.key else sign_certificate.Verifier([given])
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(f"{given}: no {'public key' if trust.key else 'certificate'} that can be used: {error}") from error
    bad = (InvalidSignature, X509StoreContextError, ValueError, KeyError, TypeError, AttributeError, IndexError)
    logging.getLogger("model_signing").setLevel(logging.ERROR)
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # it prints advice for those who sign
            _, verified = verifier._verify_signed_content(Signature(Bundle.from_dict(_adjust(data))))  # noqa: SLF001 - no public way without hashing
    except bad as error:
        raise Malformed(f"{type(error).__name__}{f': {error}' if str(error) else ''}"[:300]) from error
    if bytes(verified) != payload:
        raise Malformed("what is signed is not what was read")
    return _name(given, key=trust.key is not None)


def _adjust(data: bytes) -> dict[str, object]:
    """Bring a bundle that an older version wrote into the form that is read today, as the library does with files."""
    whole: dict[str, object] = json.loads(data)
    material = whole.get("verificationMaterial")
    if isinstance(material, dict):
        material.setdefault("tlogEntries", [])
        if isinstance(key := material.get("publicKey"), dict):
            key.setdefault("hint", None)
            key.pop("rawBytes", None)
            key.pop("keyDetails", None)
    return whole


def _name(given: "Path", *, key: bool) -> str:
    return f"the {'public key' if key else 'certificate'} {given.name}"
