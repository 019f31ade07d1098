"""NeMo: configuration, weights and tokenizer of an archive that is never unpacked, and what can be hidden in one."""

import gzip
import tarfile

import pytest

from detectors.weights.nemo import nemo
from inspector.detector import Format
from inspector.model import Claim, Component, Count, Issue, Severity
from sample_bundles.formats.nemo import CONFIG, MEMBERS, PLAIN, TENSORS, tar_bytes
from sample_bundles.weights import torch_legacy_bytes, torch_zip_bytes
from tests.detectors.weights.damage import cut, flipped
from tests.detectors.weights.hearing import found, hear, rules, weights

PACKED = gzip.compress(PLAIN, mtime=0)
EVIL = b"\x80\x02cos\nsystem\nX\x01\x00\x00\x00x\x85R."


def configured(config: str) -> bytes:
    return tar_bytes({**MEMBERS, "model_config.yaml": config.encode()})


def issues(data: bytes) -> list[tuple[str, Severity, str | None]]:
    said, fault = hear(nemo, "m.nemo", data)
    assert fault is None
    return [(told.rule, told.severity, told.locations[0].pointer) for told in said if isinstance(told, Issue)]


@pytest.mark.parametrize("data", [PLAIN, PACKED])
def test_a_whole_model_gives_weights_classes_data_and_tokenizer(data: bytes) -> None:
    said, fault = hear(nemo, "model.nemo", data)
    assert fault is None
    assert said[0] == Format("nemo")
    details = weights(said)
    assert (details.tensors, details.parameters) == (2, 28)
    assert details.dtypes == (Count("F32", 28),)
    assert len(found(said, Component.ARCHITECTURE, Claim.REFERENCED)) == 3
    assert [item.value for item in found(said, Component.DATASETS, Claim.REFERENCED)] == ["/data/librispeech/train.json"]
    assert [item.member for item in found(said, Component.TOKENIZER, Claim.PRESENT)] == ["0f_tokenizer.model"]
    assert rules(said) == ([] if data is PLAIN else ["nemo.packed-weights"])


def test_the_span_is_that_of_the_weights_inside() -> None:
    said, _ = hear(nemo, "model.nemo", PLAIN)
    (item,) = found(said, Component.PARAMETERS, Claim.PRESENT)
    assert item.span is not None
    assert PLAIN[item.span.start : item.span.end] == MEMBERS["model_weights.ckpt"]


def test_weights_of_torch_before_1_6_are_read() -> None:
    data = tar_bytes({**MEMBERS, "model_weights.ckpt": torch_legacy_bytes(TENSORS)})
    for packed in (data, gzip.compress(data)):
        said, fault = hear(nemo, "m.nemo", packed)
        assert (fault, weights(said).parameters) == (None, 28)


def test_it_is_known_by_its_configuration_under_any_name() -> None:
    assert hear(nemo, "archive.bin", PLAIN)[0][0] == Format("nemo")
    for other in (tar_bytes({"a.txt": b"x"}), gzip.compress(tar_bytes({"a.txt": b"x"})), gzip.compress(b"text"), b"ustar"):
        assert hear(nemo, "data.tar", other) == ([], None)


@pytest.mark.parametrize(
    ("target", "severity"),
    [
        ("os.system", Severity.HIGH),
        ("subprocess.Popen", Severity.HIGH),
        ("builtins.exec", Severity.HIGH),
        ("hydra.utils.get_method", Severity.HIGH),
        ("torch.hub.load", Severity.HIGH),
        ("${model.other}", Severity.HIGH),
        ("mypackage.Model", Severity.MEDIUM),
        ("nemoevil.Model", Severity.MEDIUM),
    ],
)
def test_a_target_outside_of_the_frameworks_is_an_issue(target: str, severity: Severity) -> None:
    config = CONFIG + f"deep:\n- - inner:\n      _target_: {target}\n"
    assert issues(configured(config)) == [("nemo.target", severity, "deep.*.*.inner._target_")]


@pytest.mark.parametrize(
    "text",
    [
        "hidden: &h os.system\na:\n  _target_: *h\n",
        "hidden: &k _target_\na:\n  *k : os.system\n",
        "? [odd, key]\n: value\n_target_: os.system\n",
        "a: {? {b: c} : d, _target_: os.system}\n",
        "a: !!python/object/apply:os.system\n  _target_: os.system\n",
    ],
)
def test_a_target_cannot_be_hidden_by_the_means_of_yaml(text: str) -> None:
    assert ("nemo.target", Severity.HIGH) in [told[:2] for told in issues(configured(text))]


def test_globals_in_the_weights_are_judged() -> None:
    told = issues(tar_bytes({**MEMBERS, "model_weights.ckpt": EVIL}))
    assert ("pickle.unexpected-global", Severity.HIGH, "os.system") in told


@pytest.mark.parametrize("name", ["../evil.py", "/etc/cron.d/x", "./a/../../b", "a\\b"])
def test_names_that_lead_out_are_issues(name: str) -> None:
    assert ("archive.unsafe-name", Severity.HIGH) in [told[:2] for told in issues(tar_bytes({**MEMBERS, "x": tarfile.TarInfo(name)}))]


def test_bytes_behind_the_end_are_an_issue() -> None:
    for data in (PLAIN + b"hidden", gzip.compress(PLAIN + b"hidden"), PACKED + b"hidden"):
        assert "archive.trailing-bytes" in [told[0] for told in issues(data)]


def test_links_are_issues() -> None:
    info = tarfile.TarInfo("./link")
    info.type, info.linkname = tarfile.SYMTYPE, "/etc"
    assert ("archive.link", Severity.HIGH, "./link") in issues(tar_bytes({**MEMBERS, "link": info}))


def test_weights_that_cannot_be_read_are_said_to_be_missing() -> None:
    for weight in (b"nothing", torch_zip_bytes(TENSORS)[:-30], b"\x80\x02N"):
        said, fault = hear(nemo, "m.nemo", tar_bytes({**MEMBERS, "model_weights.ckpt": weight}))
        assert fault is None
        assert [item.value for item in found(said, Component.PARAMETERS, Claim.MISSING)] == ["damaged"]
        assert "nemo.broken-weights" in rules(said)


@pytest.mark.parametrize("config", [b"a: [1\n", b"a: " + b"[" * 200, b"\xff\xfe\0", b"x" * (5 * 2**20)])
def test_a_configuration_that_cannot_be_read_is_a_problem(config: bytes) -> None:
    said, fault = hear(nemo, "m.nemo", tar_bytes({**MEMBERS, "model_config.yaml": config}))
    assert said[0] == Format("nemo")
    assert fault is not None


def test_an_archive_without_a_configuration_is_a_problem_by_its_name_only() -> None:
    data = tar_bytes({"model_weights.ckpt": MEMBERS["model_weights.ckpt"]})
    assert hear(nemo, "m.nemo", data)[1] is not None
    assert hear(nemo, "m.tar", data) == ([], None)


@pytest.mark.parametrize("data", [PLAIN, PACKED])
def test_a_model_cut_anywhere_is_a_problem(data: bytes) -> None:
    end = PLAIN.rindex(b"PK\x05\x06")
    for part in cut(data, 60):
        said, fault = hear(nemo, "m.nemo", part)
        assert fault or not said or (data is PLAIN and len(part) > end)


@pytest.mark.parametrize("data", [PLAIN, PACKED])
def test_a_flipped_bit_gives_evidence_or_a_problem(data: bytes) -> None:
    for changed in flipped(data, 200):
        said, fault = hear(nemo, "m.nemo", changed)
        assert fault or not said or said[0] == Format("nemo")


def test_a_member_that_claims_gigabytes_is_refused() -> None:
    info = tarfile.TarInfo("./zeros")
    info.size = 2**33
    data = PLAIN[: PLAIN.rindex(MEMBERS["model_weights.ckpt"]) - 512] + info.tobuf()
    for packed in (data, gzip.compress(data + bytes(2**22))):
        said, fault = hear(nemo, "m.nemo", packed)
        assert said[0] == Format("nemo")
        assert fault is not None
