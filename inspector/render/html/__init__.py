"""The report as one page for a browser: whole without a script, without a network, and with nothing of a bundle in it but text.

Everything that is put into a template goes through `show`: control and bidirectional characters become escapes, then markup is escaped. The page's
policy allows its own style sheet and its own script, by their digests, and nothing else.
"""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from inspector.judgement import Report
from inspector.model import printable
from inspector.render.holdings import plural
from inspector.render.html.page import gather_page
from inspector.render.html.tones import tone_of

if TYPE_CHECKING:
    from jinja2 import Environment

LONGEST = 1500


def render(report: Report) -> str:
    """Write a report as HTML, always the same bytes for the same report."""
    environment = open_templates()
    style, script = (environment.get_template(name).render() for name in ("style.css", "filter.js"))
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src '{digest(style)}'",
            f"script-src '{digest(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return environment.get_template("page.html").render(page=gather_page(report), policy=policy)


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
    environment.filters |= {"plural": plural, "tone": tone_of}
    return environment


def show(value: object) -> object:
    """Make a value fit for a page: text without characters that act, cut where it is longer than a page needs; markup of our own as it is."""
    from markupsafe import Markup

    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    text = printable(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def digest(text: str) -> str:
    """Write the digest of an inline part as a policy names it. Source: Content Security Policy Level 3, 2.3.1."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
