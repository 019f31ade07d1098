"""Facts of Python modules."""

import ast
import gc
import sys
import warnings
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from inspector.errors import Malformed, TooLarge
from inspector.sources.newer_syntax import write_older
from inspector.sources.source import parse_source, read_module, source_lines


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


def test_syntax_that_is_newer_than_the_reader_is_read_and_lines_stay() -> None:
    text = (
        "import lib\ntype Pair[T] = tuple[T, T]\ntype A = int\nclass Box[T: (int, str), *Ts](lib.Base):\n"
        "    async def get[\n        S: dict[str, int] = dict\n    ](self) -> S:\n        lib.call()\ndef last[T](x: T) -> T: ...\nlib.end()\n"
    )
    assert facts(text, "call") == {"lib.call": 8, "lib.end": 10}
    with pytest.raises(Malformed, match="line 2"):
        read_module("type A[T] = int\nprint 1\n")


def test_older_syntax_that_looks_newer_stays() -> None:
    for text in ("type = 1\n", "type (x) == 2\n", "x[type] = 1\n", "class A(B[int]):\n    pass\n"):
        assert write_older(text) == text


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


def test_functions_tell_their_parameters_and_which_of_them_give_a_value_back() -> None:
    text = "class A:\n  def clean(self, text, *, lower=True):\n    return text.strip()\n  def note(self, document):\n    self.n += 1\n"
    assert facts(text, "arg") == {"text": 2, "lower": 2, "document": 4}
    assert facts(text, "maps") == {"text": 2, "lower": 2}
    assert facts(text, "tally") == {"n": 5}
    assert facts("def f(text):\n  return None\n", "maps") == {}


def test_what_a_loop_calls_is_told_also_in_comprehensions_but_not_in_functions_defined_there() -> None:
    text = "for x in y:\n  train_step(x)\n  def later():\n    other()\nz = [predict(a) for a in b]\nonce()\n"
    assert facts(text, "loop") == {"train_step": 2, "predict": 5}


def test_keys_fields_comparisons_and_words_are_facts() -> None:
    text = "class GPTConfig:\n  n_layer: int = 12\ndef splitText(a):\n  if a['text'] == {'id': 1}.get('body'):\n    return pred == label\n"
    assert set(facts(text, "key")) == {"text", "id", "body"}
    assert facts(text, "field") == {"n_layer": 2}
    assert facts(text, "same") == {"pred": 5, "label": 5, "a": 4, "get": 4}
    assert set(facts(text, "own")) == {"gpt", "config", "split", "text"}
    assert set(facts("from a.b import RedactPII as r\n", "given")) == {"redact", "pii"}


def test_an_imported_function_that_is_handed_on_by_its_name_is_a_reference() -> None:
    assert "cli.train.main" in facts("from cli.train import main as go\nspawn(go, 1)\n", "ref")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if __name__ == '__main__':\n  pass\n", True),
        ("main()\n", True),
        ("'''doc'''\nx = f()\n", False),
        ("if '__name__' in x:\n  y = 1\n", False),
    ],
)
def test_a_program_does_something_when_it_is_run(text: str, expected: bool) -> None:
    assert read_module(text).is_program is expected


def test_fields_of_a_configuration_are_literals_with_their_lines() -> None:
    text = "def get_config():\n  config = D()\n  config.lr = 1e-3\n  config.schedule = dict(warmup_steps=10)\n  other.lr = 1\n"
    assert [(item.name, item.value, item.line) for item in read_module(text).configured] == [
        ("lr", "0.001", 3),
        ("schedule", "...", 4),
        ("warmup_steps", "10", 4),
    ]


def test_nested_functions_loops_and_tests_end_in_facts_or_in_a_problem() -> None:
    deep = "".join(f"{' ' * depth}for x{depth} in y:\n" for depth in range(90)) + " " * 90 + "f()\n"
    for text in (deep, "if " + "(" * 80 + "__name__" + ")" * 80 + ":\n  pass\n", "x = " + "f(" * 80 + ")" * 80):
        try:
            read_module(text)
        except Malformed as error:
            assert str(error)


def test_threads_that_parse_at_the_same_time_all_get_the_tree() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    expected, before, called = ast.dump(parse_source(text)), gc.get_threshold(), list[str]()

    def collect(phase: str, _: Mapping[str, int]) -> None:
        # Python that runs while the tree is made, as the collector of others does, lets other threads in.
        called.extend(phase for _ in range(20))

    gc.callbacks.append(collect)
    gc.set_threshold(50)
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(6) as pool:
            assert {ast.dump(tree) for tree in pool.map(parse_source, [text] * 200)} == {expected}
    finally:
        sys.setswitchinterval(0.005)
        gc.set_threshold(*before)
        gc.callbacks.remove(collect)
    assert called
