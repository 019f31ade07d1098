"""Nouns of what the files of a bundle use of each other: scripts they run, settings they read, modules they import."""

from enum import StrEnum

from inspector.model import Frozen

SETTING_SUFFIXES = (".yaml", ".yml", ".json", ".gin", ".toml")
SCRIPT_SUFFIXES = (".py", ".sh", ".bash", ".slurm", ".sbatch")


class UseKind(StrEnum):
    """How a file uses another; `touches` is what it reaches for outside of the bundle."""

    RUNS = "runs"
    READS = "reads"
    IMPORTS = "imports"
    CALLS = "calls"
    TOUCHES = "touches"


class Use(Frozen, frozen=True):
    """A name of another file as it is written, and its line (0 where there are no lines). A module's name is dotted; `~` begins a relative one."""

    kind: UseKind
    target: str
    line: int


class FileUses(Frozen, frozen=True):
    """All that one file uses."""

    root: str
    path: str
    uses: tuple[Use, ...]
