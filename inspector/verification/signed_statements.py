"""Signed statements about files: in-toto statements in DSSE envelopes and Sigstore bundles, as OpenSSF model signing writes them.

Only what is signed is read here; whether the signature is good is another question. Source: in-toto attestation framework, Statement v1; DSSE 1.0;
OpenSSF model signing 1.0 and its predicates `signature/v1.0` and `Digests/v0.1`.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from inspector.decoding import decode_json
from inspector.errors import Malformed
from inspector.verification.integrity import DIGITS

PAYLOAD = "application/vnd.in-toto+json"
STATEMENTS = ("https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1")
MODEL = "https://model_signing/signature/v1.0"
FILES = "https://model_signing/Digests/v0.1"
HEX = re.compile(r"[0-9a-f]{32,128}")
MOST = 1_000_000


class Envelope(msgspec.Struct):
    """A DSSE envelope."""

    payload: str
    payload_type: str = msgspec.field(name="payloadType")


class Bundle(msgspec.Struct):
    """What is needed of a Sigstore bundle."""

    envelope: Envelope = msgspec.field(name="dsseEnvelope")


class Subject(msgspec.Struct):
    """A file that a statement is about, or a model as a whole."""

    name: str = ""
    digest: Mapping[str, str] = {}


class Resource(msgspec.Struct):
    """A file of a signed model."""

    name: str
    algorithm: str
    digest: str


class Serialization(msgspec.Struct):
    """How a model was taken apart to sign it."""

    method: str = "files"
    ignore_paths: tuple[str, ...] = ()


class Predicate(msgspec.Struct):
    """What a statement says, as far as it is known here."""

    serialization: Serialization | None = None
    resources: tuple[Resource, ...] = ()


class Statement(msgspec.Struct):
    """An in-toto statement."""

    type: str = msgspec.field(name="_type")
    predicate_type: str = msgspec.field(name="predicateType")
    subject: tuple[Subject, ...] = ()
    predicate: msgspec.Raw = msgspec.Raw(b"{}")


@dataclass(frozen=True, slots=True)
class Signed:
    """A file that a statement names: its path, the algorithm and digest, and where in the statement that stands."""

    path: str
    algorithm: str
    digest: str
    pointer: str


@dataclass(frozen=True, slots=True)
class Claims:
    """What a statement says: its files, whether these are all, which paths were left out, and whether its own digest over all of them fits."""

    payload: bytes
    predicate: str
    files: tuple[Signed, ...]
    whole: bool
    left_out: tuple[str, ...] = ()
    consistent: bool = True


def read_claims(data: bytes) -> Claims | None:
    """Read what a Sigstore bundle, or an envelope alone, says of files; none where it is neither.

    Raises Malformed for an envelope that holds something else than an in-toto statement, or digests that are none.
    """
    envelope = _read_envelope(data)
    if envelope is None:
        return None
    if envelope.payload_type != PAYLOAD:
        raise Malformed(f"an envelope of {envelope.payload_type[:100]!r}; in-toto statements are read")
    try:
        payload = base64.b64decode(envelope.payload, validate=True)
        statement = decode_json(payload, Statement)
    except (binascii.Error, ValueError, msgspec.DecodeError, RecursionError) as error:
        raise Malformed(f"no in-toto statement: {str(error)[:200]}") from error
    if statement.type not in STATEMENTS:
        raise Malformed(f"a statement of the type {statement.type[:100]!r}")
    if statement.predicate_type != MODEL:
        return Claims(payload, statement.predicate_type, tuple(_list_subjects(statement)), whole=False)
    return _read_model(payload, statement)


def _read_envelope(data: bytes) -> Envelope | None:
    try:
        return decode_json(data, Bundle).envelope
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    try:
        return decode_json(data, Envelope)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _list_subjects(statement: Statement) -> list[Signed]:
    found = []
    for number, subject in enumerate(statement.subject[:MOST]):
        for algorithm, digest in subject.digest.items():
            if subject.name and HEX.fullmatch(digest) and DIGITS.get(algorithm) == len(digest):
                found.append(Signed(subject.name, algorithm, digest, f"/subject/{number}"))
    return found


def _read_model(payload: bytes, statement: Statement) -> Claims:
    try:
        predicate = decode_json(statement.predicate, Predicate)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed(f"no list of a signed model: {str(error)[:200]}") from error
    form = predicate.serialization or Serialization()
    if form.method != "files":
        raise Malformed(f"a model signed by {form.method[:40]}; digests of whole files are read")
    files, together = list[Signed](), hashlib.sha256()
    for number, resource in enumerate(predicate.resources[:MOST]):
        if not HEX.fullmatch(resource.digest) or DIGITS.get(resource.algorithm) != len(resource.digest):
            raise Malformed(f"/predicate/resources/{number}: the algorithm {resource.algorithm[:40]!r}, or its digest, is not known")
        together.update(bytes.fromhex(resource.digest))
        files.append(Signed(resource.name, resource.algorithm, resource.digest, f"/predicate/resources/{number}"))
    subject = statement.subject[0].digest.get("sha256", "") if len(statement.subject) == 1 else ""
    return Claims(payload, MODEL, tuple(files), whole=True, left_out=form.ignore_paths, consistent=subject == together.hexdigest())
