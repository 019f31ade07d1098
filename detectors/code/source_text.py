"""Source in other languages: its terms, what each file is for, and what shell scripts launch.

What it sees: C, C++, CUDA, Rust, Go, Julia, JavaScript, TypeScript, Swift, Java, Lua, R and shell files that hold text. The first nine are parsed,
never compiled or run; names are resolved through imports and simple assignments.
What it says: the terms at the top of a file; the roles of a file that is parsed (training, fine-tuning, data processing, inference, evaluation,
architecture, supporting) with the lines of the calls and definitions that show it; of shell and batch-queue scripts, that they launch a training,
a fine-tuning, an evaluation or a processing of data, the settings that they give it as options, and the scripts and settings that they name.
Headers that declare, bindings, kernels and tests have no role.
What it cannot know: whether the code made the model and whether it runs; whether the script that is launched is here, and what variables stand for;
what code in the other languages does, and in those whose parser is not installed.
Source: the public interfaces of the libraries named in inspector/standards/code-signals-languages.toml, the grammars of tree-sitter, and the command
lines of torchrun, DeepSpeed, Accelerate, Slurm and the programs named in inspector/standards/launches.toml.
"""

from collections.abc import Iterator, Sequence

from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import Malformed, TooLarge
from inspector.licensing.headers import read_header
from inspector.model import Claim, Component
from inspector.sources.launch_roles import tell_launches
from inspector.sources.roles import found_roles
from inspector.sources.signals import could_have_role, has_role, language_rules
from inspector.sources.source import source_lines
from inspector.sources.syntax import read_syntax

LARGEST = 4 * 2**20
LANGUAGES = {
    ".c": "c",
    ".h": "c",
    ".cc": "cpp",
    ".cpp": "cpp",
    ".cxx": "cpp",
    ".hh": "cpp",
    ".hpp": "cpp",
    ".cu": "cuda",
    ".cuh": "cuda",
    ".rs": "rust",
    ".go": "go",
    ".jl": "julia",
    ".js": "javascript",
    ".jsx": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".ts": "typescript",
    ".tsx": "typescript",
    ".mts": "typescript",
    ".swift": "swift",
    ".java": "java",
    ".lua": "lua",
    ".r": "r",
    ".sh": "shell",
    ".bash": "shell",
    ".slurm": "shell",
    ".sbatch": "shell",
}
GRAMMARS = {".tsx": "tsx"}
HEADER = ".h"  # mostly read by C++ as well, whose grammar and rules hold for C
CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 27}) + b"\x7f"


@detector(
    "source-text",
    wants=Wants(suffixes=tuple(LANGUAGES)),
    formats=tuple(sorted(set(LANGUAGES.values()))),
    emits={
        (Component.TRAINING, Claim.PRESENT),
        (Component.EVALUATION, Claim.PRESENT),
        (Component.PREPROCESSING, Claim.PRESENT),
        (Component.INFERENCE, Claim.PRESENT),
        (Component.ARCHITECTURE, Claim.PRESENT),
        (Component.SUPPORTING, Claim.PRESENT),
        (Component.UNSPECIFIED, Claim.LICENSED),
    },
)
def source_text(file: File) -> Iterator[Said]:
    """Recognise text, read the comments at its top, and look for roles and launches."""
    if file.head.translate(None, CONTROLS) != file.head:
        return
    if file.size > LARGEST:
        raise TooLarge(f"{file.size} bytes, the limit for source text is {LARGEST}")
    lines = source_lines(file.text)
    language = LANGUAGES[file.suffix]
    yield Format(language)
    yield from read_header(lines, ".sh" if language == "shell" else file.suffix)
    if not has_role(file.path):
        return
    if language == "shell":
        yield from tell_launches(lines, file.path)
    else:
        yield from _roles(file, language, lines)


def _roles(file: File, language: str, lines: Sequence[str]) -> Iterator[Found]:
    """Say what a file does; one in which no rule's words stand is not parsed."""
    language = "cpp" if file.suffix == HEADER else language
    rules = language_rules(language)
    if not could_have_role(file.text, rules):
        return
    syntax = read_syntax("\n".join(lines), GRAMMARS.get(file.suffix, language))
    yield from found_roles(syntax.facts, lines, file.path, rules)
    if syntax.broken:
        raise Malformed(f"most of it could not be parsed as {language}; what it does is known from the rest only")
