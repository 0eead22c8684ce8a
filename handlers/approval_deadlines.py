"""What heads and HR are told of requests that wait too long. When and who: training.approval_deadlines."""

from bot.chat.router import notice
from bot.chat.screens import Screen
from bot.chat.turns import Turn
from bot.training import approval_deadlines, courses, deciders, enrolments, people

SHOWN = 3  # requests with a button of their own


@notice("approvals_waiting")
async def waiting(turn: Turn) -> Screen | None:
    """Remind a head, or who stands in for one, of all that waits for them."""
    queue = await enrolments.queue(turn.tx, turn.person, turn.now)
    if not queue:
        return None
    screen = Screen("approvals/reminder", queue=queue)
    for request in queue[:SHOWN]:
        screen.button("item", "approval", request.id, request=request)
    return screen.button("list", "approvals").button("home", "home", beside=True)


@notice("approvals_passed")
async def passed(turn: Turn, course_id: int) -> Screen | None:
    """Tell HR that heads have not decided in time."""
    course = await courses.find(turn.tx, course_id)
    silent = await approval_deadlines.passed(turn.tx, course_id)
    if not silent:
        return None
    screen = Screen("approvals/passed", course=course, count=len(silent))
    return screen.button("list", "approvals").button("home", "home", beside=True)


@notice("approvals_late")
async def late(turn: Turn, course_id: int) -> Screen | None:
    """Tell a head that HR decides now."""
    course = await courses.find(turn.tx, course_id)
    names = [
        (await people.find(turn.tx, one.person_id)).name
        for one in await approval_deadlines.passed(turn.tx, course_id)
        if await deciders.may(turn.tx, turn.person.person_id, one.person_id, turn.now)
    ]
    if not names:
        return None
    return Screen("approvals/late", course=course, names=names).button("home", "home")
