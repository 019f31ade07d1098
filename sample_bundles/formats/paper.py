"""A small technical report as PDF, once with streams as they are and once deflated."""

from sample_bundles.pdf import pdf_bytes

PAGES = (
    (
        "Tiny-Formats: A Technical Report",
        "The Makers",
        "Abstract",
        "We describe Tiny-Formats, a small language model, and all of its training data.",
        "1 Introduction",
        "Other models say little of what they were trained on.",
    ),
    (
        "2 Training Data",
        "The corpus was collected from Wikipedia (dump of March 2023) and has 3B to-",
        "kens of English text. Documents with fewer than 100 words were removed.",
        "3 Evaluation",
        "We evaluate on public benchmarks with 14,000 questions.",
        "References",
        "Nobody. A paper that is named here. 2020.",
    ),
)
TITLE = "Tiny-Formats: A Technical Report"
FILES = {"report.pdf": pdf_bytes(PAGES, title=TITLE), "deflated.pdf": pdf_bytes(PAGES, title=TITLE, flate=True)}
