"""torch archives: what is said of whole ones, of hostile pickles in them, and of archives that two readers would read differently."""

import io
import os
import pickle
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.weights.torch_zip import torch_zip
from inspector.detector import Format
from inspector.model import Claim, Component, Count, Issue, Severity
from sample_bundles.weights import Tensor, torch_zip_bytes
from tests.detectors.weights.hearing import found, hear, rules, weights

TENSORS = (Tensor("model.embed.weight", "F32", (4, 300)), Tensor("model.norm.weight", "BF16", (7,)), Tensor("empty", "F16", (0, 3)))
WHOLE = torch_zip_bytes(TENSORS)


def rewritten(changes: dict[str, bytes | None], data: bytes = WHOLE, method: int = zipfile.ZIP_STORED) -> bytes:
    """The archive with members added, replaced, or left out (`None`)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", method) as new:
        members = {name: old.read(name) for name in old.namelist()} | changes
        for name, content in members.items():
            if content is not None:
                new.writestr(name, content)
    return stream.getvalue()


class Payload:
    """An object whose pickle would call something."""

    def __init__(self, call: object, *arguments: object) -> None:
        self.call, self.arguments = call, arguments

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return self.call, self.arguments


def test_a_whole_archive_gives_the_parameters_and_nothing_else() -> None:
    said, fault = hear(torch_zip, "pytorch_model.bin", WHOLE)
    assert fault is None
    assert said[0] == Format("torch-zip")
    assert len(said) == 2
    details = weights(said)
    assert (details.tensors, details.parameters) == (3, 1207)
    assert details.dtypes == (Count("BF16", 7), Count("F16", 0), Count("F32", 1200))
    assert found(said, Component.PARAMETERS, Claim.PRESENT)[0].member == "archive/data.pkl"


def test_a_deflated_archive_is_read_as_torch_reads_it() -> None:
    said, fault = hear(torch_zip, "model.pt", rewritten({}, method=zipfile.ZIP_DEFLATED))
    assert fault is None
    assert weights(said).parameters == 1207


def test_other_zip_files_are_left_alone() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert hear(torch_zip, "paper.docx", stream.getvalue()) == ([], None)
    assert hear(torch_zip, "paper.docx", stream.getvalue()[:-5]) == ([], None)


@pytest.mark.parametrize(
    ("path", "component", "value"),
    [
        ("optimizer.pt", Component.CHECKPOINTS, "optimizer-state"),
        ("checkpoint-500/scheduler.pt", Component.CHECKPOINTS, "optimizer-state"),
        ("rng_state_0.pth", Component.CHECKPOINTS, "random-state"),
        ("training_args.bin", Component.MODEL_METADATA, "training-arguments"),
    ],
)
def test_training_state_is_not_called_parameters(path: str, component: Component, value: str) -> None:
    said, _ = hear(torch_zip, path, WHOLE)
    assert found(said, Component.PARAMETERS, Claim.PRESENT) == []
    assert found(said, component, Claim.PRESENT)[0].value == value


def test_training_arguments_hold_no_tensors_and_are_still_said() -> None:
    said, _ = hear(torch_zip, "training_args.bin", rewritten({"archive/data.pkl": pickle.dumps({"lr": 1e-3})}, torch_zip_bytes([])))
    assert found(said, Component.MODEL_METADATA, Claim.PRESENT)[0].value == "training-arguments"


def test_an_adapter_is_not_called_a_model() -> None:
    names = ("q_proj.lora_A.weight", "q_proj.lora_B.weight")
    said, _ = hear(torch_zip, "adapter_model.bin", torch_zip_bytes([Tensor(name, "F32", (2, 2)) for name in names]))
    assert found(said, Component.PARAMETERS, Claim.PRESENT)[0].value == "torch-zip-adapter"


@pytest.mark.parametrize("member", ["archive/data.pkl", "archive/extra.pkl", "archive/notes.txt", "other/data.pkl", "archive/DATA.PKL"])
def test_a_pickle_that_acts_is_found_whatever_its_member_is_called(member: str) -> None:
    data = rewritten({member: pickle.dumps(Payload(os.system, "true"), 4)})
    issues = [told for told in hear(torch_zip, "model.bin", data)[0] if isinstance(told, Issue) and told.rule == "pickle.unexpected-global"]
    assert [issue.severity for issue in issues] == [Severity.HIGH]
    assert issues[0].locations[0].pointer == f"{os.system.__module__}.system"
    assert issues[0].locations[0].path == f"model.bin!/{member}"


def test_a_pickle_that_breaks_after_its_payload_is_heard_to_the_break() -> None:
    broken = pickle.dumps(Payload(os.system, "true"), 2)[:-1] + b"\xff"
    said, fault = hear(torch_zip, "model.bin", rewritten({"archive/data.pkl": broken}))
    assert "pickle.unexpected-global" in rules(said)
    assert fault is not None
    assert "no opcode" in fault


@pytest.mark.parametrize(
    ("rule", "data"),
    [
        ("torch.storage-missing", rewritten({"archive/data/0": None})),
        ("torch.storage-size", rewritten({"archive/data/1": b"short"})),
        ("torch.unused-storage", rewritten({"archive/data/9": b"hidden"})),
        ("torch.two-pickles", rewritten({"second/data.pkl": pickle.dumps({}, 2)})),
        ("archive.unsafe-name", rewritten({"archive/../../x": b"x"})),
        ("archive.duplicate-name", rewritten({"archive/VERSION": b"3"})),
        ("archive.checksum", WHOLE[:80] + WHOLE[80:].replace(b"model.embed", b"model.embxd", 1)),
    ],
)
def test_what_is_readable_but_wrong_is_an_issue(rule: str, data: bytes) -> None:
    said, fault = hear(torch_zip, "pytorch_model.bin", data)
    assert fault is None
    assert rules(said) == [rule]


@pytest.mark.parametrize(
    "data",
    [
        WHOLE[:-30],
        WHOLE[:100],
        WHOLE + WHOLE,
        b"junk" + WHOLE,
        WHOLE + b"junk",
        WHOLE.replace(b"archive/version", b"archive/vorsion", 1),
        WHOLE[:6] + b"\x01" + WHOLE[7:],
    ],
)
def test_an_archive_that_readers_would_read_differently_is_malformed(data: bytes) -> None:
    if data.startswith(b"PK"):
        said, fault = hear(torch_zip, "pytorch_model.bin", data)
        assert fault
        assert said == [Format("torch-zip")]
    else:
        assert not torch_zip.wants.match_head(data)


@settings(deadline=None, max_examples=200)
@given(cut=st.integers(4, len(WHOLE)), place=st.integers(4, len(WHOLE) - 1), byte=st.integers(0, 255))
def test_no_cut_and_no_flipped_byte_is_more_than_malformed(cut: int, place: int, byte: int) -> None:
    changed = bytearray(WHOLE)
    changed[place] = byte
    for data in (bytes(changed), bytes(changed[:cut])):
        said, fault = hear(torch_zip, "model.bin", data)
        assert fault or said


def scripted(code: bytes, pickled: bytes = b"\x80\x02c__torch__\nNet\n)\x81.") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in (("data.pkl", pickled), ("code/__torch__.py", code), ("constants.pkl", b"\x80\x02)."), ("version", b"3\n")):
            archive.writestr(zipfile.ZipInfo(f"net/{name}"), data)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (b"return torch.add(x, y)", [("torchscript.code", Severity.LOW)]),
        (b"ops.prim.NumToTensor(torch.size(x))", [("torchscript.code", Severity.LOW)]),
        (b"torch.save(x, 'a')", [("torchscript.code", Severity.LOW), ("torchscript.acting-code", Severity.HIGH)]),
        (b"ops.aten.from_file('a')", [("torchscript.code", Severity.LOW), ("torchscript.acting-code", Severity.HIGH)]),
        (b"ops.mine.step(x)", [("torchscript.code", Severity.LOW), ("torchscript.custom-operators", Severity.MEDIUM)]),
    ],
)
def test_the_code_of_torchscript_is_named_by_its_operators(code: bytes, expected: list[tuple[str, Severity]]) -> None:
    said, fault = hear(torch_zip, "net.pt", scripted(code))
    assert fault is None
    assert [(told.rule, told.severity) for told in said if isinstance(told, Issue)] == expected


def test_another_global_beside_the_own_classes_of_an_archive_is_still_one() -> None:
    said, _ = hear(torch_zip, "net.pt", scripted(b"", b"\x80\x02c__torch__\nNet\ncos\nsystem\n\x86."))
    assert [told.locations[0].pointer for told in said if isinstance(told, Issue) and told.severity is Severity.HIGH] == ["os.system"]


@pytest.mark.parametrize(
    ("mark", "name"), [("time_first", "rwkv-4"), ("ln_x.weight", "rwkv-5"), ("time_maa_x", "rwkv-6"), ("r_k", "rwkv-7")]
)
def test_rwkv_is_known_by_the_names_of_its_tensors(mark: str, name: str) -> None:
    names = ("emb.weight", "blocks.0.att.receptance.weight", "blocks.0.ffn.key.weight", f"blocks.0.att.{mark}")
    said, _ = hear(torch_zip, "rwkv.pth", torch_zip_bytes([Tensor(each, "BF16", (2, 2)) for each in names]))
    assert [told.value for told in found(said, Component.ARCHITECTURE, Claim.REFERENCED)] == [name]


def test_an_archive_of_the_name_that_tch_writes_is_read_alike() -> None:
    said, fault = hear(torch_zip, "model.ot", torch_zip_bytes([Tensor("a.weight", "F32", (2, 2))]))
    assert (fault, weights(said).parameters) == (None, 4)
    assert hear(torch_zip, "model.ot", b"PK\x03\x04" + bytes(60))[1] is not None


@pytest.mark.parametrize(
    ("path", "component"),
    [
        ("global_step100/mp_rank_00_model_states.pt", Component.CHECKPOINTS),
        ("global_step100/layer_01-model_00-model_states.pt", Component.CHECKPOINTS),
        ("global_step100/bf16_zero_pp_rank_0_mp_rank_00_optim_states.pt", Component.CHECKPOINTS),
        ("iter_0000100/mp_rank_00/model_optim_rng.pt", Component.CHECKPOINTS),
        ("mp_rank_00_model_states.pt", Component.PARAMETERS),
        ("scheduler.pt", Component.CHECKPOINTS),
    ],
)
def test_the_parts_of_trainers_are_told_by_their_names_and_directories(path: str, component: Component) -> None:
    said, _ = hear(torch_zip, path, torch_zip_bytes([Tensor("a.weight", "F32", (2, 2))]))
    assert weights(said, component).parameters == 4
