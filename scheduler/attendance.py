"""The tick of attendance: codes that change by themselves, and sessions that are over."""

from zoneinfo import ZoneInfo

from bot.store import Store
from bot.training import absences, attendance_board, calendar


async def tick(store: Store, now: int, zone: ZoneInfo) -> int:
    """Bring every code on show up to `now` (UTC seconds) and plan the look at who did not come; gives how many."""
    async with store.reading() as tx:
        boards = await attendance_board.due(tx, now)
        over = await absences.to_plan(tx, now)
    touched = 0
    for session_id, person_id in boards:
        async with store.transaction() as tx:
            touched += await attendance_board.turn_over(tx, session_id, person_id, now)
    if over:
        async with store.transaction() as tx:
            touched += await absences.plan(tx, await calendar.load(tx, zone), now)
    return touched
