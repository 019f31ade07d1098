"""Small settings of ModelScope, and the line that its download records leave."""

import json

SETTINGS = {"framework": "pytorch", "task": "text-classification", "model": {"type": "tiny-model"}, "pipeline": {"type": "tiny-pipeline"}}
FILES = {"configuration.json": json.dumps(SETTINGS, indent=2), ".mv": "Revision:v1.0.0,CreatedAt:1709876543"}
