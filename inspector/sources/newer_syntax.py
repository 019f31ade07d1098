"""Python that is newer than the Python that reads it: aliases with `type` and lists of type parameters, as older versions would write them.

Lines stay where they are. What the parameters are bound to is left out: Python computes that only when somebody asks for it. Source: PEP 695, 696.
"""

import re

ALIAS = re.compile(r"^([ \t]*)type[ \t]+(\w+)[ \t]*(?:\[[^\]\n]{0,500}\])?[ \t]*=(?!=)", re.MULTILINE)
PARAMETERS = re.compile(
    r"^([ \t]*(?:async[ \t]+def|def|class)[ \t]+\w+)\[((?:[^\[\]]|\[[^\[\]]{0,300}\]){1,500})\](?=[ \t]*[(:])", re.MULTILINE
)


def write_older(text: str) -> str:
    """Write aliases as assignments, and definitions without their type parameters; anything else stays as it is."""
    text = ALIAS.sub(r"\1\2 =", text)
    return PARAMETERS.sub(lambda match: match[1] + "\\\n" * match[2].count("\n"), text)
