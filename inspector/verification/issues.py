"""What the answers for files come to: an issue for each way in which files are not what is recorded, with the places of the first fifty."""

from collections.abc import Iterable, Iterator, Sequence

from inspector.model import Issue, Location, Severity
from inspector.verification.integrity import FileAnswer, State
from inspector.verification.weighing import Scales, find_disagreement

MOST = 50
FETCH = "Fetch these files again from their publisher, and compare them with what is here before you replace it."


def list_issues(files: Iterable[FileAnswer], scales: Scales, elsewhere: list[Location]) -> list[Issue]:
    """List the issues of one root; `elsewhere` are places where lists name files that belong to another place."""
    listed = tuple(files)
    return [*_list_states(listed), *_list_disagreements(listed, scales), *_list_elsewhere(elsewhere)]


def _list_states(files: tuple[FileAnswer, ...]) -> Iterator[Issue]:
    groups: dict[State, list[FileAnswer]] = {}
    for answer in files:
        groups.setdefault(answer.state, []).append(answer)
    changed, swapped, cut = groups.get(State.CHANGED), groups.get(State.SWAPPED), groups.get(State.TRUNCATED)
    yield from _say("verify.changed", Severity.HIGH, "other content than is recorded", changed, FETCH)
    yield from _say("verify.swapped", Severity.HIGH, "the content that another file should have", swapped, FETCH)
    yield from _say(
        "verify.truncated",
        Severity.HIGH,
        "fewer bytes than are recorded",
        cut,
        "Fetch these files again; a download that broke off is the usual reason.",
    )
    yield from _say(
        "verify.missing",
        Severity.MEDIUM,
        "recorded, and not here",
        groups.get(State.MISSING),
        "Find out who removed these files, or fetch them again.",
    )
    yield from _say(
        "verify.extra",
        Severity.MEDIUM,
        "here, and in no list of all files",
        groups.get(State.EXTRA),
        "Find out where these files come from before anything here is loaded.",
    )
    yield from _say(
        "verify.not-downloaded",
        Severity.LOW,
        "recorded, and never downloaded",
        groups.get(State.NOT_DOWNLOADED),
        "Fetch the content, and verify again.",
    )


def _say(rule: str, severity: Severity, message: str, answers: list[FileAnswer] | None, settle: str) -> Iterator[Issue]:
    if answers:
        places = tuple(Location(root=answer.root, path=answer.path) for answer in answers[:MOST])
        count = f"{len(answers):,} files: " if len(answers) > 1 else ""
        yield Issue(rule=rule, severity=severity, message=count + message, locations=places, settle=settle)


def _list_disagreements(files: tuple[FileAnswer, ...], scales: Scales) -> Iterator[Issue]:
    found = [(answer, places) for answer in files if (places := find_disagreement(answer, scales.by_path.get(answer.path, [])))]
    if found:
        first = found[0][0].path
        yield Issue(
            rule="verify.records-disagree",
            severity=Severity.HIGH,
            message=f"records disagree on {_count(found)} (first {first}): one of them was changed, or is of another revision",
            locations=tuple(place for _, places in found for place in places)[:MOST],
            settle="Find out which record is right: ask the publisher for the digest.",
        )


def _list_elsewhere(places: list[Location]) -> Iterator[Issue]:
    if places:
        yield Issue(
            rule="verify.list-of-others",
            severity=Severity.NOTE,
            message=f"a record speaks of {_count(places)} that do not belong to this bundle, by the list of all its files",
            locations=tuple(places[:MOST]),
        )


def _count(items: Sequence[object]) -> str:
    return f"{len(items):,} file{'' if len(items) == 1 else 's'}"
