"""Facts of source in other languages."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.errors import Exhausted, Malformed, TooLarge
from inspector.sources import grammars, syntax_tree
from inspector.sources.grammars import load_syntax
from inspector.sources.import_forms import find_imports, read_import
from inspector.sources.signals import OTHER_LANGUAGES, load_signals
from inspector.sources.syntax import parse_message, read_syntax

LANGUAGES = [row.language for row in load_syntax().grammar]
EACH = pytest.mark.parametrize("language", LANGUAGES)

RUST = """use candle_nn::{loss, AdamW as Adam, Optimizer};
#[derive(Module, Debug)]
pub struct Net { inner: Linear }
impl Forward for Net { fn forward(&self) { self.inner.forward() } }
fn train() {
    let mut opt = Adam::new(vars)?;
    opt
        .backward_step(&loss)?;
    if false { never() }
    return done();
    later();
}
#[cfg(test)]
mod tests { #[test] fn t() { only_in_tests() } }
"""


def facts(text: str, language: str, kind: str) -> dict[str, int]:
    return {fact.name: fact.line for fact in read_syntax(text, language).facts if fact.kind == kind}


def test_a_method_is_followed_to_what_was_assigned_and_stands_at_its_own_line() -> None:
    calls = facts(RUST, "rust", "call")
    assert calls["candle_nn.AdamW.new.backward_step"] == 8
    assert calls["candle_nn.AdamW.new"] == 6


def test_derived_and_implemented_bases_keep_their_owner() -> None:
    bases = {(fact.name, fact.owner) for fact in read_syntax(RUST, "rust").facts if fact.kind == "base"}
    assert {("Module", "Net"), ("Forward", "Net")} <= bases


def test_what_never_runs_gives_no_facts() -> None:
    calls = facts(RUST, "rust", "call")
    assert "done" in calls
    assert not {"never", "later", "only_in_tests"} & calls.keys()
    assert facts("void f() { return; x(); }\n#if 0\nvoid g() { y(); }\n#else\nvoid h() { z(); }\n#endif\n", "c", "call") == {"z": 5}
    assert facts("int f(int a) { if (a) goto end; return 0; end: clean(); }", "c", "call") == {"clean": 1}
    assert facts("function f() { return g(); function g() { return h(); } }", "javascript", "call").keys() == {"g", "h"}
    assert facts("function f() { if (false) { x(); } else { y(); } }", "typescript", "call") == {"y": 1}


def test_a_declaration_is_no_definition() -> None:
    assert facts("int gpt2_update(int);\nint main(void) { return 0; }\n", "c", "def") == {"main": 2}
    assert facts("trait T { fn step(&self); fn go(&self) { } }", "rust", "def") == {"go": 1}
    assert facts("declare function fit(): void;\nfunction go() { }\n", "typescript", "def") == {"go": 2}
    assert facts("protocol P { func fit() }\nfunc go() { }\n", "swift", "def") == {"go": 2}


@pytest.mark.parametrize(
    ("language", "text", "kind", "name"),
    [
        ("c", "typedef struct { int a; } GPT2;", "class", "GPT2"),
        ("c", "char *run(int a) { return 0; }", "def", "run"),
        ("cpp", "class Net : public torch::nn::Module { };", "base", "torch.nn.Module"),
        ("cpp", "void A::infer() { session_->Run(x); }", "call", "session_.Run"),
        ("cpp", "void f() { Ort::Session s(env); s.Run(); }", "call", "Ort.Session.Run"),
        ("cpp", "void f() { auto m = std::make_unique<A>(1); m->go(); }", "call", "std.make_unique.go"),
        ("cuda", "void f() { k<<<1, 2>>>(a); }", "call", "k"),
        ("go", 'import g "gorgonia.org/gorgonia"\nfunc f() { g.Grad(x) }', "call", "gorgonia_org.gorgonia.Grad"),
        ("go", "type M struct {\n\tnn.Module\n\tW int\n}", "base", "nn.Module"),
        ("go", "func f() { s := sgd.New[T](x); s.Step() }", "call", "sgd.New.Step"),
        ("julia", "using Flux: train!, Chain as C\ntrain!(l)\n", "call", "Flux.train!"),
        ("julia", "Flux.@layer GPT\n", "call", "Flux.@layer"),
        ("julia", "function (m::GPT)(x)\n  1\nend\n", "def", "()"),
        ("julia", "f(x) = 3x\n", "def", "f"),
        ("julia", "struct A <: B\n x\nend\n", "base", "B"),
        ("julia", "ResNet(18; pretrain = true)\n", "kw", "pretrain"),
        (
            "javascript",
            "const tf = require('@tensorflow/tfjs-node');\ntf.layers.dense({units: 1}).apply(x);",
            "call",
            "@tensorflow.tfjs-node.layers.dense.apply",
        ),
        ("javascript", "import {fit as go} from './model';\ngo();", "call", "~.model.fit"),
        ("javascript", "class A extends tf.layers.Layer { call(x) { return x; } }", "base", "tf.layers.Layer"),
        ("typescript", "async function f() { const m: any = await tf.load(u); m!.predict(x); }", "call", "tf.load.predict"),
        ("tsx", "const A = () => <View onPress={() => model.classify(x)} />;", "call", "model.classify"),
        ("swift", "class Net: Module, Layer { }", "base", "Module"),
        ("swift", "let r = try await model.prediction(from: x)", "method", "prediction"),
        ("swift", "func f() { optimizer.update(model: m, gradients: g) }", "kw", "gradients"),
    ],
)
def test_languages_say_the_same_in_their_own_way(language: str, text: str, kind: str, name: str) -> None:
    assert name in facts(text, language, kind)


def test_a_head_that_only_looks_like_a_call_is_a_definition() -> None:
    found = "function train(x)\n  step(x)\nend\nshort(x) = other(x)\n"
    assert facts(found, "julia", "call").keys() == {"step", "other"}
    assert facts(found, "julia", "def").keys() == {"train", "short"}


def test_sound_parts_of_a_broken_file_are_kept() -> None:
    text = "int main(void) { llama_decode(a, b); }\nint broken( { ;;; \nvoid f(void) { g(); }\n"
    syntax = read_syntax(text, "c")
    assert not syntax.broken
    assert "llama_decode" in {fact.name for fact in syntax.facts}


def test_prose_under_the_name_of_a_language_is_broken() -> None:
    assert read_syntax("Train the model with care: it learns, from what it sees; then it forgets...\n" * 30, "rust").broken


def test_without_a_parser_imports_are_still_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.sources.syntax.load_grammar", lambda _row: None)
    syntax = parse_message(b"rust\nfn main() {}\nuse candle_nn::{AdamW, ops::x};\n")
    assert {(fact.kind, fact.name, fact.line) for fact in syntax.facts} == {
        ("import", "candle_nn.AdamW", 2),
        ("import", "candle_nn.ops.x", 2),
    }


def test_no_parser_is_imported_before_a_file_of_its_language_is_met() -> None:
    code = "import sys; import detectors.code.source_text; sys.exit(any(name.startswith('tree_sitter') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_parser_that_is_not_installed_is_none() -> None:
    row = grammars.GrammarRow("x", "tree_sitter_of_nobody", "tree", ("rust",))
    assert grammars.load_grammar(row) is None
    assert read_syntax("x", "cobol").facts == ()


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("path", "#include <torch/torch.h>\n", "torch.torch"),
        ("module", "x();\nimport * as tf from '@tensorflow/tfjs';\n", "@tensorflow.tfjs"),
        ("package", 'import (\n\tag "github.com/a/ag"\n)\n', "github_com.a.ag"),
        ("names", "@testable import MLX\n", "MLX"),
    ],
)
def test_imports_are_found_by_expression(form: str, text: str, expected: str) -> None:
    assert expected in {".".join(item.parts) for item, _ in find_imports(form, text)}


def test_trees_of_imports_are_read_with_what_stands_before_each_brace() -> None:
    found = {(".".join(item.parts), item.alias) for item in read_import("tree", "a::{b, self, c as d, e::{f, g}, h::*}")}
    assert found == {("a.b", "b"), ("a", "a"), ("a.c", "d"), ("a.e.f", "f"), ("a.e.g", "g"), ("a.h", "")}


@EACH
@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "(a" * 100_000,
        "{\n" * 100_000,
        "f(a, " * 100_000 + "0" + ")" * 100_000,
        "#" * 100_000 + '"',
        "f<a<b>," * 14_000,
        "begin\n" * 100_000,
    ],
    ids=["parentheses", "nested", "braces", "balanced", "hashes", "angles", "words"],
)
def test_nesting_ends_before_a_limit_on_time_cuts_it(language: str, text: str) -> None:
    try:
        read_syntax(text, language)
    except TooLarge as error:
        assert str(error)


def test_source_that_takes_too_many_steps_is_a_problem_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syntax_tree, "MOST_STEPS", 5)
    with pytest.raises(TooLarge, match="not parsed within 5 steps of the parser"):
        parse_message(f"rust\n{RUST * 20}".encode())


def test_what_the_time_of_the_processor_cuts_may_be_read_another_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syntax_tree, "MOST_SECONDS", -1.0)
    with pytest.raises(Exhausted, match="not parsed within -1 seconds of processor time"):
        parse_message(f"rust\n{RUST * 20}".encode())


@EACH
def test_very_long_source_is_a_problem(language: str) -> None:
    with pytest.raises(TooLarge, match="bytes of source"):
        read_syntax("int x;\n" * 1_000_000, language)
    with pytest.raises(TooLarge, match="marks"):
        read_syntax("a=1;" * 40_000, language)
    with pytest.raises(TooLarge, match="deep"):
        read_syntax("f(a, " * 10_000, language)


@EACH
@settings(deadline=None, max_examples=40)
@given(
    data=st.one_of(
        st.text(max_size=400),
        st.lists(st.sampled_from(["(", ")", "{", "}", '"', "fn ", "a", "<", ">", "\n", "'", "`${", "#"]), max_size=80).map("".join),
    )
)
def test_any_text_gives_facts_whose_lines_lie_in_it(language: str, data: str) -> None:
    try:
        syntax = read_syntax(data, language)
    except Malformed as error:
        assert str(error)
        return
    assert all(1 <= fact.line <= data.count("\n") + 1 for fact in syntax.facts)
    assert read_syntax(data, language) == syntax


@EACH
@given(cut=st.integers(0, len(RUST)))
@settings(deadline=None, max_examples=30)
def test_cut_source_gives_facts_or_a_problem(language: str, cut: int) -> None:
    syntax = read_syntax(RUST[:cut], language)
    assert all(fact.line <= RUST.count("\n") + 1 for fact in syntax.facts)


def test_every_language_has_rules_and_every_rule_a_language_and_a_reason() -> None:
    rules = load_signals(OTHER_LANGUAGES).rule
    named = {language for rule in rules for language in rule.languages}
    assert named <= set(LANGUAGES)
    assert named == set(LANGUAGES) - {"tsx"}
    assert all(rule.why.endswith(".") for rule in rules)
