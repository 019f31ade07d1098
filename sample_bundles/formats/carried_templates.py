"""Settings of a server that carry a chat template of their own; it uses a name that only this server gives."""

TEMPLATE = "{% for message in messages %}{{ house_style(message.content) }}{% endfor %}"
FILES = {"carried_templates/serving.yaml": f'port: 8000\nchat_template: "{TEMPLATE}"\n'}
