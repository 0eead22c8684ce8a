from dataclasses import replace

import pytest

from bot.training import courses, enrolments, offers
from tests.courses.classes import course
from tests.nominations.test_hr_nominates_by_workbook import hr_of, sends
from tests.talking import Chat, Office


async def nominated(office: Office) -> tuple[Chat, Chat, int]:
    """HR, who has put Lan on a course by a list, and Lan with the offer before her."""
    lan, hr = await office.person("Lan"), await hr_of(office)
    course_id = await course(office, code="PL01", title="Luật Đất đai")
    await sends(hr, ("PL01", "XLan", "", "", ""))
    await hr.taps("Ghi nhận")
    await office.settle()
    lan.sees("Nhận chỗ")
    return hr, lan, course_id


async def test_an_offer_of_a_list_that_was_undone_says_so(office: Office) -> None:
    hr, lan, _ = await nominated(office)
    await hr.taps("Hoàn tác")
    await hr.taps("Có")
    for data in ("offer_yes:1", "offer_no:1"):
        await lan.taps_data(data)
        lan.sees("đã được rút lại", "danh sách đề cử có tên anh/chị đã được hoàn tác")
        lan.sees_no("hết")


async def test_an_offer_of_a_cancelled_course_says_so(office: Office) -> None:
    hr, lan, course_id = await nominated(office)
    await hr.taps_data(f"desk_cancel:{course_id}")
    await hr.sends("Không đủ kinh phí")
    await hr.taps("Huỷ lớp và báo")
    await lan.taps_data("offer_yes:1")
    lan.sees("rút lại", "đã huỷ", "Không đủ kinh phí")


async def test_an_offer_that_was_answered_says_how(office: Office) -> None:
    _, lan, course_id = await nominated(office)
    await lan.taps("Nhận chỗ")
    await lan.taps_data("offer_no:1")
    lan.sees("Anh/chị đã trả lời lời mời này", "đã nhận chỗ")
    await lan.taps_data(f"enrol_drop:{course_id}:work")
    await lan.taps_data("offer_yes:1")
    lan.sees("Anh/chị đã thôi học lớp Luật Đất đai")


async def test_an_offer_whose_time_is_over_says_only_that(office: Office) -> None:
    _, lan, _ = await nominated(office)
    office.clock.move_by(5 * 86_400)
    await lan.taps_data("offer_yes:1")
    lan.sees("Thời hạn nhận chỗ", "đã hết")
    lan.sees_no("trả lời")


@pytest.mark.parametrize(
    ("state", "reason", "by", "why"),
    [
        ("offered", None, None, "expired"),
        ("lapsed", offers.OUT_OF_TIME, None, "expired"),
        ("lapsed", "unconfirmed", None, "gone"),
        ("cancelled", "taken_off", 99, "withdrawn"),
        ("cancelled", "work", 1, "given_up"),
        ("withdrawn", "Bão", 99, "withdrawn"),
        ("seat", None, 1, "taken"),
        ("waiting", "put_back", 99, "waiting"),
        ("refused", None, 99, "refused"),
        ("declined", None, 1, "declined"),
    ],
)
async def test_every_end_of_an_offer_has_its_name(
    office: Office, state: str, reason: str | None, by: int | None, why: str
) -> None:
    lan, course_id = await office.person("Lan"), await course(office)
    await lan.taps_data(f"enrol:{course_id}")
    async with office.store.reading() as tx:
        found, one = await courses.find(tx, course_id), await enrolments.find(tx, 1)
    ended = replace(one, state=state, reason=reason)
    assert offers.why_over(found, ended, None if by is None else lan.person_id if by == 1 else by) == why
    assert offers.why_over(replace(found, state="cancelled"), ended, by) == "cancelled"
