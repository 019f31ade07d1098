"""Parts of distributed checkpoints: those that the metadata names and that are not here."""

from detectors.weights.distributed_parts import distributed_parts
from inspector.detector import Found, Gathered
from inspector.model import Certainty, Claim, Component, Evidence, FileRecord, Issue, Location, Reference


def named(path: str) -> Evidence:
    return Evidence(
        component=Component.CHECKPOINTS,
        claim=Claim.REFERENCED,
        value=path.rpartition("/")[2],
        location=Location(root="weights", path="step/.metadata"),
        certainty=Certainty.READ,
        detector="torch-distributed",
        details=Reference(kind="file", target=path),
    )


def test_a_file_that_is_not_here_or_was_not_read_is_missing() -> None:
    files = (
        FileRecord(root="weights", path="step/__0_0.distcp", size=1, format="torch-distributed"),
        FileRecord(root="weights", path="step/__1_0.distcp", size=1, format="git-lfs-pointer"),
    )
    evidence = tuple(named(f"step/__{number}_0.distcp") for number in range(3))
    told = list(distributed_parts.compare(Gathered(files, evidence)))
    assert [item.value for item in told if isinstance(item, Found)] == ["__1_0.distcp", "__2_0.distcp"]
    assert [item.rule for item in told if isinstance(item, Issue)] == ["torch-distributed.missing"]
    assert list(distributed_parts.compare(Gathered(files, evidence[:1]))) == []
