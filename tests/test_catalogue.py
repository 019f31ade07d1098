"""Standards as data: what is wrong in one is said with its place."""

from pathlib import Path

import pytest

from inspector.errors import DataError, UsageError
from inspector.model import Certainty, Claim, Component
from inspector.scoring.catalogue import load_standard, parse_selector, parse_standard, read_demand

GOOD = """
id = "own"
version = "1"
title = "Own"
source = "us"
disclaimer = "none"
[[element]]
id = "all"
title = "All"
supply = "Bring it."
[[requirement]]
id = "own.weights"
element = "all"
title = "Weights"
ask = "Have weights."
why = "Because."
source = "us"
settle = "Bring more."
met = [["parameters-final.present=safetensors@read"]]
# terms
"""


def test_a_standard_is_read() -> None:
    standard = parse_standard(GOOD.encode(), "own.toml")
    (selector,) = standard.requirements[0].met[0]
    assert (selector.component, selector.claim) == (Component.PARAMETERS, Claim.PRESENT)
    assert (selector.values, selector.certainties) == (("safetensors",), (Certainty.READ,))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('title = "Weights"', 'titel = "Weights"'), "titel"),
        (("parameters-final.present", "parameters.present"), "own.weights: met: 'parameters.present"),
        (("parameters-final.present", "parameters-final.here"), "'here' is not a valid Claim"),
        (("@read", "@guessed"), "'guessed' is not a valid Certainty"),
        (("@read", " @ read"), "'read' is not|no selector|not a valid"),
        (('element = "all"', 'element = "some"'), "there is no element 'some'; there are all"),
        (("met = ", "partial = "), "it needs `met` or `terms`|partial"),
        (('settle = "Bring more."', 'settle = "Bring more."\noptional = true'), "no requirement that is not optional"),
        (('id = "own"', "id = own"), "own.toml"),
        (('met = [["para', 'instead = "own.paper"\nmet = [["para'), "own.weights: instead: there is no other requirement 'own.paper'"),
        (('source = "us"', 'source = "us"\nladder = {none = ""}'), r"ladder\.none"),
        (("# terms", '[requirement.terms]\nof = ["architecture.present"]'), "own.weights: terms: give either `fitness`, or `accept`"),
        (("# terms", '[requirement.terms]\nof = ["architecture.present"]\nfitness = "code"'), "there is no fitness 'code'; there are none"),
        (("# terms", '[requirement.terms]\nof = ["architecture.referenced"]\naccept = ["free"]'), r"terms\.of: 'architecture.referenced'"),
        (
            ("# terms", '[requirement.terms]\nof = ["architecture.present"]\nlicenses = ["apache 2"]'),
            "no id of a licence; do you mean 'Apache-2.0'",
        ),
        (
            ("# terms", '[requirement.terms]\nof = ["architecture.present"]\nlicenses = ["@some"]'),
            "there is no list '@some'; there are none",
        ),
        (("# terms", '[[fitness]]\nid = "code"'), "fitness code: it needs `accept` or `licenses`, or nothing fits"),
        (("# terms", '[[fitness]]\nid = "code"\naccept = ["free"]\nwider = ["MIT"]'), "`wider` and `wider_test`"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(change: tuple[str, str], message: str) -> None:
    assert change[0] in GOOD
    with pytest.raises(DataError, match=message):
        parse_standard(GOOD.replace(*change, 1).encode(), "own.toml")


def test_ids_stand_there_once() -> None:
    twice = GOOD + GOOD[GOOD.index("[[requirement]]") :]
    with pytest.raises(DataError, match=r"own\.toml: requirement own\.weights stands there twice"):
        parse_standard(twice.encode(), "own.toml")


def test_a_standard_of_ones_own_is_loaded_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(GOOD)
    assert load_standard(str(path)).title == "Own"


def test_a_standard_that_is_not_there_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="there is no such standard; there are mof, osaid"):
        load_standard("openness")


def test_no_selector_is_guessed() -> None:
    for text in ("training-code", "training-code present", "Training-Code.present", ""):
        with pytest.raises(DataError, match="is no selector"):
            parse_selector(text, "here")


def test_the_definition_asks_for_three_elements_and_only_checkpoints_are_optional() -> None:
    standard = load_standard("osaid")
    assert [element.id for element in standard.elements] == ["data", "code", "parameters"]
    assert [rule.id for rule in standard.requirements if rule.optional] == ["osaid.parameters.intermediate"]
    assert all(rule.id.startswith(f"osaid.{rule.element}.") for rule in standard.requirements)


def test_the_framework_has_seventeen_components_in_three_classes_each_with_what_it_asks() -> None:
    standard = load_standard("mof")
    required = [[rule.id for rule in standard.requirements if rule.element == part.id and not rule.optional] for part in standard.elements]
    assert ([part.id for part in standard.elements], [len(ids) for ids in required]) == (["iii", "ii", "i"], [6, 4, 4])
    assert [rule.id for rule in standard.requirements if rule.optional] == [
        "mof.sample-outputs",
        "mof.supporting-code",
        "mof.model-metadata",
    ]
    assert len(standard.requirements) == 17
    assert {rule.id: rule.instead for rule in standard.requirements if rule.instead} == {
        "mof.technical-report": "mof.research-paper",
        "mof.research-paper": "mof.technical-report",
    }
    assert {rule.terms.fitness.id for rule in standard.requirements if rule.terms} == {"code", "data", "document"}


def test_a_required_class_is_one_that_the_standard_has() -> None:
    assert read_demand("mof") == ("mof", None)
    assert read_demand("mof:II") == ("mof", "ii")
    with pytest.raises(UsageError, match="mof has no class 'IV'; it has iii, ii, i"):
        read_demand("mof:IV")
    with pytest.raises(UsageError, match="osaid has no class 'i'; it has none"):
        read_demand("osaid:i")


def test_the_intake_policy_of_the_documentation_is_a_standard() -> None:
    path = Path(__file__).parent.parent / "docs" / "examples" / "intake-policy.toml"
    policy = load_standard(str(path))
    assert [part.id for part in policy.elements] == ["use", "change"]
    fitness = {rule.terms.fitness.id: rule.terms.fitness for rule in policy.requirements if rule.terms}
    assert "AGPL-3.0-only" in fitness["code"].refuse
    assert fitness["weights"].licenses == ("LicenseRef-scancode-llama-3.1-license-2024",)
    assert read_demand(f"{path}:use") == (str(path), "use")
