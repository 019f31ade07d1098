"""What the site needs beside docs/: pages that lie elsewhere in the repository, and a look at every page for what a browser would fetch."""

import logging
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

LOG = logging.getLogger("mkdocs.hooks.site")
ELSEWHERE = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changes.md", "sample_bundles/README.md": "samples.md"}
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
FETCHED = re.compile(
    r"<(?:script|link|img|iframe|source|audio|video|object|embed)\b[^>]*\b(?:src|href|data)=[\"']?((?:https?:)?//[^\"'\s>]+)"
)
# The theme's script takes a focus from the block itself where no mouse hovers, so that what is in it gets one; tables it wraps.
BLOCK = re.compile(r"(<pre\b[^>]*>(?:<span></span>)?<code>)(.*?)(</code></pre>)", re.DOTALL)
TABLE = re.compile(r"<table>")
STYLE = re.compile(r"(?:@import|url\()\s*[\"']?((?:https?:)?//[^\"')\s]+)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that lie outside of docs/; their links lead to the pages of the site."""
    top = Path(config.config_file_path).parent
    for source, page in ELSEWHERE.items():
        files.append(File.generated(config, page, content=LINK.sub(_lead, (top / source).read_text(encoding="utf-8"))))
    return files


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Let code and tables be scrolled with the keyboard, and warn of what a browser would fetch from another host; `--strict` makes it an error."""
    del config
    for address in (*FETCHED.findall(output), *STYLE.findall(output)):
        LOG.warning("%s: a browser would fetch %s", page.file.src_path, address)
    return TABLE.sub('<table tabindex="0">', BLOCK.sub(r'\1<span tabindex="0">\2</span>\3', output))


def _lead(found: re.Match[str]) -> str:
    path = found[1]
    return f"]({ELSEWHERE.get(path, path.removeprefix('docs/'))}"
