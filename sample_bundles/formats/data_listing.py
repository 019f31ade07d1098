"""A list of addresses of data, checksums, and a manifest of speech."""

import json

LISTED = "".join(f"https://example.org/corpus/part-{number:05d}.jsonl.gz\n" for number in range(8))
HASHED = "".join(f"train-{number:05d}.parquet {number:064x}\n" for number in range(6))
SPOKEN = "".join(json.dumps({"audio_filepath": f"clips/{number}.wav", "duration": 7.2, "text": "a"}) + "\n" for number in range(10))
FILES = {"urls.txt": LISTED, "shard_hashes.txt": HASHED, "train_manifest.jsonl": SPOKEN}
