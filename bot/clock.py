"""The only caller of the system time; a sandbox or a test may move it. Local dates and words are not here."""

import mmap
import struct
import time
from pathlib import Path
from typing import Protocol

UNDATED = 253_370_764_800  # the first second of the year 9999: stands for "no day is set yet"
_OFFSET = struct.Struct("<q")


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> int:
        """Give the present instant in whole UTC seconds."""
        ...


class SystemClock:
    """The time of this machine."""

    def now(self) -> int:
        """Give the present instant in whole UTC seconds."""
        return int(time.time())


class MovableClock:
    """The machine's time plus an offset kept in eight bytes of a file, so several processes move together.

    Without a file the offset lives in this object alone.
    """

    def __init__(self, file: Path | None = None) -> None:
        if file is None:
            self._offset: mmap.mmap | bytearray = bytearray(_OFFSET.size)
            return
        if not file.exists() or file.stat().st_size < _OFFSET.size:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(_OFFSET.pack(0))
        with file.open("r+b") as handle:
            self._offset = mmap.mmap(handle.fileno(), _OFFSET.size)

    def now(self) -> int:
        """Give the moved instant in whole UTC seconds."""
        offset: int = _OFFSET.unpack_from(self._offset)[0]
        return int(time.time()) + offset

    def move_to(self, instant: int) -> None:
        """Make `now()` start again from `instant` (UTC seconds)."""
        _OFFSET.pack_into(self._offset, 0, instant - int(time.time()))

    def move_by(self, seconds: int) -> None:
        """Move `now()` by `seconds`, either way."""
        self.move_to(self.now() + seconds)


class FixedClock:
    """A clock that stands still until it is moved: for rules, simulations and tests."""

    def __init__(self, instant: int) -> None:
        self._instant = instant

    def now(self) -> int:
        """Give the instant it was last moved to (UTC seconds)."""
        return self._instant

    def move_to(self, instant: int) -> None:
        """Stand at `instant` (UTC seconds)."""
        self._instant = instant

    def move_by(self, seconds: int) -> None:
        """Move by `seconds`, either way."""
        self._instant += seconds
