"""Every way the program can fail, drawn as one tree, and the exit codes.

InspectorError
├── UsageError          what was asked for cannot be done (exit 2)
├── NothingToInspect    no readable file in the roots that were given (exit 4)
├── DataError           a file of our own (standard, table, registry) is wrong (exit 70)
└── Malformed           a file of the bundle breaks its format; becomes a Problem
    ├── TooLarge        it would cost more than the limits allow
    ├── Damaged         it is not what its own name or checksum says
    └── Exhausted       the process that read it ran out of time or memory, or died
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the command answers to the shell; documented in the README and held against it by a test."""

    DONE = 0
    REQUIREMENT_NOT_MET = 1
    USAGE = 2
    UNREADABLE = 3
    NOTHING = 4
    BUG = 70


class InspectorError(Exception):
    """The root of everything this program raises on purpose."""


class UsageError(InspectorError):
    """What the user asked for cannot be done; the message says what to do instead."""


class NothingToInspect(InspectorError):
    """The roots that were given hold no file that could be read."""


class DataError(InspectorError):
    """A table that ships with the program, or a standard given by the user, is wrong; the message names its place."""


class Malformed(InspectorError):
    """A file of the bundle breaks the rules of its format; evidence yielded before it is kept."""


class TooLarge(Malformed):
    """Reading on would cost more bytes, items or depth than the limits allow."""


class Damaged(Malformed):
    """What was read is not what its own name or checksum says it is."""


class Exhausted(Malformed):
    """The process that read the file ran out of its time or memory, or died: another machine may come further, so the answer is not kept."""
