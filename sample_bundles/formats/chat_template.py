"""A chat template in the places where bundles keep one: a file of its own, and settings; the same text in each."""

import json

TEXT = """{%- if tools %}
{{- '<|system|>' + tools | map('tojson') | join('\\n') }}
{%- endif %}
{%- for message in messages %}
{%- if message['role'] not in ['user', 'assistant', 'system'] %}{{ raise_exception('Unknown role: ' ~ message['role']) }}{% endif %}
{%- set content = message.content if message.content is string else message.content[0].text %}
{%- if '</think>' in content %}{% set content = content.split('</think>')[-1].lstrip('\\n') %}{% endif %}
{{- '<|' + message['role'] + '|>' }}{% generation %}{{ content | trim }}{% endgeneration %}{{ eos_token }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|assistant|>' }}{% endif %}
"""
FILES = {
    "chat_template/chat_template.jinja": TEXT,
    "chat_template/chat_template.json": json.dumps({"chat_template": TEXT}),
    "chat_template/processor_config.json": json.dumps({"processor_class": "TinyProcessor", "chat_template": {"default": TEXT}}),
}
