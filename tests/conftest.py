"""Settings for all tests: the same examples every time, and many more of them with `--hypothesis-profile fuzz`."""

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from inspector.child import Child, allow_work

os.environ["INSPECTOR_MEMO"] = "off"

settings.register_profile("same", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fuzz", deadline=None, max_examples=3000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("same")


@pytest.fixture
def bounded() -> Iterator[None]:
    """End a test that uses two minutes of the processor's time: what grows with the square of such inputs does, on any machine."""

    def end(*_: object) -> None:
        pytest.fail("it does not end")

    before = signal.signal(signal.SIGPROF, end)
    allow_work(120)
    yield
    allow_work(0)
    signal.signal(signal.SIGPROF, before)


@pytest.fixture
def dying(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that die over whatever is sent to them with a name that says so."""
    send = Child.send

    def send_or_die(self: Child, data: bytes) -> bool:
        if b"deadly" in data:
            os.kill(self._process.pid, signal.SIGKILL)
            os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
        return send(self, data)

    monkeypatch.setattr(Child, "send", send_or_die)
