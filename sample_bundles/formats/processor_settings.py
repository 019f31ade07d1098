"""Settings of processors, schedulers and runtimes, as the libraries that read them write them."""

import json

FILES = {
    "preprocessor_config.json": json.dumps({"image_processor_type": "ViTImageProcessor", "size": {"height": 8}}).encode(),
    "video_preprocessor_config.json": json.dumps({"video_processor_type": "Qwen2VLVideoProcessor", "size": {"shortest_edge": 8}}).encode(),
    "scheduler/scheduler_config.json": json.dumps({"_class_name": "DDIMScheduler", "num_train_timesteps": 1000}).encode(),
    "genai_config.json": json.dumps({"model": {"type": "phi3"}, "search": {"max_length": 8}}).encode(),
    "ort_config.json": json.dumps({"optimum_version": "1.20.0", "optimization": {}}).encode(),
}
