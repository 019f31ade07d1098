"""A filled template of the public summary of training content as a Word document; the answers are invented."""

from sample_bundles.docx import docx_bytes

FILES = {
    "training-summary.docx": docx_bytes(
        (
            ("Title", "Public summary of training content for Tiny-Formats"),
            ("Heading1", "1. General information"),
            ("Heading2", "1.3 Modalities, overall training data size and other characteristics"),
            [["Modality", "Training data size"], ["Text", "Less than 1 billion tokens"]],
            ("Heading1", "2. List of data sources"),
            ("Heading2", "2.1 Publicly available datasets"),
            ("", "Books: https://huggingface.co/datasets/example/books, 40,000 books"),
            ("Heading2", "2.3 Data crawled and scraped from online sources"),
            ("", "Period of collection: from 01/2023 to 06/2023"),
            ("Heading1", "3. Data processing aspects"),
            ("", "Illegal content was removed by filtering with keyword lists."),
        )
    )
}
