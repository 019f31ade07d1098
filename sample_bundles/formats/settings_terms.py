"""A licence in settings of a tokenizer, where no library looks for one."""

import json

FILES = {"tokenizer_config.json": json.dumps({"tokenizer_class": "LlamaTokenizer", "license": "apache-2.0"}).encode()}
