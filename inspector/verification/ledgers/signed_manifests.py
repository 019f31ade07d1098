"""Signed manifests: the statements of OpenSSF model signing and other in-toto statements about files, with their signatures.

Without a key or certificate of the user's only the content is held against the statement: it is as good as an unsigned list. Source: OpenSSF model
signing 1.0; in-toto attestation framework; Sigstore's bundle format.
"""

import re
from collections.abc import Iterator
from functools import partial

from inspector.bundle import Entry, Survey
from inspector.errors import Malformed
from inspector.model import Issue, Severity, printable
from inspector.verification.integrity import Complete, Expected, Note, Own, Proven, Said, Strength, Trust, join_path, ledger
from inspector.verification.record_reading import place, read_bytes, read_each, refuse_path
from inspector.verification.signatures import verify_signature
from inspector.verification.signed_statements import FILES, MODEL, Claims, read_claims

ID = "signed-manifest"
NAME = re.compile(r".*(?:\.sig|\.sigstore|\.sigstore\.json|\.intoto\.jsonl?|\.dsse|\.dsse\.json|claims\.jsonl?)", re.I)
LIMIT = 64 * 2**20


@ledger(ID, title="signed manifest", proves="the content is what the statement says; its signature was NOT verified")
def signed_manifests(survey: Survey, trust: Trust) -> Iterator[Said]:
    """Read every statement, and verify its signature with what the user gave."""
    asked = trust.key is not None or trust.certificate is not None
    found = False
    given = trust.key or trust.certificate
    if given is not None and given.resolve().is_relative_to(survey.root.boundary):
        yield Note(text=f"{given.name} lies in the bundle itself: whoever changed the files could change it too, and it was not used")
        trust = Trust()
    for entry in (entry for path, entry in survey.entries.items() if NAME.fullmatch(path.rpartition("/")[2])):
        for said in read_each((entry,), partial(_read, survey=survey, trust=trust if trust != Trust() else None)):
            found = found or isinstance(said, Own)
            yield said
    if asked and not found:
        yield Issue(
            rule="verify.no-signature",
            severity=Severity.HIGH,
            message="a key or certificate was given, and there is no signature here to verify with it",
            locations=(),
            settle="Fetch the publisher's signature, and put it beside the files.",
        )


def _read(entry: Entry, survey: Survey, trust: Trust | None) -> Iterator[Said]:
    data = read_bytes(entry, LIMIT)
    for line in data.splitlines() if entry.path.endswith(".jsonl") else [data]:
        claims = read_claims(line)
        if claims is not None:
            yield Own(path=entry.path, ledger=ID)
            yield from _judge_signature(entry, line, claims, trust)
            yield from _list(entry, claims, survey)


def _judge_signature(entry: Entry, data: bytes, claims: Claims, trust: Trust | None) -> Iterator[Said]:
    record = place(entry)
    if not claims.consistent:
        yield Issue(
            rule="verify.damaged-record",
            severity=Severity.HIGH,
            message="the statement's digest over all of its files is not that of the files it lists",
            locations=(record,),
            settle="Fetch the signature again; a program that signs writes both together.",
        )
    if trust is None:
        yield Note(text=f"{entry.path}: the signature was not verified; give the signer's --key or --certificate to do so")
        return
    try:
        by = verify_signature(data, claims.payload, trust)
    except Malformed as error:
        yield Issue(
            rule="verify.bad-signature",
            severity=Severity.HIGH,
            message=f"the signature is not good for what was given: {printable(str(error))}",
            locations=(record,),
            settle="Ask the publisher for the right key or certificate; if it is the right one, somebody else made this statement.",
        )
        return
    proves = f"the content is what was signed, and the signature was verified with {by}"
    yield Proven(ledger=ID, record=record, strength=Strength.SIGNED, reason=proves)


def _list(entry: Entry, claims: Claims, survey: Survey) -> Iterator[Said]:
    elsewhere = 0
    directory = entry.path.rpartition("/")[0]
    base = f"{directory}/" if directory else ""
    if claims.whole:
        left_out = tuple(path for name in claims.left_out if (path := join_path(base, name)))
        yield Complete(ledger=ID, record=place(entry), base=base, except_for=(*left_out, entry.path))
    for file in claims.files:
        record, path = place(entry, pointer=file.pointer), join_path(base, file.path)
        if path is None:
            yield refuse_path(record, file.path)
        elif path not in survey.entries and claims.predicate not in {MODEL, FILES}:
            elsewhere += 1  # a statement of another kind can be about artifacts that were never part of this bundle
        else:
            yield Expected(path=path, ledger=ID, record=record, algorithm=file.algorithm, digest=file.digest)
    if elsewhere:
        yield Note(text=f"{entry.path} is a statement about {elsewhere} more that are not here")
