"""A small description of a data set in the vocabulary of Croissant."""

import json

from inspector.serialization.strict_json import Json

RECORD: dict[str, Json] = {
    "@context": {"@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/"},
    "@type": "Dataset",
    "conformsTo": "http://mlcommons.org/croissant/1.0",
    "name": "tiny",
    "description": "A small set of 40,000 sentences in English and German.",
    "license": "https://creativecommons.org/licenses/by/4.0/",
    "url": "https://example.org/tiny",
    "datePublished": "2023-03-01",
    "citeAs": "@misc{tiny, title={Tiny}, eprint={2301.00001}, archivePrefix={arXiv}, note={arXiv:2301.00001}}",
    "distribution": [
        {
            "@type": "cr:FileObject",
            "@id": "sentences",
            "contentUrl": "https://example.org/tiny/sentences.jsonl.gz",
            "contentSize": "1048576 B",
            "sha256": "0" * 64,
        }
    ],
    "recordSet": [{"@type": "cr:RecordSet", "field": [{"@type": "cr:Field", "name": "text"}, {"@type": "cr:Field", "name": "language"}]}],
    "rai:dataCollection": "Sentences were collected from the dump of Wikipedia of March 2023.",
    "rai:dataCollectionTimeframe": ["2023-03-01", "2023-03-20"],
    "rai:dataPreprocessingProtocol": "The text was cleaned with great care.",
    "rai:dataAnnotationProtocol": "12 trained annotators labelled each sentence with its language.",
}
FILES = {"croissant.json": json.dumps(RECORD, indent=1)}
