"""A mixture of data with its weights, in three of the ways that trainers write it."""

STAGES = """\
data_stages:
- data:
    dataset:
      dataset_folder:
      - data/web   # https://huggingface.co/datasets/example/web
      - data/books # https://huggingface.co/datasets/example/books
      - data/code  # https://huggingface.co/datasets/example/code
      dataset_weights:
      - 0.6
      - 0.3
      - 0.1
"""
LAUNCH = "#!/bin/sh\npython pretrain_gpt.py \\\n  --data-path 0.7 data/web_text_document \\\n  0.3 data/books_text_document \\\n  --seq-length 2048\n"
TASKS = 'import seqio\n\nseqio.MixtureRegistry.add("tiny", [("tiny_web", 0.7), ("tiny_books", 0.3)])\n'
FILES = {"stages.yaml": STAGES, "launch.sh": LAUNCH, "mixtures.py": TASKS}
