"""The report as one page for a browser: whole without a script, without a network, and with nothing of a bundle in it but text.

Everything that is put into a template goes through `show`: control and bidirectional characters become escapes, then markup is escaped. The page's
policy allows its own style sheet and its own script, by their digests, and nothing else.
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from inspector.judgement import Report
from inspector.model import printable
from inspector.render.holdings import plural, spell_bytes
from inspector.render.html.page import gather_page
from inspector.render.html.tones import tone_of

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

LONGEST = 1500
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\dZ")


def render(report: Report, above: str = "") -> str:
    """Write a report as HTML, always the same bytes for the same report; `above` is the address of the page that lists it, if there is one."""
    return render_page("page.html", ("style.css",), ("filter.js",), page=gather_page(report), above=above)


def render_page(name: str, styles: Sequence[str], scripts: Sequence[str], **values: object) -> str:
    """Write a page of a template, with its `style` and `script` made of templates, and a `policy` that allows these and nothing else."""
    environment = open_templates()
    style, script = ("".join(environment.get_template(part).render() for part in parts) for parts in (styles, scripts))
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src '{digest(style)}'",
            f"script-src '{digest(script)}'" if script else "script-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return environment.get_template(name).render(**values, policy=policy, style=own(style), script=own(script))


def own(text: str) -> "Markup":
    """Mark text of this program as markup that stands as it is; nothing of a bundle is ever given here."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704  our own templates and data whose signs of markup are escapes


@cache
def open_templates() -> "Environment":
    """Open the templates of this package; they are the only ones that are ever rendered."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("inspector.render.html"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=show,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters |= {"plural": plural, "tone": tone_of, "bytes": spell_bytes, "moment": spell_moment}
    return environment


def show(value: object) -> object:
    """Make a value fit for a page: text without characters that act, cut where it is longer than a page needs; markup of our own as it is."""
    if not isinstance(value, str) or hasattr(value, "__html__"):  # a Markup, without an import at every value
        return value
    text = printable(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def spell_moment(time: str) -> str:
    """Write a time in UTC (2026-01-31T12:00:00Z) for people, to the minute; anything else as it is."""
    match = MOMENT.fullmatch(time)
    return f"{match[1]} {match[2]} UTC" if match else time


def digest(text: str) -> str:
    """Write the digest of an inline part as a policy names it. Source: Content Security Policy Level 3, 2.3.1."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
