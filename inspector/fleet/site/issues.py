"""Rules that bundles break: the worst first, then those of most bundles; what each means, and the first bundles that have it."""

from inspector.fleet.query import Tables
from inspector.fleet.site.values import ask_records
from inspector.fleet.site.words import SEVERITIES
from inspector.model import Frozen
from inspector.rule_catalogue import load_rules

LONGEST = 300


class RuleCount(Frozen, frozen=True):
    """A rule: the rank of the worst severity that it has here, bundles and issues."""

    rule: str
    rank: int
    bundles: int
    issues: int


class Example(Frozen, frozen=True):
    """A bundle with issues of a rule: how many, and one of the worst."""

    rule: str
    bundle: str
    place: str
    rank: int
    message: str
    issues: int

    @property
    def severity(self) -> str:
        """Name the worst severity of the rule in this bundle."""
        return SEVERITIES[self.rank - 1]


class RuleGroup(Frozen, frozen=True):
    """A rule with what the catalogue says of it, and bundles that have it."""

    rule: str
    severity: str
    bundles: int
    issues: int
    title: str
    about: str
    why: str
    references: tuple[str, ...]
    examples: tuple[Example, ...]
    find: str


def gather_rules(tables: Tables) -> tuple[RuleGroup, ...]:
    """Gather all rules of which there is an issue."""
    examples: dict[str, list[Example]] = {}
    for example in ask_records(tables, "examples", Example):
        examples.setdefault(example.rule, []).append(example)
    return tuple(_tell(count, tuple(examples.get(count.rule, ()))) for count in ask_records(tables, "rules", RuleCount))


def _tell(count: RuleCount, examples: tuple[Example, ...]) -> RuleGroup:
    entry = load_rules().get(count.rule)
    return RuleGroup(
        rule=count.rule,
        severity=SEVERITIES[count.rank - 1],
        bundles=count.bundles,
        issues=count.issues,
        title=entry.title if entry else count.rule,
        about=entry.about if entry else "",
        why=entry.why if entry else "The catalogue of rules has no entry for it.",
        references=entry.references if entry else (),
        examples=examples,
        find=f"rule={count.rule}",
    )
