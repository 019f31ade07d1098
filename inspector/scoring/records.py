"""The files that `inspector judge` is given: each one read, or the reason why it is none."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from inspector.errors import Malformed, UsageError
from inspector.licensing.licenses import load_licenses
from inspector.model import printable
from inspector.scoring.mot_class import Assessment, assess
from inspector.scoring.mot_record import read_record
from inspector.serialization.yaml_tree import LARGEST

SUFFIXES = frozenset({".yml", ".yaml"})


def judge_records(paths: Iterable[Path]) -> tuple[tuple[Assessment, ...], tuple[str, ...]]:
    """Judge records by file or directory (its `*.yml` and `*.yaml`, not what lies deeper); what is no record is one line with file and place.

    Raises UsageError when there is nothing at one of the paths, or no record in a directory.
    """
    good: list[Assessment] = []
    bad: list[str] = []
    for path in dict.fromkeys(file for given in paths for file in _files(given)):
        name = printable(str(path))
        try:
            with path.open("rb") as file:
                record = read_record(file.read(LARGEST + 1))
        except Malformed as error:
            bad.append(f"{name}: {printable(str(error))}")
        except OSError as error:
            bad.append(f"{name}: it cannot be read: {error.strerror}")
        else:
            good.append(assess(record, name, load_licenses()))
    return tuple(good), tuple(bad)


def _files(path: Path) -> Iterator[Path]:
    try:
        if not path.is_dir():
            if not path.exists():
                raise UsageError(f"{path}: there is no such file or directory")
            yield path
            return
        found = sorted(item for item in path.iterdir() if item.suffix in SUFFIXES and item.is_file())
    except OSError as error:
        raise UsageError(f"{path}: it cannot be read: {error.strerror}") from error
    if not found:
        raise UsageError(f"{path}: there is no record in it (*.yml)")
    yield from found
