"""Names of files that hold terms: what a name promises, whatever the file turns out to hold."""

import re
from fnmatch import fnmatchcase
from functools import lru_cache

from inspector.model import Component, Source
from inspector.pure_paths import pure_path

# Case-folded globs on base names.
GLOBS = (
    *(
        "license*",
        "licence*",
        "*license",
        "*licence",
        "*license.txt",
        "*licence.txt",
        "*license.md",
        "*licence.md",
        "*licen[cs]e*agreement*",
    ),
    *("copying*", "copyright", "copyright.txt", "unlicense*", "notice*", "third*party*notice*"),
    *("*use_policy*", "*use-policy*", "acceptable*use*", "prohibited*use*", "*usage_policy*", "*use*restrictions*", "aup", "aup.*"),
    *("*additional*terms*", "*supplement*terms*", "*addendum*", "*model*agreement*", "*user*agreement*", "agreement", "agreement.*"),
    *(
        "lizenz*",
        "licencia*",
        "licenza*",
        "licença*",
        "лицензия*",
        "*许可协议*",
        "*许可证*",
        "*使用协议*",
        "*ライセンス*",
        "*利用規約*",
        "*라이선스*",
    ),
    *("*terms*of*use*", "*terms*of*service*", "*terms*and*conditions*", "*eula*"),
)
SIDECAR = ".license"
TEXTS = frozenset({"", ".addendum", ".txt", ".md", ".rst", ".markdown", ".text", ".html", ".htm", SIDECAR})
# Documents that are no text: what they say cannot be read here, so that it is unknown.
SEALED = frozenset({".pdf", ".rtf", ".doc", ".docx", ".odt", ".ps", ".tex"})
NAMED = re.compile(r"\.(apache|mit|bsd|gpl|lgpl|agpl|mpl|lesser|lib|model|weights?|data|code|docs?)[\w.-]*")
EDITION = re.compile(r"\.[\d-]+.*")
CONTRIBUTORS = re.compile(r"contribut|\bcla\b|\bicla\b|\bccla\b|header", re.IGNORECASE)
POLICY = re.compile(
    r"\baup\b|use[-_ ]?policy|acceptable[-_ ]?use|prohibited[-_ ]?use|use[-_ ]?restrictions|usage[-_ ]?policy|"
    r"additional[-_ ]?terms|supplement\w*[-_ ]?terms|addendum|使用协议|利用規約",
    re.IGNORECASE,
)
NOTICE = re.compile(r"notice|third[-_ ]?party|acknowledge?ments?", re.IGNORECASE)
PARTS = (
    (re.compile(r"model|weight|checkpoint|param", re.IGNORECASE), Component.PARAMETERS),
    (re.compile(r"data", re.IGNORECASE), Component.DATASETS),
    (re.compile(r"code|software|scripts?", re.IGNORECASE), Component.SUPPORTING),
)
FOLDERS = frozenset({"licenses", "licences", "license", "licence", "legal"})


@lru_cache(maxsize=16_384)
def promises_terms(path: str) -> bool:
    """Say whether a path is that of a file which should hold terms: by its name, or as a text in a directory of licences."""
    name, suffix = pure_path(path).name, suffix_of(path)
    if CONTRIBUTORS.search(name) or not (suffix in TEXTS | SEALED or NAMED.fullmatch(suffix)):
        return False
    if any(fnmatchcase(name.casefold(), glob) for glob in GLOBS):
        return True
    return pure_path(path).parent.name.casefold() in FOLDERS and suffix in TEXTS | SEALED and not name.casefold().startswith("readme")


def is_text(path: str) -> bool:
    """Say whether a path that promises terms is that of a plain text."""
    return suffix_of(path) not in SEALED


def suffix_of(path: str) -> str:
    """Give the suffix of a name, case-folded; a version (`LICENSE-2.0`) is none."""
    suffix = pure_path(path).suffix.casefold()
    return "" if EDITION.fullmatch(suffix) else suffix


def source_of(path: str) -> Source:
    """Tell a licence from a policy that restricts and a notice that credits."""
    name = pure_path(path).name
    if POLICY.search(name):
        return Source.POLICY
    return Source.NOTICE if NOTICE.search(name) else Source.TEXT


def component_of(path: str) -> Component:
    """Name the part of a system that a licence file's name limits it to."""
    name = pure_path(path).name
    return next((component for pattern, component in PARTS if pattern.search(name)), Component.UNSPECIFIED)
