"""Terms as a person reads them: each answer once, with all the components it is for; what needs a decision first, free terms last."""

from inspector.judgement import Resolution
from inspector.model import Bucket, Frozen
from inspector.wording import spell_component

URGENT_FIRST = (Bucket.RESTRICTED, Bucket.UNSTATED, Bucket.UNKNOWN, Bucket.FREE, Bucket.OSI_APPROVED)


class TermGroup(Frozen, frozen=True):
    """One answer on terms: what it is for, where, how it was reached, and the evidence it rests on (indices)."""

    components: tuple[str, ...]
    root: str
    files: int
    expression: str | None
    bucket: Bucket
    conflict: bool
    reason: str
    restricts: tuple[str, ...]
    because: tuple[int, ...]


def group_terms(terms: tuple[Resolution, ...]) -> tuple[TermGroup, ...]:
    """Group resolutions that say the same of several components of a root."""
    groups: dict[tuple[str, str | None, Bucket, bool, str], list[Resolution]] = {}
    for item in terms:
        groups.setdefault((item.root, item.expression, item.bucket, item.conflict, item.reason), []).append(item)
    joined = [_join(members) for members in groups.values()]
    return tuple(sorted(joined, key=lambda group: (not group.conflict, URGENT_FIRST.index(group.bucket))))


def _join(members: list[Resolution]) -> TermGroup:
    first = members[0]
    return TermGroup(
        components=tuple(spell_component(item.component) for item in members),
        root=first.root,
        files=sum(item.files for item in members),
        expression=first.expression,
        bucket=first.bucket,
        conflict=first.conflict,
        reason=first.reason,
        restricts=first.restricts,
        because=tuple(dict.fromkeys(index for item in members for index in item.because)),
    )
