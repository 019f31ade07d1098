"""Settings of training, by their names."""

import pytest

from inspector.errors import Malformed, TooLarge
from inspector.model import Component
from inspector.sources.setting_files import read_settings
from inspector.sources.settings import Setting, judge_fragment, judge_settings, names_fine_tuning, names_settings

RUN = {"learning_rate": "3e-4", "weight-decay": "0.1", "warmup_steps": "2000", "seed": "1"}


def judged(settings: dict[str, str], path: str = "") -> tuple[Component, str] | None:
    found = judge_settings((Setting(key, value, 1) for key, value in settings.items()), path)
    return (found.component, found.value) if found else None


def test_four_families_make_settings_whatever_their_spelling() -> None:
    assert judged(RUN) == (Component.TRAINING, "settings")
    assert judged({key.upper().replace("_", "-"): value for key, value in RUN.items()}) == (Component.TRAINING, "settings")


def test_several_spellings_of_one_setting_count_once() -> None:
    assert judged({"lr": "1", "learning_rate": "1", "min_lr": "1", "max_lr": "1", "weight_decay": "1"}) is None


def test_a_seed_a_batch_and_a_length_configure_an_inference_too() -> None:
    assert judged({"seed": "1", "batch_size": "8", "max_seq_len": "10", "fp16": "true", "data_path": "x"}) is None


def test_values_that_state_nothing_do_not_count() -> None:
    assert judged(dict.fromkeys(RUN, "auto")) is None


def test_dividing_memory_is_no_setting_of_a_run() -> None:
    assert judged({"optimizer": "...", "scheduler": "...", "zero_optimization": "...", "fp16": "..."}) is None


@pytest.mark.parametrize("mark", [{"lora_r": "8"}, {"finetune": "true"}, {"train_impl": "dpo"}, {"model_name_or_path": "m"}])
def test_marks_of_fine_tuning_are_seen(mark: dict[str, str]) -> None:
    assert judged({**RUN, **mark}) == (Component.TRAINING, "fine-tuning-settings")


def test_a_mark_that_is_denied_is_none() -> None:
    assert judged({**RUN, "finetune": "false", "use_lora": "false"}) == (Component.TRAINING, "settings")


def test_a_word_of_the_path_can_say_that_it_is_fine_tuning() -> None:
    assert judged(RUN, "config/train.py") == (Component.TRAINING, "settings")
    assert judged(RUN, "config/finetune_shakespeare.py") == (Component.TRAINING, "fine-tuning-settings")
    assert judged(RUN, "recipes/sft/config.yaml") == (Component.TRAINING, "fine-tuning-settings")


def test_a_sweep_is_a_search() -> None:
    assert judged({"method": "bayes", "parameters": "...", "learning_rate": "..."}) == (Component.SUPPORTING, "hyperparameter-search")


def test_one_setting_of_training_is_a_fragment() -> None:
    assert judge_fragment([Setting("utils.run.learning_rate_schedule", "@rsqrt", 3)]) is not None
    assert judge_fragment([Setting("utils.run.seed", "1", 3)]) is None


def test_the_cheap_question_agrees() -> None:
    assert names_settings(RUN)
    assert not names_settings({"learning_rate", "a", "b"})


def keys(text: str, suffix: str) -> dict[str, tuple[str, int]]:
    return {item.key: (item.value, item.line) for item in read_settings(text, suffix)}


def test_yaml_keys_have_values_and_lines_in_both_styles() -> None:
    text = "a: 1\nb:\n  c: [1, {f: 2}]\n  d: {e: x}\n"
    assert keys(text, ".yaml") == {"a": ("1", 1), "b": ("...", 2), "c": ("...", 3), "f": ("2", 3), "d": ("...", 4), "e": ("x", 4)}


def test_json_toml_and_gin_keys_have_values_and_lines() -> None:
    assert keys('{"a": 1,\n "b": {"c": "x"}}', ".json") == {"a": ("1", 1), "b": ("...", 2), "c": ("x", 2)}
    assert keys('a = 1\n[t]\nb = "x"\n', ".toml") == {"a": ("1", 1), "b": ("x", 3)}
    assert keys("run.train_steps = 10\nrun.f = @g\n", ".gin") == {"run.train_steps": ("10", 1), "run.f": ("@g", 2)}


def test_tags_and_aliases_of_yaml_neither_run_nor_grow() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"k{n}: &k{n} [*{'a' if n == 0 else f'k{n - 1}'}{', *a' * 9}]\n" for n in range(200))
    assert len(keys(bomb, ".yaml")) == 201
    assert keys("a: !!python/object/apply:os.system [ls]\n", ".yaml") == {"a": ("...", 1)}


@pytest.mark.parametrize(
    ("text", "suffix"),
    [("a: [1\nb: 2", ".yaml"), ("a: \x01", ".yaml"), ("[" * 5_000, ".yaml"), ("{", ".json"), ("[" * 200_000, ".json")],
)
def test_what_breaks_its_format_is_malformed(text: str, suffix: str) -> None:
    with pytest.raises(Malformed):
        keys(text, suffix)


def test_yaml_with_too_many_events_is_refused() -> None:
    with pytest.raises(TooLarge):
        keys("- a\n" * 300_000, ".yaml")


def test_shapes_objectives_and_lengths_are_fragments_but_not_of_a_decoding() -> None:
    shape = [Setting("d_model", "768", 1), Setting("num_layers", "12", 2)]
    found = judge_fragment(shape)
    assert found is not None
    assert [(size.name, size.number) for size in found.sizes] == [("hidden_size", 768), ("layers", 12)]
    assert judge_fragment(shape[:1]) is None
    assert judge_fragment([Setting("utils.run.sequence_length", "{...}", 1)]) is not None
    assert judge_fragment(shape, "gin/beam_search.gin") is None


def test_a_run_of_no_steps_at_no_rate_is_none() -> None:
    assert judged({"lr": "0", "total_steps": "0", "weight_decay": "0.1", "warmup_steps": "1", "seed": "1"}) is None


def test_few_settings_can_show_a_fine_tuning() -> None:
    assert names_fine_tuning([Setting("finetune-from-model", "x.pt", 1)])
    assert not names_fine_tuning([Setting("lr", "1", 1), Setting("finetune", "false", 2)])
