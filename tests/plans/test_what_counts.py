import pytest

from bot.errors import Refused
from bot.training import calendar, plan_actual, plan_fields, plans
from bot.training.plan_actual import Done, Paid, UnderWay
from bot.training.plans import Target
from bot.training.records import Tally
from tests.courses.classes import course
from tests.plans.planning import line, plan
from tests.results.classes import OVER, class_of, was_there
from tests.talking import ZONE, Chat, Office, at

COMMUNE = Target("QLNN", "Cấp xã", 2026, 5, 150)
ANY = Target("QLNN", "", None, 0, 400)


def test_a_line_counts_its_content_level_and_year_only() -> None:
    assert COMMUNE.counts("QLNN", "cấp  xã", 2026)
    assert ANY.counts("QLNN", "Cấp tỉnh", 2030)
    for other in (("PL", "Cấp xã", 2026), ("QLNN", "", 2026), ("QLNN", "Cấp xã", 2027)):
        assert not COMMUNE.counts(*other)


def test_a_line_within_another_is_not_added_up_with_it() -> None:
    law = Target("PL", "Cấp xã", None, 1, 0)
    assert COMMUNE.within(ANY)
    assert not ANY.within(COMMUNE)
    assert plans.added_up([COMMUNE, ANY, law]) == [ANY, law]


def test_what_counts_for_two_lines_is_one_turn_in_the_total() -> None:
    done = Done(
        [Tally(2026, "QLNN", "Cấp xã", "L1", 20, 3), Tally(2027, "QLNN", "", "l1", 10, 0)],
        [UnderWay(2026, "QLNN", "Cấp xã", 25)],
        [Paid(2026, "QLNN", "Cấp xã", 900), Paid(2026, "PL", "", 7)],
    )
    both = done.of([COMMUNE, ANY])
    assert (both.turns, both.failed, both.classes) == (30, 3, 1)
    assert (both.open_classes, both.open_seats, both.paid) == (1, 25, 900)
    assert done.of([]) == plan_actual.Actual(0, 0, 0, 0, 0, 0)


def test_a_figure_of_the_total_is_of_the_lines_that_promise_it() -> None:
    done = Done([Tally(2026, "QLNN", "Cấp xã", "L1", 20, 0), Tally(2026, "PL", "", "L2", 7, 0)])
    by_class = Target("PL", "", None, 4, 0)
    total = done.total([Target("QLNN", "", None, 0, 100), by_class])
    assert (total.turns, total.classes) == (20, 1)
    assert done.total([by_class]).turns == 7
    assert done.total([]) == done.of([])


async def before_a_plan(office: Office) -> Chat:
    hr = await office.person("Hạnh", hr=True)
    await plan(hr, years="2026")
    await line(hr, "Pháp luật", turns="2", classes="1", money="10tr")
    return hr


async def test_a_class_moves_from_under_way_to_done_when_it_is_closed_and_who_failed_is_told_apart(
    office: Office,
) -> None:
    hr = await before_a_plan(office)
    lan, nam = await office.person("Lan", code="A1"), await office.person("Nam", code="A2")
    course_id = await class_of(office, lan, nam, pass_mark=0, capacity=25)
    await was_there(office, lan, course_id, 20)
    office.clock.move_to(OVER)
    await hr.taps_data("plan:1")
    hr.sees("Pháp luật: 0/2 lượt (0 %), 0/1 lớp", "đang mở 1 lớp, 25 chỗ")
    await hr.taps_data(f"res_close_yes:{course_id}")
    await hr.taps_data("plan:1")
    hr.sees("Pháp luật: 1/2 lượt (50 %), 1/1 lớp", "1 lượt không hoàn thành")
    hr.sees_no("đang mở")


async def test_what_was_paid_for_classes_and_learners_is_told_against_the_plan(office: Office) -> None:
    hr, lan = await before_a_plan(office), await office.person("Lan", code="A1")
    course_id = await class_of(office, lan)
    async with office.store.transaction() as tx:
        sql = "insert into course_budget (course_id, source, planned, spent, at) values ($1, $2, 0, $3, 1)"
        await tx.execute(sql, course_id, "state", 3_000_000)
        await tx.execute(sql, course_id, "unit", 500_000)
        await tx.execute(
            """insert into support (course_id, person_id, item, payer, planned, planned_at, approved, paid)
            values ($1, $2, 'meals', 'unit', 200000, 1, 200000, 150000)""",
            course_id, lan.person_id,
        )  # fmt: skip
    await hr.taps_data("plan:1")
    hr.sees("đã chi 3.650.000/10.000.000 đồng")
    await hr.taps_data("plan_book:1")


async def test_what_is_cancelled_put_off_elsewhere_or_already_in_the_ledger_is_not_under_way(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    january = {"sessions_at": (("2027-01-02", "07:30", "11:30"),)}
    over_new_year = {"sessions_at": (("2026-12-31", "07:30", "11:30"), ("2027-01-01", "07:30", "11:30"))}
    await course(office, category="PL", capacity=25)
    await course(office, category="PL", capacity=1, state="cancelled")
    await course(office, category="PL", capacity=2, postponed_at=office.clock.now())
    await course(office, category="PL", capacity=4, **january)
    await course(office, category="PL", capacity=8, **over_new_year)
    told = await course(office, category="PL", capacity=16, code="CU1")
    async with office.store.transaction() as tx:
        await tx.execute(
            """insert into training_records (key, name, source, class_code, title, category, from_on, to_on, year,
                hours_tenths, outcome, at) values ('k', 'Lan', 'history', 'CU1', 'T', 'PL', '2026-01-01', '2026-01-02',
                2026, 80, 'completed', 1)"""
        )
        days = await calendar.load(tx, ZONE)
        done = await plan_actual.of_years(tx, hr.person_id, 2026, 2026, days)
        later = await plan_actual.of_years(tx, hr.person_id, 2027, 2027, days)
    assert told
    assert [one.seats for one in done.under_way] == [25]
    assert sorted(one.seats for one in later.under_way) == [4, 8]


async def test_the_last_second_of_a_year_is_local(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    course_id = await course(office, category="PL", capacity=25)
    async with office.store.transaction() as tx:
        days = await calendar.load(tx, ZONE)
        for instant, years in ((at("2026-12-31", "23:59"), [2026]), (at("2027-01-01", "00:00"), [])):
            await tx.execute("update courses set ends_at = $2 where id = $1", course_id, instant)
            done = await plan_actual.of_years(tx, hr.person_id, 2026, 2026, days)
            assert [one.year for one in done.under_way] == years


@pytest.mark.parametrize("words", ["", "abc", "2026-", "2026-2027-2028", "2026/2027", "20 26", "٢٠٢٦"])
def test_words_that_are_no_period_are_refused(words: str) -> None:
    with pytest.raises(Refused):
        plan_fields.years_of(words)
