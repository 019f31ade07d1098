"""Libraries that only fleets need, loaded when they are; without them one line says how to get them."""

from importlib import import_module
from types import ModuleType

from inspector.errors import UsageError


def load_extra(name: str, what: str) -> ModuleType:
    """Import a library of the extra `fleet`; `what` is the part of the program that needs it.

    Raises UsageError when it is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise UsageError(f"{what} needs {name}, which is not installed: pip install 'preferred-form[fleet]'") from error
