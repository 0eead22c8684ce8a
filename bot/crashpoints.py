"""Named points at which a test may kill the process, to prove that nothing is lost or repeated there."""

import os
import signal

_WANTED = os.environ.get("CRASH_AT", "")  # 'take.before', or 'take.before:3' for the third time
_seen: dict[str, int] = {}


def crashpoint(name: str) -> None:
    """Die at once, as from a power cut, when the test asked for this point."""
    if not _WANTED:
        return
    wanted, _, count = _WANTED.partition(":")
    if name == wanted:
        _seen[name] = _seen.get(name, 0) + 1
        if _seen[name] == int(count or 1):
            os.kill(os.getpid(), signal.SIGKILL)
