"""What must be so of reminders and messages after any step of the enrolment model; places and order are elsewhere."""

from collections.abc import Callable

from bot.training.approval_deadlines import over_at
from tests.courses.enrolment_invariants import Step
from tests.courses.enrolment_world import ACTIVE, DAYS, Plain, View

LEADS = (86_400, 2 * 3600, 7 * 86_400)
TICKED = ("tick", "deliver")


def no_reminder_is_an_orphan(step: Step) -> None:
    now = step.after
    starts = {one.subject: one for course in now.alive for one in now.held(course.id)}
    for row in [*now.milestones("session"), *now.owed("session_reminder")]:
        assert row["subject"] in starts, "a reminder of a session that is not held"
        assert row["expires_at"] == starts[row["subject"]].starts_at, "a reminder of a session at another time"
    for row in now.owed("session_reminder"):
        held = (starts[row["subject"]].course_id, row["person_id"])
        assert held in now.seats, "somebody without a seat is still to be reminded"
    seats = {row["id"] for row in now.of("seat")}
    of_seat = {
        (row["change_id"], row["person_id"])
        for row in now.tables["schedule_change_people"]
        if row["enrolment_id"] in seats
    }
    for row in now.owed("change_reminder"):
        assert (row["args"][0], row["person_id"]) in of_seat, "somebody is still to be reminded of a question"
    assert {row["subject"] for row in now.milestones("schedule_change")} <= _current(now), "a question changed again"


def every_session_to_come_is_covered(step: Step) -> None:
    """Each lead has its day: two that calm hours put on one day are one reminder, which may have gone out already."""
    now = step.after
    rows = now.milestones("session") + now.milestones("session", "done")
    planned = {(row["subject"], row["expires_at"], DAYS.day(row["due_at"])) for row in rows}
    for one in [one for course in now.alive for one in now.held(course.id)]:
        for due_at in [DAYS.earlier(one.starts_at - lead) for lead in LEADS]:
            if due_at > now.now:
                assert (one.subject, one.starts_at, DAYS.day(due_at)) in planned, f"nobody is reminded of {one}"


def a_due_reminder_goes_to_every_seat(step: Step) -> None:
    """Who is owed one of today or later (on a day off, if they agreed) has it; none when no calm hour is left."""
    if step.verb not in TICKED:
        return
    now = step.after
    course_of = {f"session:{row['id']}": row["course_id"] for row in now.tables["sessions"]}
    pending = {row["id"] for row in step.before.milestones("session")}
    for due in now.milestones("session", "done"):
        if due["id"] in pending and DAYS.calm(DAYS.soon(now.now, due["expires_at"])):
            rows = [row for row in now.tables["outbox"] if row["subject"] == due["subject"]]
            told = {row["person_id"] for row in rows if DAYS.day(row["due_at"]) >= DAYS.day(now.now)}
            seats = step.before.seats & now.seats
            assert {p for c, p in seats if c == course_of[due["subject"]]} <= told, "a seat is not reminded"


def the_end_is_planned_once(step: Step) -> None:
    now = step.after
    for course in (now.course, now.quiet):
        planned = [row["due_at"] for row in now.milestones("course_end") if row["subject"] == course.end_subject]
        if course.cancelled or course.postponed:
            assert planned == []
        elif course.ends_at > now.now:
            assert planned == [course.ends_at], "the end of the course is not where it is planned"


def heads_do_not_hold_a_request_for_ever(step: Step) -> None:
    now = step.after
    if now.course.cancelled or not now.of("head"):
        return
    over = over_at(now.course, DAYS)
    if over > now.now:
        assert over in [row["due_at"] for row in now.milestones("approvals")], "no end to the time of heads"
    else:
        assert step.verb not in TICKED, "a request stays with a head who is too late"


def what_is_told_is_so(step: Step) -> None:
    """Judge each message that went out in this step by what is so after it."""
    if step.verb == "deliver":
        now = step.after
        for row in now.tables["outbox"]:
            if row["state"] == "sent" and row["settled_at"] == now.now and row["kind"] in _TRUTHS:
                assert _TRUTHS[row["kind"]](now, row), f"{row['kind']} was told, and is not so: {row}"


def nothing_is_left_of_a_cancelled_course(step: Step) -> None:
    now = step.after
    if not now.course.cancelled:
        return
    subjects = {now.course.subject, now.course.end_subject, f"approvals:{now.course.id}"}
    subjects |= {f"session:{row['id']}" for row in now.tables["sessions"] if row["course_id"] == now.course.id}
    subjects |= {f"schedule_change:{row['id']}" for row in now.tables["schedule_changes"]}
    subjects |= {f"swap:{row['id']}" for row in now.tables["seat_swaps"]}
    assert [r for r in now.tables["milestones"] if r["state"] == "pending" and r["subject"] in subjects] == []
    owed = [row for row in now.tables["outbox"] if row["state"] == "pending" and row["subject"] in subjects]
    assert {row["kind"] for row in owed} <= {"course_cancelled"}
    assert now.of(*ACTIVE) == []
    assert now.swaps == []


def _current(view: View) -> set[str]:
    """Give the subjects of the changes of which some session has not been changed again."""
    last = {row["session_id"]: row["change_id"] for row in _by_change(view)}
    return {f"schedule_change:{change}" for change in last.values()}


def _by_change(view: View) -> list[Plain]:
    return sorted(view.tables["schedule_change_lines"], key=lambda row: row["change_id"])


def _enrolment(view: View, row: Plain) -> Plain:
    return next(one for one in view.tables["enrolments"] if one["id"] == row["args"][0])


def _reminded_rightly(view: View, row: Plain) -> bool:
    one = next(one for one in view.tables["sessions"] if one["id"] == row["args"][0])
    return one["cancelled_at"] is None and (one["course_id"], row["person_id"]) in view.seats


_TRUTHS: dict[str, Callable[[View, Plain], bool]] = {
    "session_reminder": _reminded_rightly,
    "offer": lambda view, row: _enrolment(view, row)["state"] == "offered" and not view.over(_enrolment(view, row)),
    "enrolment_result": lambda view, row: _enrolment(view, row)["state"] == row["args"][1],
    "approval": lambda view, row: _enrolment(view, row)["state"] in ("head", "hr"),
    "swap_asked": lambda view, row: row["args"][0] in [one["id"] for one in view.swaps if one["state"] == "asked"],
    "swap_decide": lambda view, row: row["args"][0] in [one["id"] for one in view.swaps if one["state"] == "head"],
    "schedule_change": lambda view, row: row["person_id"] in [one["person_id"] for one in view.of(*ACTIVE)],
    "change_reminder": lambda view, row: row["person_id"] in [one["person_id"] for one in view.of("seat")],
    "course_cancelled": lambda view, row: view.course.cancelled,
}

ALL: tuple[Callable[[Step], None], ...] = (
    no_reminder_is_an_orphan,
    every_session_to_come_is_covered,
    a_due_reminder_goes_to_every_seat,
    the_end_is_planned_once,
    heads_do_not_hold_a_request_for_ever,
    what_is_told_is_so,
    nothing_is_left_of_a_cancelled_course,
)
