"""Kinds of records that tell what files should be: each module has one, and is found by being there."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from inspector.verification.integrity import Ledger


@cache
def load_ledgers() -> tuple[Ledger, ...]:
    """List the kinds, sorted by id."""
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    return tuple(
        sorted((item for module in modules for item in vars(module).values() if isinstance(item, Ledger)), key=lambda item: item.id)
    )
