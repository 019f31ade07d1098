"""Facts of Python modules."""

import warnings

import pytest

from inspector.errors import Malformed, TooLarge
from inspector.source import read_module, source_lines


def facts(text: str, kind: str) -> dict[str, int]:
    return {fact.name: fact.line for fact in read_module(text).facts if fact.kind == kind}


def test_calls_are_resolved_through_aliases_of_imports() -> None:
    text = "import deepspeed as ds\nfrom megatron.training import pretrain as go\nds.initialize()\ngo()\n"
    assert facts(text, "call") == {"deepspeed.initialize": 3, "megatron.training.pretrain": 4}


def test_a_method_is_followed_to_the_class_whose_object_was_assigned() -> None:
    text = "from transformers import Trainer\ntrainer = Trainer(model)\ntrainer.train()\n"
    assert facts(text, "call")["transformers.Trainer.train"] == 3


def test_objects_of_with_statements_attributes_and_tuples_are_followed() -> None:
    text = (
        "import deepspeed\nfrom olmo.train import Trainer\nclass A:\n  def f(self):\n    self.engine, rest = deepspeed.initialize()\n"
        "    self.engine.backward(1)\nwith Trainer() as t:\n  t.fit()\n"
    )
    assert {"deepspeed.initialize.backward", "olmo.train.Trainer.fit"} <= facts(text, "call").keys()


def test_an_assignment_of_a_name_to_itself_ends() -> None:
    assert "ds.map" in facts("ds = ds.map()\nds = ds.map()\nds.map()\n", "call")


def test_a_function_of_an_imported_module_is_no_method() -> None:
    assert "step" not in facts("import lib\nlib.step()\n", "method")
    assert "step" in facts("import lib\nlib.Adam().step()\n", "method")


def test_bases_keep_the_class_they_belong_to_and_relative_imports_are_marked() -> None:
    module = read_module("from ..core.taggers import BaseTagger\nclass Mine(BaseTagger):\n  pass\n")
    assert [(fact.name, fact.owner) for fact in module.facts if fact.kind == "base"] == [("~.core.taggers.BaseTagger", "Mine")]


def test_a_function_that_is_handed_on_is_a_reference() -> None:
    assert "jax.random.categorical" in facts("import jax\nf = jax.vmap(jax.random.categorical)\n", "ref")


def test_constants_of_the_module_have_their_lines() -> None:
    constants = read_module("'''doc'''\nLEARNING_RATE = 3e-4\nSTEPS = 10 * 3\nf = g()\n").constants
    assert [(item.name, item.value, item.line) for item in constants] == [("LEARNING_RATE", "0.0003", 2), ("STEPS", "...", 3)]


def test_a_module_of_imports_alone_is_known() -> None:
    assert read_module("'''doc'''\nfrom hf_olmo import OLMoConfig\n__all__ = ['OLMoConfig']\n").only_imports
    assert not read_module("from hf_olmo import OLMoConfig\nclass A: pass\n").only_imports
    assert not read_module("").only_imports


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x = 1\nprint 'two'\n", "line 2"),
        ("def f(:\n", "line 1"),
        ("x = '\0'", "null|pars"),
        ("-" * 100_000 + "1", "pars"),
        ("a" + ".b" * 70_000, "pars"),
        ("(" * 3_000, "line 1"),
        ("a" + "[0]" * 40_000, "pars"),
    ],
)
def test_what_cannot_be_parsed_is_malformed_and_not_a_crash(text: str, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        read_module(text)


def test_a_source_that_would_cost_too_much_memory_is_refused_before_parsing() -> None:
    with pytest.raises(TooLarge, match="marks"):
        read_module("x = [" + "1," * 200_000 + "]")
    with pytest.raises(TooLarge, match="bytes"):
        read_module("x = '" + "a" * (4 * 2**20) + "'")


def test_warnings_of_the_compiler_do_not_leak() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read_module("x = '\\d'\nassert (1, 'always')\ny is 1\n")


def test_lines_are_counted_as_the_compiler_counts_them() -> None:
    text = "a = 1\x0c\nb()\rc()\r\nd()\n"
    assert source_lines(text)[:4] == ("a = 1\x0c", "b()", "c()", "d()")
    assert facts(text, "call") == {"b": 2, "c": 3, "d": 4}
