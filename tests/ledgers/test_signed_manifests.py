"""Signed manifests: what is signed is read without the signature, and the signature is verified with what the user gives."""

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from inspector.errors import Malformed, UsageError
from inspector.verification.integrity import Answer, Strength, Trust
from inspector.verification.signed_statements import read_claims
from tests import make
from tests.recorded import FILES, SECOND, answer, rules, sha256, statement, states


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


def pae(payload: bytes) -> bytes:
    kind = b"application/vnd.in-toto+json"
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


class Signer:
    """A key with its files: the private key, the public key, and a certificate made with it."""

    def __init__(self, top: Path) -> None:
        top.mkdir(parents=True, exist_ok=True)
        self.key = ec.generate_private_key(ec.SECP256R1())
        public = self.key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        private = self.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        self.hint = hashlib.sha256(public).hexdigest()
        self.public, self.private, self.certificate = top / "key.pub", top / "key.pem", top / "root.pem"
        self.public.write_bytes(public)
        self.private.write_bytes(private)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "example")])
        usage = x509.KeyUsage(
            digital_signature=True, key_cert_sign=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
            key_agreement=False, crl_sign=False, encipher_only=False, decipher_only=False,
        )  # fmt: skip
        made = (
            x509.CertificateBuilder(name, name, self.key.public_key(), x509.random_serial_number())
            .not_valid_before(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
            .not_valid_after(dt.datetime(2036, 1, 1, tzinfo=dt.UTC))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .sign(self.key, hashes.SHA256())
        )
        self.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        self.chain = {
            "x509CertificateChain": {
                "certificates": [{"rawBytes": base64.b64encode(made.public_bytes(serialization.Encoding.DER)).decode()}]
            }
        }

    def sign(self, top: Path, files: Mapping[str, bytes] = FILES, *, certified: bool = False) -> Path:
        payload = json.dumps(statement(files)).encode()
        signature = self.key.sign(pae(payload), ec.ECDSA(hashes.SHA256()))
        material = self.chain if certified else {"publicKey": {"hint": self.hint}}
        return make.tree(make.tree(top, files), {"model.sig": bundle(payload, signature, material)})


def test_without_a_key_the_content_is_compared_and_the_signature_said_to_be_unverified(tmp_path: Path) -> None:
    found = answer(unverified(tmp_path))
    assert found.notes == ("model.sig: the signature was not verified; give the signer's --key or --certificate to do so",)
    assert [(use.strength, use.proves) for use in found.records] == [
        (Strength.TRAVELS, "the content is what the statement says; its signature was NOT verified")
    ]


def test_a_signature_is_verified_with_the_signers_key(tmp_path: Path) -> None:
    signer = Signer(tmp_path / "keys")
    top = signer.sign(tmp_path / "m")
    found = answer(top, Trust(key=signer.public))
    assert [(use.strength, use.proves) for use in found.records] == [
        (Strength.SIGNED, "the content is what was signed, and the signature was verified with the public key key.pub")
    ]
    assert (found.answer, found.issues, found.notes) == (Answer.PARTLY, (), ())
    make.tree(top, {"a.bin": SECOND})
    assert states(answer(top, Trust(key=signer.public)))["a.bin"] == "swapped"


def test_a_signature_is_verified_with_a_certificate(tmp_path: Path) -> None:
    signer = Signer(tmp_path / "keys")
    found = answer(signer.sign(tmp_path / "m", certified=True), Trust(certificate=signer.certificate))
    assert [use.strength for use in found.records] == [Strength.SIGNED]


@pytest.mark.parametrize("certified", [False, True])
def test_another_key_or_certificate_is_an_issue_and_the_record_stays_weak(certified: bool, tmp_path: Path) -> None:
    signer, other = Signer(tmp_path / "keys"), Signer(tmp_path / "others")
    top = signer.sign(tmp_path / "m", certified=certified)
    found = answer(top, Trust(certificate=other.certificate) if certified else Trust(key=other.public))
    assert (found.answer, rules(found)) == (Answer.NOT_INTACT, ["verify.bad-signature"])
    assert [use.strength for use in found.records] == [Strength.TRAVELS]


def test_a_statement_that_was_changed_after_it_was_signed_is_found(tmp_path: Path) -> None:
    signer = Signer(tmp_path / "keys")
    top = signer.sign(tmp_path / "m")
    evil = {**FILES, "a.bin": b"evil"}
    whole = json.loads((top / "model.sig").read_text())
    whole["dsseEnvelope"]["payload"] = base64.b64encode(json.dumps(statement(evil)).encode()).decode()
    make.tree(top, {"a.bin": b"evil", "model.sig": json.dumps(whole)})
    assert answer(top).issues == ()
    assert rules(answer(top, Trust(key=signer.public))) == ["verify.bad-signature"]


def test_what_the_reference_implementation_signs_is_verified(tmp_path: Path) -> None:
    from model_signing import signing

    signer = Signer(tmp_path / "keys")
    top = make.tree(tmp_path / "m", FILES)
    signing.Config().use_elliptic_key_signer(private_key=signer.private).sign(top, top / "model.sig")
    found = answer(top, Trust(key=signer.public))
    assert [use.strength for use in found.records] == [Strength.SIGNED]
    assert states(found) == {"model.sig": "not-recorded"}
    make.tree(top, {"more.py": ""})
    assert states(answer(top))["more.py"] == "extra"


def test_a_digest_over_all_files_that_does_not_fit_is_an_issue(tmp_path: Path) -> None:
    said = statement(FILES)
    said["subject"] = [{"name": "model", "digest": {"sha256": "0" * 64}}]
    found = answer(make.tree(tmp_path, {**FILES, "model.sig": bundle(json.dumps(said).encode())}))
    assert rules(found) == ["verify.damaged-record"]


def test_a_key_without_a_signature_is_an_issue(tmp_path: Path) -> None:
    found = answer(make.tree(tmp_path / "m", FILES), Trust(key=Signer(tmp_path / "keys").public))
    assert (found.answer, rules(found)) == (Answer.NOT_INTACT, ["verify.no-signature"])


def test_a_key_that_is_none_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no public key that can be used"):
        answer(unverified(tmp_path / "m"), Trust(key=make.tree(tmp_path, {"key": "no key"}) / "key"))


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd"])
def test_a_statement_about_paths_outside_is_refused(name: str, tmp_path: Path) -> None:
    found = answer(make.tree(tmp_path, {**FILES, "model.sig": bundle(json.dumps(statement({**FILES, name: b""})).encode())}))
    assert "verify.unsafe-path" in rules(found)


def test_the_statements_of_the_first_release_and_others_are_read(tmp_path: Path) -> None:
    subjects = [{"name": path, "digest": {"sha256": sha256(data)}} for path, data in FILES.items()]
    said = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": subjects,
        "predicateType": "https://model_signing/Digests/v0.1",
        "predicate": {},
    }
    top = make.tree(tmp_path, {**FILES, "claims.jsonl": json.dumps(envelope(json.dumps(said).encode())) + "\n"})
    assert states(answer(top)) == {"claims.jsonl": "not-recorded"}
    said = {**said, "predicateType": "https://cyclonedx.org/bom", "subject": [*subjects, {"name": "image", "digest": {"sha256": "0" * 64}}]}
    make.tree(top, {"claims.jsonl": json.dumps(envelope(json.dumps(said).encode()))})
    found = answer(top)
    assert states(found) == {"claims.jsonl": "not-recorded"}
    assert "claims.jsonl is a statement about 1 more that are not here" in found.notes


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"_type": "x", "predicateType": "y"}, "a statement of the type 'x'"),
        ([], "no in-toto statement"),
        ({**statement(FILES), "predicate": {"serialization": {"method": "shards"}}}, "a model signed by shards"),
        ({**statement(FILES), "predicate": {"resources": [{"name": "a", "algorithm": "crc32", "digest": "00000000"}]}}, "'crc32'"),
    ],
)
def test_a_statement_that_is_none_is_a_problem(said: object, reason: str, tmp_path: Path) -> None:
    found = answer(make.tree(tmp_path, {**FILES, "model.sig": bundle(json.dumps(said).encode())}))
    assert found.answer is Answer.NOT_ALL_READ
    assert reason in found.problems[0].reason


def test_a_signature_of_another_kind_says_nothing(tmp_path: Path) -> None:
    assert answer(make.tree(tmp_path, {**FILES, "model.sig": b"\x30\x45\x02\x21"})).answer is Answer.NOTHING_RECORDED


@given(st.binary(max_size=300), st.sampled_from(["", '{"dsseEnvelope": ', '{"payloadType": "application/vnd.in-toto+json", "payload": "']))
def test_any_bytes_are_a_statement_or_none_or_malformed(data: bytes, before: str) -> None:
    with suppress(Malformed):
        read_claims(before.encode() + data)


def test_a_key_that_came_with_the_bundle_is_not_used(tmp_path: Path) -> None:
    signer = Signer(tmp_path / "m" / "keys")
    found = answer(signer.sign(tmp_path / "m"), Trust(key=signer.public))
    assert [use.strength for use in found.records] == [Strength.TRAVELS]
    assert found.notes[0].startswith("key.pub lies in the bundle itself")


def test_the_subject_of_the_certificate_is_told(tmp_path: Path) -> None:
    signer = Signer(tmp_path / "keys")
    found = answer(signer.sign(tmp_path / "m", certified=True), Trust(certificate=signer.certificate))
    assert found.records[0].proves.endswith("verified with a certificate of CN=example, which root.pem vouches for")


def test_a_key_for_what_a_certificate_signed_is_told_as_such(tmp_path: Path) -> None:
    signer = Signer(tmp_path / "keys")
    found = answer(signer.sign(tmp_path / "m", certified=True), Trust(key=signer.public))
    assert found.issues[0].message.endswith("it was not made with a key, but with a certificate")


def test_the_beginning_of_a_digest_is_no_digest(tmp_path: Path) -> None:
    said = statement(FILES)
    said["predicate"] = {"resources": [{"name": "a.bin", "algorithm": "sha256", "digest": sha256(FILES["a.bin"])[:32]}]}
    found = answer(make.tree(tmp_path, {**FILES, "model.sig": bundle(json.dumps(said).encode())}))
    assert (found.answer, len(found.problems)) == (Answer.NOT_ALL_READ, 1)
