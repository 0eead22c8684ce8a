import pytest

from bot.delivery.outcomes import TRIES, outcome
from bot.messengers.base import Flood, MaybeSent, NotSent, Rejected, SendError, Unreachable
from bot.outbox import BROADCAST, REMINDER


@pytest.mark.parametrize(
    ("error", "priority", "attempts", "state", "used_up"),
    [
        (Flood(3), REMINDER, 9, "pending", False),
        (NotSent(), BROADCAST, 1, "pending", True),
        (NotSent(), REMINDER, TRIES, "failed", True),
        (MaybeSent(), REMINDER, 1, "pending", True),
        (MaybeSent(), REMINDER, 2, "unknown", True),
        (MaybeSent(), BROADCAST, 1, "unknown", True),
        (Unreachable(), REMINDER, 1, "failed", True),
        (Rejected(), REMINDER, 1, "failed", True),
    ],
)
def test_each_cause_has_its_end(error: SendError, priority: int, attempts: int, state: str, used_up: bool) -> None:
    end = outcome(error, priority, attempts)
    assert (end.state, end.used_up) == (state, used_up)
    assert end.unreachable == isinstance(error, Unreachable)


def test_a_flood_pause_is_waited_out_in_full() -> None:
    assert outcome(Flood(7), REMINDER, 1).pause > 7
