"""Inspect downloaded model bundles offline: what is here, under which terms, and is it the preferred form for making modifications.

The public API: `inspect` reads directories into an inventory, `judge` holds it against standards, `load_policy` and `hold_against` hold the report
against a policy, and `inspector.render.render` writes it. docs/api.md has examples.
"""

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from inspector.audit import hold_against, inspect, judge
    from inspector.policies.check import load_policy

__all__ = ["__version__", "hold_against", "inspect", "judge", "load_policy"]


def __getattr__(name: str) -> object:
    """Import the public functions when they are first asked for, so that importing one noun does not import the engine."""
    if name == "load_policy":
        from inspector.policies.check import load_policy

        return load_policy
    if name in {"hold_against", "inspect", "judge"}:
        from inspector import audit

        return getattr(audit, name)
    raise AttributeError(f"module 'inspector' has no attribute {name!r}")
