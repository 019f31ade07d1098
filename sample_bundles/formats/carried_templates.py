"""Settings of a model that carry a chat template of their own; it uses a name that only one server gives."""

import json

TEMPLATE = "{% for message in messages %}{{ house_style(message.content) }}{% endfor %}"
FILES = {"carried_templates/config.json": json.dumps({"model_type": "llama", "architectures": ["TinyModel"], "chat_template": TEMPLATE})}
