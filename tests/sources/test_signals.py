"""The engine of the code signals and its table."""

import pytest

from inspector.errors import DataError
from inspector.model import Certainty, Component
from inspector.sources.signals import Atom, Rule, Signals, find_roles, has_role, load_signals, matches, path_facts, refine_value, word_facts
from inspector.sources.source import Fact, read_module


def table(*groups: tuple[str, ...], none: tuple[str, ...] = (), unless_owner: tuple[str, ...] = ()) -> Signals:
    made = Rule(component=Component.TRAINING, value="training", why="Because.", all=groups, none=none, unless_owner=unless_owner)
    return Signals(no_role_folders=(), no_role_files=(), sets={"mine": ("call:a.b", "@more"), "more": ("method:m",)}, rule=(made,))


@pytest.mark.parametrize(
    ("kind", "pattern", "name", "expected"),
    [
        ("call", "deepspeed.initialize", "deepspeed.initialize", True),
        ("call", "torch.no_grad", "my.torch.no_grad", True),
        ("call", "no_grad", "torch.no_gradient", False),
        ("call", "datasets.*.map", "datasets.load_dataset.map", True),
        ("call", "datasets.*.map", "datasets.map", True),
        ("call", "datasets.*.map", "my.datasets.x.map", False),
        ("call", "AutoModel*.from_pretrained", "transformers.AutoModelForCausalLM.from_pretrained", True),
        ("call", "AutoModel*.from_pretrained", "transformers.AutoTokenizer.from_pretrained", False),
        ("import", "lm_eval", "lm_eval.base.rf", True),
        ("import", "lm_eval", "lm_eval_local.base", False),
        ("import", "lm_eval", "~.lm_eval", False),
        ("base", "*PreTrainedModel", "transformers.PreTrainedModel", True),
        ("text", "jsonl", "out.jsonl.gz", True),
    ],
)
def test_an_atom_matches_names(kind: str, pattern: str, name: str, expected: bool) -> None:
    segments = (pattern,) if kind == "text" else tuple(pattern.split("."))
    assert matches(Atom(kind, segments, pattern), name) is expected


def test_every_group_needs_one_fact_and_none_may_be_denied() -> None:
    rules = table(("call:x", "call:a.b"), ("method:m",), none=("import:captum",))
    assert [hit.facts for hit in find_roles([Fact("call", "a.b", 3), Fact("method", "m", 4)], rules)] == [
        (Fact("call", "a.b", 3), Fact("method", "m", 4))
    ]
    assert not list(find_roles([Fact("call", "a.b", 3)], rules))
    assert not list(find_roles([Fact("call", "a.b", 3), Fact("method", "m", 4), Fact("import", "captum.attr", 1)], rules))


def test_sets_stand_for_their_atoms_also_within_sets() -> None:
    assert list(find_roles([Fact("method", "m", 1)], table(("@mine",))))


def test_bases_of_classes_with_excluded_names_do_not_count() -> None:
    rules = table(("base:torch.nn.Module",), unless_owner=("*Loss",))
    assert not list(find_roles([Fact("base", "torch.nn.Module", 1, "FocalLoss")], rules))
    assert list(find_roles([Fact("base", "torch.nn.Module", 1, "FocalLoss"), Fact("base", "torch.nn.Module", 9, "Block")], rules))


@pytest.mark.parametrize("group", [("cal:x",), ("call:",), ("@nobody",)])
def test_a_wrong_atom_is_an_error_that_names_it(group: tuple[str, ...]) -> None:
    with pytest.raises(DataError, match="code-signals"):
        list(find_roles([], table(group)))


def test_every_rule_of_the_table_says_why_in_one_sentence() -> None:
    for rule in load_signals().rule:
        assert rule.why.endswith(".")
        assert rule.why[0].isupper()
        assert ". " not in rule.why


def test_tests_and_packaging_have_no_role() -> None:
    for path in ("tests/train.py", "a/Test/x.py", "test_train.py", "train_test.py", "conftest.py", "pkg/setup.py"):
        assert not has_role(path)
    assert has_role("src/train.py")
    assert has_role("contest/train.py")


def test_the_path_of_a_file_gives_facts() -> None:
    assert [fact.name for fact in path_facts("Eval_Tasks/Run.v2.py")] == ["eval_tasks", "run_v2"]


def test_words_of_the_path_say_that_a_training_is_a_fine_tuning_or_a_tutorial() -> None:
    training = Component.TRAINING
    assert refine_value(training, "pre-training", "finetune/Megatron-LM/pretrain_gpt.py") == "fine-tuning"
    assert refine_value(training, "launch", "scripts/run-sft.sh") == "fine-tuning"
    assert refine_value(training, "training", "tutorials/Titanic.ipynb") == "tutorial"
    assert refine_value(training, "training", "explorations/train.py") == "training"
    assert refine_value(Component.EVALUATION, "launch", "finetune/eval.sh") == "launch"


def roles(text: str, path: str = "x.py") -> set[tuple[str, str]]:
    facts = (*read_module(text).facts, *path_facts(path))
    return {(hit.rule.component.value, hit.rule.value) for hit in find_roles(facts)}


LOOP = "loss = model(x)\nloss.backward()\noptimizer.step()\noptimizer.zero_grad()\n"


def test_a_loop_from_nothing_is_training_and_a_loop_from_a_loaded_model_is_fine_tuning() -> None:
    loaded = "from transformers import AutoModelForCausalLM\nmodel = AutoModelForCausalLM.from_pretrained('m')\n"
    assert roles("import torch\n" + LOOP) == {("training-code", "training")}
    assert roles("import torch\n" + loaded + LOOP) == {("training-code", "fine-tuning")}
    assert roles("import torch, peft\n" + LOOP) == {("training-code", "fine-tuning")}


def test_a_pretrained_tokenizer_alone_does_not_make_a_loop_fine_tuning() -> None:
    text = "import torch\nfrom transformers import AutoTokenizer\nAutoTokenizer.from_pretrained('t')\n" + LOOP
    assert roles(text) == {("training-code", "training")}


def test_a_gradient_without_an_optimizer_is_no_training() -> None:
    assert not roles("import torch\nout.backward()\ngrad = x.grad\nx.grad.zero_()\nmodel.zero_grad()\n")


def test_an_engine_that_is_only_made_for_conversion_is_no_training() -> None:
    assert not roles("import deepspeed\nengine, *_ = deepspeed.initialize(model=m)\nengine.save_checkpoint('x')\n")
    assert ("training-code", "training") in roles("import deepspeed\nengine, *_ = deepspeed.initialize(model=m)\nengine.backward(l)\n")


def test_a_module_that_defines_an_optimizer_has_no_role() -> None:
    assert not roles("import torch\nclass Lion(torch.optim.Optimizer):\n  def step(self):\n    p.grad.zero_()\n")


def test_a_loss_is_no_architecture_and_a_layer_is() -> None:
    module = "from torch import nn\nclass {}(nn.Module):\n  def forward(self, x):\n    return x\n"
    assert not roles(module.format("DiceLoss"))
    assert roles(module.format("Block")) == {("architecture", "modeling")}


def test_layers_of_mesh_tensorflow_are_an_architecture_and_their_gradients_are_none() -> None:
    layer = (
        "import mesh_tensorflow as mtf\nfrom mesh_tensorflow import layers\nclass Dense(object):\n  def call(self, context, x):\n    {}\n"
    )
    assert roles(layer.format("return layers.dense(x, mtf.Dimension('d_ff', 4))")) == {("architecture", "modeling")}
    assert ("architecture", "modeling") not in roles(layer.format("return mtf.gradients([mtf.einsum([x, x])], [x])"))


def test_data_that_is_prepared_for_an_evaluation_is_no_training_data() -> None:
    text = "from datasets import load_dataset\nds = load_dataset('x').map(f)\nds.to_json('o.jsonl')\n"
    assert roles(text) == {("preprocessing-code", "processing")}
    assert not roles(text, "lm_eval/tasks/make.py")


def test_reading_pages_from_disk_for_documentation_is_no_collection() -> None:
    assert not roles("from bs4 import BeautifulSoup\nsoup = BeautifulSoup(open('a.html'))\nopen('b.html', 'w').write(str(soup))\n")


def test_a_trainer_that_is_only_made_does_not_train() -> None:
    assert not roles("import torch\nfrom lightning.pytorch import Trainer\nt = Trainer()\nt.strategy\n")


def test_some_groups_may_be_missing_as_long_as_enough_are_there() -> None:
    made = Rule(component=Component.TRAINING, value="training", why="B.", some=(("call:a",), ("call:b",), ("call:c",)), least=2)
    rules = Signals(no_role_folders=(), no_role_files=(), sets={}, rule=(made,))
    assert [len(hit.facts) for hit in find_roles([Fact("call", "a", 1), Fact("call", "c", 2)], rules)] == [2]
    assert not list(find_roles([Fact("call", "a", 1)], rules))


def test_a_rule_that_could_never_hold_or_always_does_is_an_error() -> None:
    for made in (
        Rule(component=Component.TRAINING, value="t", why="B.", some=(("call:a",),), least=2),
        Rule(component=Component.TRAINING, value="t", why="B.", some=(("call:a",),)),
    ):
        with pytest.raises(DataError, match="group"):
            list(find_roles([], Signals(no_role_folders=(), no_role_files=(), sets={}, rule=(made,))))


def test_names_of_its_own_are_matched_and_calls_of_others_are_read() -> None:
    made = table(("def:x", "call:a.b"))
    assert [hit.certainty for hit in find_roles([Fact("def", "x", 1)], made)] == [Certainty.MATCHED]
    assert [hit.certainty for hit in find_roles([Fact("call", "a.b", 1)], made)] == [Certainty.READ]


def test_the_words_of_a_path_are_those_of_its_folders_and_of_its_own_name() -> None:
    words = [(fact.kind, fact.name) for fact in word_facts("dataPrep/lm_eval/cleanText.py")]
    assert words == [
        ("stem", "clean"),
        ("stem", "text"),
        ("word", "data"),
        ("word", "prep"),
        ("word", "lm"),
        ("word", "eval"),
        ("word", "clean"),
        ("word", "text"),
    ]


TRAINING, DATA = ("training-code", "training"), ("preprocessing-code", "processing")
EVALUATION, INFERENCE = ("evaluation-code", "evaluation"), ("inference-code", "inference")
COLLECTION, CONVERSION = ("preprocessing-code", "collection"), ("supporting-code", "conversion")


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("train.py", "import torch\nfor epoch in range(9):\n  train_one_epoch(model)\n", {TRAINING}),
        ("x.py", "import torch\nfor epoch in range(9):\n  train_one_epoch(model)\n", set()),
        ("a/train_loop.py", "import torch\nscaler.backward(loss)\nscaler.optimize(opt)\n", {TRAINING}),
        ("pii/find.py", "import re\ndef redact(text):\n  return re.sub(P, '', text)\n", {DATA}),
        ("a/find.py", "def lower(text):\n  return text.lower()\n", set()),
        ("scripts/dedup_docs.py", "import sys\nfor line in sys.stdin:\n  if line.strip() not in seen:\n    print(line)\n", {DATA}),
        ("scripts/stats_docs.py", "import sys\nfor line in sys.stdin:\n  if line.strip() not in seen:\n    print(line)\n", set()),
        ("tasks/arc.py", "class Arc(Task):\n  def doc_to_text(self, doc):\n    return doc['q']\n", {EVALUATION}),
        ("m.py", "def exact_match(prediction, reference):\n  return prediction == reference\n", {EVALUATION}),
        ("m.py", "def exact_path(path, root):\n  return path == root\n", set()),
        (
            "e.py",
            "import torch\nwith torch.no_grad():\n  for x, y in d:\n    p = m(x).argmax()\n    correct += (p == y).sum()\n",
            {EVALUATION},
        ),
        ("transcribe.py", "m = load_model('x')\ndef transcribe(audio):\n  for a in audio:\n    m.decode(a)\n", {INFERENCE}),
        ("download_corpus.py", "import requests\nopen('a.jsonl', 'w').write(requests.get(u).text)\n", {COLLECTION}),
        ("download_model.py", "import requests\nopen('a.bin', 'w').write(requests.get(u).text)\n", set()),
        ("ckpt_to_hf.py", "import torch\ns = torch.load('x')\nfor k, v in s.items():\n  o[k] = v\ntorch.save(o, 'y')\n", {CONVERSION}),
    ],
)
def test_files_are_known_by_what_they_do_and_by_what_they_call_themselves(path: str, text: str, expected: set[tuple[str, str]]) -> None:
    facts = (*read_module(text).facts, *path_facts(path), *word_facts(path))
    assert {(hit.rule.component.value, hit.rule.value) for hit in find_roles(facts)} == expected
