"""What the end of a sending means for its outbox row. How errors are recognised is each messenger's knowledge."""

from dataclasses import dataclass

from bot import outbox
from bot.messengers.base import Flood, MaybeSent, NotSent, SendError, Unreachable

TRIES = 5  # for what surely was not sent
PAUSE = 30  # seconds before such a row is tried again


@dataclass(frozen=True)
class Outcome:
    """A state to settle with, or a pause after which the row is tried again."""

    state: str  # 'failed', 'unknown', 'skipped'; 'pending' to try again
    reason: str
    pause: int = 0
    used_up: bool = True  # whether the attempt counts
    unreachable: bool = False


def outcome(error: SendError, priority: int, attempts: int) -> Outcome:
    """Decide by cause.

    A broken connection may hide an accepted message: a broadcast is then never repeated, a reminder once.
    A flood pause is nobody's attempt.
    """
    match error:
        case Flood():
            return Outcome("pending", "flood", int(error.seconds) + 1, used_up=False)
        case Unreachable():
            return Outcome("failed", "unreachable", unreachable=True)
        case NotSent() if attempts < TRIES:
            return Outcome("pending", "not sent", PAUSE)
        case NotSent():
            return Outcome("failed", "not sent")
        case MaybeSent() if priority == outbox.REMINDER and attempts == 1:
            return Outcome("pending", "maybe sent", PAUSE)
        case MaybeSent():
            return Outcome("unknown", "maybe sent")
        case _:
            return Outcome("failed", "refused")
