"""Which tone an answer has on a page. A word always stands beside it: nothing is said by colour alone."""

from inspector.judgement import Access, Allowance, Grade, Verdict
from inspector.model import Bucket, Fit, Severity

TONES: dict[str, tuple[str, ...]] = {
    "good": (
        *(Verdict.MET, Verdict.NOT_APPLICABLE, Grade.CONFORMS, Bucket.OSI_APPROVED, Bucket.FREE),
        *(Access.OPEN, Access.PUBLIC, Allowance.ALLOWED, Fit.SAME, "holds"),
    ),
    "warn": (
        *(Verdict.TERMS, Verdict.PARTIAL, Grade.TERMS_ONLY, Severity.MEDIUM, Bucket.UNKNOWN, Bucket.UNSTATED),
        *(Access.UNKNOWN, Allowance.UNKNOWN, Allowance.UNSTATED, Fit.UNKNOWN),
    ),
    "bad": (
        *(Verdict.ABSENT, Grade.INCOMPLETE, Severity.HIGH, Bucket.RESTRICTED, Access.UNSHAREABLE, Allowance.RESTRICTED),
        *(Fit.OTHER, Fit.NONE, "conflict", "violated"),
    ),
    "info": (Verdict.REFERENCED, Severity.LOW, Access.OBTAINABLE),
    "ask": (Verdict.REVIEW,),
}
OF = {str(word): tone for tone, words in TONES.items() for word in words}


def tone_of(word: str) -> str:
    """Give the tone of a verdict, grade, severity, bucket, class of access or freedom; `plain` for any other word."""
    return OF.get(str(word), "plain")
