"""Checkpoints without an end: said once for each root, and only where nothing else holds weights."""

from detectors.weights.no_final import no_final
from inspector.detector import Gathered
from inspector.model import Claim, Component, Issue, Weights
from tests import make

WEIGHTS = Weights(format="safetensors", tensors=1, parameters=4)


def told(*paths: str, final: str = "", value: str = "safetensors") -> list[str]:
    items = [make.evidence(Component.CHECKPOINTS, Claim.PRESENT, value, path=path, details=WEIGHTS) for path in paths]
    items += [make.evidence(Component.PARAMETERS, Claim.PRESENT, "safetensors", path=final, details=WEIGHTS)] if final else []
    return [said.message for said in no_final.compare(Gathered((), tuple(items))) if isinstance(said, Issue)]


def test_several_checkpoints_alone_are_an_issue() -> None:
    (message,) = told("step1/a.safetensors", "step2/a.safetensors", "step2/b.safetensors")
    assert message.startswith("2 checkpoints and no weights beside or above")


def test_one_checkpoint_final_weights_and_optimizer_state_are_none() -> None:
    assert told("step1/a.safetensors") == []
    assert told("step1/a.safetensors", "step2/a.safetensors", final="model.safetensors") == []
    assert told("step1/a.pt", "step2/a.pt", value="optimizer-state") == []
