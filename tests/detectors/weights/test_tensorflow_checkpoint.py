"""TensorFlow checkpoints: the index, the files it needs, and each way in which it can be wrong."""

import pytest

from detectors.weights.tensorflow_checkpoint import tensorflow_checkpoint
from inspector.detector import Format
from inspector.model import Claim, Component, Count, Issue, Severity, Stored
from inspector.serialization.table_file import masked
from sample_bundles.formats.tensorflow_checkpoint import INDEX, STRING, TENSORS, entry, index_bytes, table_bytes
from sample_bundles.messages import field, message
from tests.detectors.weights.damage import cut, flipped
from tests.detectors.weights.hearing import found, hear, rules, weights


def issues(data: bytes) -> list[tuple[str, Severity]]:
    said, fault = hear(tensorflow_checkpoint, "m.index", data)
    assert fault is None
    return [(told.rule, told.severity) for told in said if isinstance(told, Issue)]


def test_a_whole_index_gives_the_model_and_the_state_of_its_optimizer() -> None:
    said, fault = hear(tensorflow_checkpoint, "run/ckpt-1.index", INDEX)
    assert (fault, rules(said), said[0]) == (None, [], Format("tensorflow-checkpoint"))
    assert (weights(said).tensors, weights(said).parameters) == (3, 24)
    state = weights(said, Component.CHECKPOINTS)
    assert (state.tensors, state.parameters, state.dtypes) == (2, 9, (Count("F32", 8), Count("I64", 1)))
    (told,) = found(said, Component.PARAMETERS, Claim.REFERENCED)
    assert told.details == Stored(files=("run/ckpt-1.data-00000-of-00001",), size=186, whole=True)


def test_every_shard_is_named_with_its_own_size() -> None:
    data = index_bytes({"a": entry((4,), 0), "b": entry((2,), 0, shard=2)}, 3)
    told = [item.details for item in found(hear(tensorflow_checkpoint, "m.index", data)[0], Component.PARAMETERS, Claim.REFERENCED)]
    assert [item.size for item in told if isinstance(item, Stored)] == [16, 0, 8]


def test_slots_of_version_1_are_state_and_slices_count_once() -> None:
    tensors = {name: entry((4,), 16 * number) for number, name in enumerate(("w", "w/Adam", "w/Adam_1", "beta1_power"))}
    whole = message((1, 1), (2, field(2, message((1, 10))))) + field(7, b"")
    data = index_bytes({**tensors, "part": whole, "\0part\0\1slice": entry((10,), 64)})
    said, _ = hear(tensorflow_checkpoint, "model.ckpt.index", data)
    assert (weights(said).tensors, weights(said).parameters) == (2, 14)
    assert weights(said, Component.CHECKPOINTS).tensors == 3
    assert rules(said) == []


def test_other_indexes_are_left_alone() -> None:
    assert hear(tensorflow_checkpoint, "data.index", b"\0\0" + bytes(100)) == ([], None)
    assert hear(tensorflow_checkpoint, "data.index", b"") == ([], None)
    assert hear(tensorflow_checkpoint, "data.index", table_bytes({b"\0\1key": b"value"})) == ([], None)


def test_a_packed_index_gives_the_same() -> None:
    said, fault = hear(tensorflow_checkpoint, "m.index", index_bytes(TENSORS, packed=1))
    assert (fault, rules(said)) == (None, [])
    assert (weights(said).parameters, weights(said, Component.CHECKPOINTS).parameters) == (24, 9)


@pytest.mark.parametrize(
    ("rule", "severity", "data"),
    [
        ("tensorflow.size-mismatch", Severity.HIGH, index_bytes({"a": entry((4,), 0, size=12)})),
        ("tensorflow.overlap", Severity.HIGH, index_bytes({"a": entry((4,), 0), "b": entry((4,), 8)})),
        ("tensorflow.no-shard", Severity.HIGH, index_bytes({"a": entry((4,), 0, shard=1)})),
        ("tensorflow.gap", Severity.MEDIUM, index_bytes(TENSORS, hidden=b"hidden")),
        ("tensorflow.checksum", Severity.MEDIUM, INDEX.replace(b"bias", b"biaz")),
    ],
)
def test_what_is_readable_but_wrong_is_an_issue(rule: str, severity: Severity, data: bytes) -> None:
    assert issues(data) == [(rule, severity)]


@pytest.mark.parametrize(
    "data",
    [
        index_bytes(TENSORS, packed=2),
        index_bytes({}, 0),
        index_bytes({"a": entry((4,), 2**62, size=2**62)}),
        index_bytes({"a": message((1, 1), (2, field(2, message((1, -1)))))}),
        index_bytes({"a": b"\xff"}),
    ],
)
def test_an_index_that_lies_is_a_problem(data: bytes) -> None:
    assert hear(tensorflow_checkpoint, "m.index", data)[1]


def test_texts_are_no_parameters() -> None:
    said, fault = hear(tensorflow_checkpoint, "m.index", index_bytes({"a": entry((3,), 0, STRING, 40)}))
    assert fault is None
    assert found(said, Component.PARAMETERS, Claim.PRESENT) == []


def test_the_text_beside_names_the_last_checkpoint() -> None:
    text = b'model_checkpoint_path: "ckpt-2"\nall_model_checkpoint_paths: "/home/x/ckpt-1"\n'
    said, fault = hear(tensorflow_checkpoint, "checkpoint", text)
    assert (fault, said[0]) == (None, Format("tensorflow-checkpoint-state"))
    assert rules(said) == ["tensorflow.checkpoint-elsewhere"]
    assert hear(tensorflow_checkpoint, "checkpoint", b"something else") == ([], None)


def test_the_checksum_is_that_of_the_format() -> None:
    assert masked(b"123456789") == ((0xE3069283 >> 15 | 0xE3069283 << 17 & 0xFFFFFFFF) + 0xA282EAD8) & 0xFFFFFFFF


def test_an_index_cut_anywhere_is_not_read() -> None:
    for part in cut(INDEX):
        assert hear(tensorflow_checkpoint, "m.index", part) == ([], None)


def test_a_flipped_bit_gives_evidence_or_a_problem() -> None:
    for changed in flipped(INDEX):
        said, fault = hear(tensorflow_checkpoint, "m.index", changed)
        assert said or fault or not changed.endswith(INDEX[-8:]) or changed[:2] != INDEX[:2]
