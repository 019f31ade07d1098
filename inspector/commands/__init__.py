"""The commands: each module adds its own to the application, and is found by being there."""
