"""What must be so after any step of the enrolment model. What the steps are is in test_enrolment_model."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.courses.enrolment_world import ACTIVE, Plain, View

# By which step a seat may be lost, and what is kept of it: (state, reason).
SILENT = ("lapsed", "unconfirmed")
LOSSES = {
    "gives_up": {("cancelled", "work")},
    "answers": {("cancelled", "schedule"), SILENT},
    "tick": {SILENT},
    "deliver": {SILENT},
    "swap_decided": {("cancelled", "swap")},
    "taken_off": {("cancelled", "taken_off")},
    "cancels": {("withdrawn", "x")},
}


@dataclass(frozen=True)
class Step:
    """One step and what was so before and after it."""

    verb: str
    before: View
    after: View
    refused: bool = False


def a_refusal_changes_nothing(step: Step) -> None:
    if step.refused:
        assert step.before.tables == step.after.tables
        assert step.before.course == step.after.course


def seats_and_offers_fit_the_course(step: Step) -> None:
    was, now = step.before, step.after
    assert len(now.of("seat", "offered")) <= now.course.capacity, "more seats and offers than places"
    taken, before = (len(view.of("head", "hr", "seat", "offered")) for view in (now, was))
    assert taken <= max(now.course.capacity, before), "a shrunk course may keep its requests, not gain any"


def seats_and_offers_fit_the_quotas(step: Step) -> None:
    was, now = step.before, step.after
    for group in (*now.quotas, *([0] if now.quotas else [])):
        firm, before = (sum(group in groups(now, row) for row in v.of("seat", "offered")) for v in (now, was))
        assert firm <= max(places_of(now, group), before), "more seats and offers than the quota"


def nobody_is_there_twice(step: Step) -> None:
    people = [row["person_id"] for row in step.after.enrolments if row["state"] in ACTIVE]
    assert len(people) == len(set(people)), "somebody is on the course twice"


def what_has_ended_stays_ended(step: Step) -> None:
    after = {row["id"]: row for row in step.after.enrolments}
    for row in step.before.enrolments:
        assert row["arrival"] == after[row["id"]]["arrival"], "a place in the line was changed"
        if row["state"] not in ACTIVE:
            assert after[row["id"]]["state"] == row["state"], "an enrolment came back to life"
        if row["state"] == "offered" and row["offer_expires_at"] <= step.after.now:
            assert after[row["id"]]["state"] not in ("head", "hr", "seat"), "an offer was taken when it was over"


def every_state_is_in_the_history(step: Step) -> None:
    last = {row["enrolment_id"]: row["state"] for row in step.after.tables["enrolment_history"]}
    assert all(last[row["id"]] == row["state"] for row in step.after.enrolments)


def offers_go_to_the_first_who_may(step: Step) -> None:
    waited = {row["id"] for row in step.before.of("waiting")}
    for offer in step.after.of("offered"):
        if offer["id"] in waited:
            passed = [row for row in step.after.of("waiting") if _line(row) < _line(offer)]
            assert all(kept_out(step.after, row) for row in passed), "the order of arrival was not kept"


def nobody_new_goes_past_who_waits(step: Step) -> None:
    known = {row["id"] for row in step.before.enrolments}
    fresh = [row for row in step.after.of(*ACTIVE) if row["id"] not in known]
    waiting = [row for row in step.after.of("waiting") if row["id"] in known]
    if any(row["state"] != "waiting" for row in fresh) and step.verb != "swap_decided":
        assert all(kept_out(step.after, row) for row in waiting), "a newcomer was let past somebody who waited"
    lined_up = [row for row in fresh if row["state"] == "waiting"]
    assert all(_line(new) > _line(old) for new in lined_up for old in waiting), "who comes back is not at the end"


def nobody_waits_beside_a_free_place(step: Step) -> None:
    now = step.after
    if now.stale or now.course.cancelled or now.now >= now.course.starts_at:
        return
    if len(now.of("head", "hr", "seat", "offered")) < now.course.capacity:
        assert all(kept_out(now, row) for row in now.of("waiting")), "somebody waits beside a free place"


def a_seat_is_lost_only_by_what_may_take_it(step: Step) -> None:
    after = {row["id"]: row for row in step.after.enrolments}
    lost = [after[r["id"]] for r in step.before.of("seat") if after[r["id"]]["state"] != "seat"]
    assert {(row["state"], row["reason"]) for row in lost} <= LOSSES.get(step.verb, set()), "a seat was lost"
    others = [row for row in lost if (row["state"], row["reason"]) != SILENT]
    assert step.verb == "cancels" or len(others) <= 1, "more seats were lost than given back"


def a_swap_never_leaves_a_moment_without_the_seat(step: Step) -> None:
    if step.verb.startswith("swap"):
        was, now = ([row["person_id"] for row in view.of("seat")] for view in (step.before, step.after))
        assert len(was) == len(now), "a swap changed the number of seats"
        assert len(set(was) ^ set(now)) in ((0, 2) if step.verb == "swap_decided" else (0,))
    seats = {row["id"] for row in step.after.of("seat")}
    assert all(row["enrolment_id"] in seats for row in step.after.swaps), "a swap outlives the seat it is about"


def another_course_is_left_alone(step: Step) -> None:
    was, now = (
        [row for row in view.tables["enrolments"] if row["course_id"] == view.quiet.id]
        for view in (step.before, step.after)
    )
    assert was == now
    assert step.before.quiet == step.after.quiet


def groups(view: View, row: Plain) -> list[int]:
    """Give the quotas that count a person: those over their unit, else 0 for the places left to all others."""
    above = _chain(view, view.unit_of[row["person_id"]])
    return [unit for unit in above if unit in view.quotas] or ([0] if view.quotas else [])


def places_of(view: View, group: int) -> int:
    if group:
        return view.quotas[group]
    top = [unit for unit in view.quotas if not any(one in view.quotas for one in _chain(view, unit)[1:])]
    return max(0, view.course.capacity - sum(view.quotas[unit] for unit in top))


def kept_out(view: View, row: Plain) -> bool:
    """Tell whether a quota keeps somebody waiting."""
    taken = view.of("head", "hr", "seat", "offered")
    return any(sum(g in groups(view, one) for one in taken) >= places_of(view, g) for g in groups(view, row))


def _chain(view: View, unit: int | None) -> list[int]:
    found = []
    while unit is not None:
        found.append(unit)
        unit = view.parent_of[unit]
    return found


def _line(row: Plain) -> tuple[int, int]:
    return row["arrival"], row["id"]


ALL: tuple[Callable[[Step], None], ...] = (
    a_refusal_changes_nothing,
    seats_and_offers_fit_the_course,
    seats_and_offers_fit_the_quotas,
    nobody_is_there_twice,
    what_has_ended_stays_ended,
    every_state_is_in_the_history,
    offers_go_to_the_first_who_may,
    nobody_new_goes_past_who_waits,
    nobody_waits_beside_a_free_place,
    a_seat_is_lost_only_by_what_may_take_it,
    a_swap_never_leaves_a_moment_without_the_seat,
    another_course_is_left_alone,
)
