"""What a sample system comes out as, beside where the Open Source Initiative put the system that it stands for."""

from dataclasses import dataclass

from inspector.judgement import ElementResult, Grade


@dataclass(frozen=True, slots=True)
class Answer:
    """What one system comes out as: by reading, with what is attested of it, by its weights alone; and where the Initiative put it."""

    system: str
    read: Grade
    elements: tuple[ElementResult, ...]
    attested: Grade | None
    group: Grade
    alone: Grade

    @property
    def agrees(self) -> bool:
        """Say whether the answer is the Initiative's, by reading or with what is attested."""
        return self.group in (self.read, self.attested)
