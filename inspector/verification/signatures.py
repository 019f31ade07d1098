"""Whether a signature is good: with a public key or certificates that the user gives, offline, by the library of OpenSSF model signing.

The library is the extra `signing`. Only the signature and the statement in it are handed to it; it never sees the bundle.
Source: OpenSSF model signing 1.1.
"""

import base64
import contextlib
import io
import json
import logging

from inspector.errors import Malformed, UsageError
from inspector.model import printable
from inspector.verification.integrity import Trust

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
    whole = _adjust(data)
    _check_kind(whole, trust)
    logging.getLogger("model_signing").setLevel(logging.ERROR)
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # it prints advice for those who sign
            _, verified = verifier._verify_signed_content(Signature(Bundle.from_dict(whole)))  # noqa: SLF001 - no public way without hashing
    except bad as error:
        raise Malformed(f"{type(error).__name__}{f': {error}' if str(error) else ''}"[:300]) from error
    if bytes(verified) != payload:
        raise Malformed("what is signed is not what was read")
    if trust.key is not None:
        return f"the public key {given.name}"
    return f"a certificate of {_name_signer(whole)}, which {given.name} vouches for"


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


def _material(whole: dict[str, object]) -> dict[str, object]:
    material = whole.get("verificationMaterial")
    return {str(key): value for key, value in material.items()} if isinstance(material, dict) else {}


def _check_kind(whole: dict[str, object], trust: Trust) -> None:
    """Hold what the user gave against how it was signed.

    Raises Malformed where they do not fit.
    """
    material = _material(whole)
    if trust.key is not None and not isinstance(material.get("publicKey"), dict):
        raise Malformed("it was not made with a key, but with a certificate")
    if trust.certificate is not None and not isinstance(material.get("x509CertificateChain"), dict):
        raise Malformed("it carries no chain of certificates")


def _name_signer(whole: dict[str, object]) -> str:
    """Give the subject of the certificate that signed, which the library has verified by now."""
    from cryptography import x509

    chain = _material(whole).get("x509CertificateChain")
    listed = chain.get("certificates") if isinstance(chain, dict) else None
    first = listed[0] if isinstance(listed, list) and listed else None
    raw = first.get("rawBytes") if isinstance(first, dict) else None
    return printable(x509.load_der_x509_certificate(base64.b64decode(str(raw))).subject.rfc4514_string()[:200])
