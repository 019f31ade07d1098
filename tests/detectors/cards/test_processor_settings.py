"""Settings of processors, schedulers and runtimes."""

import pytest

from detectors.cards.processor_settings import processor_settings
from inspector.detector import Format, Found
from sample_bundles.formats.processor_settings import FILES
from tests import make


@pytest.mark.parametrize("path", FILES)
def test_each_is_known_by_its_name_and_its_keys(path: str) -> None:
    form, found = make.look(processor_settings, path, FILES[path])
    assert isinstance(form, Format)
    assert isinstance(found, Found)
    assert found.value == form.name
    assert make.look(processor_settings, path, "{}") == []


def test_the_class_is_shown() -> None:
    found = make.look(processor_settings, "scheduler_config.json", FILES["scheduler/scheduler_config.json"])[1]
    assert isinstance(found, Found)
    assert (found.pointer, found.excerpt) == ("/_class_name", "_class_name: DDIMScheduler")


def test_other_content_under_the_name_is_something_else() -> None:
    assert make.look(processor_settings, "genai_config.json", "[1]") == []
