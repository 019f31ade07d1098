"""Inspect downloaded model bundles offline: what is here, under which terms, and is it the preferred form for making modifications.

The public API: `inspect` reads directories into an inventory, `judge` holds it against standards, `render` writes the report.
"""

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from inspector.audit import inspect, judge
    from inspector.render import render

__all__ = ["__version__", "inspect", "judge", "render"]


def __getattr__(name: str) -> object:
    """Import the public functions when they are first asked for, so that importing one noun does not import the engine."""
    if name in {"inspect", "judge"}:
        from inspector import audit

        return getattr(audit, name)
    if name == "render":
        from inspector.render import render

        return render
    raise AttributeError(f"module 'inspector' has no attribute {name!r}")
