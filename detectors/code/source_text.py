"""Source in languages other than Python: its terms, and what shell scripts launch.

What it sees: C, C++, CUDA, Rust, Go, Julia, JavaScript, TypeScript, Swift, Java, Lua, R and shell files that hold text.
What it says: the terms at the top of a file; of shell and batch-queue scripts, that they launch a training, a fine-tuning, an evaluation or a
processing of data, the settings that they give it as options, and the scripts and settings that they name.
What it cannot know: whether the script that is launched is here, what variables stand for, and what code in these languages does.
Source: the command lines of torchrun, DeepSpeed, Accelerate, Slurm and the programs named in inspector/standards/launches.toml.
"""

from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Format, Said, Wants, detector
from inspector.errors import TooLarge
from inspector.headers import read_header
from inspector.launch_roles import tell_launches
from inspector.model import Claim, Component
from inspector.signals import has_role
from inspector.source import source_lines

LARGEST = 4 * 2**20
LANGUAGES = {
    ".c": "c",
    ".h": "c",
    ".cc": "cpp",
    ".cpp": "cpp",
    ".cxx": "cpp",
    ".hpp": "cpp",
    ".cu": "cuda",
    ".cuh": "cuda",
    ".rs": "rust",
    ".go": "go",
    ".jl": "julia",
    ".js": "javascript",
    ".ts": "typescript",
    ".swift": "swift",
    ".java": "java",
    ".lua": "lua",
    ".r": "r",
    ".sh": "shell",
    ".bash": "shell",
    ".slurm": "shell",
    ".sbatch": "shell",
}
CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 27}) + b"\x7f"


@detector(
    "source-text",
    wants=Wants(suffixes=tuple(LANGUAGES)),
    formats=tuple(sorted(set(LANGUAGES.values()))),
    emits={
        (Component.TRAINING, Claim.PRESENT),
        (Component.EVALUATION, Claim.PRESENT),
        (Component.PREPROCESSING, Claim.PRESENT),
        (Component.SUPPORTING, Claim.PRESENT),
        (Component.UNSPECIFIED, Claim.LICENSED),
    },
)
def source_text(file: File) -> Iterator[Said]:
    """Recognise text, read the comments at its top, and look for launches in shell scripts."""
    if file.head.translate(None, CONTROLS) != file.head:
        return
    if file.size > LARGEST:
        raise TooLarge(f"{file.size} bytes, the limit for source text is {LARGEST}")
    lines = source_lines(file.text)
    language = LANGUAGES[file.suffix]
    yield Format(language)
    yield from read_header(lines, ".sh" if language == "shell" else file.suffix)
    if language == "shell" and has_role(file.path):
        yield from tell_launches(lines, file.path)
