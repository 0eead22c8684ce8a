"""Whatever workbook the desk gives, sent back as it is: a list shows no difference, a report is taken for no list."""

import pytest

from tests.attendance.rooms import session_of
from tests.console.test_class_console import opened
from tests.results.classes import OVER, class_of, was_there
from tests.talking import Chat, Office, at


async def full_class(office: Office) -> tuple[Chat, int]:
    """A class that is over, with attendance, marks, money, final results and a certificate."""
    hr = await office.person("Hạnh", unit="Sở Nội vụ", hr=True, code="H1")
    lan, minh = await office.person("Lan", code="A1"), await office.person("Minh", code="A2")
    deadline = at("2026-12-05", "23:59") + 59  # the last second of a day, as both doors write it
    course_id = await class_of(office, lan, minh, institution="Trường Chính trị", deadline=deadline)
    for person in (lan, minh):
        await was_there(office, person, course_id, 10)
    await hr.taps_data(f"money_plan:{course_id}:{lan.person_id}:tuition:unit")
    await hr.sends("1tr")
    office.clock.move_to(OVER)
    await office.settle()
    await hr.taps_data(f"att_set:{await session_of(office, course_id, 2)}:{lan.person_id}:present")
    for person, mark in ((lan, "8"), (minh, "7,5")):
        await hr.taps_data(f"res_one:{course_id}:{person.person_id}")
        await hr.sends(mark)
    await hr.taps_data(f"res_close_yes:{course_id}")
    await hr.taps_data(f"cert_issue:{course_id}:{lan.person_id}")
    await hr.sends("01/2026")
    await hr.taps("Hôm nay")
    return hr, course_id


def last_file(hr: Chat) -> bytes:
    (file,) = hr.arrived[-1].attachments
    return file.content


LISTS = {
    "learners": "desk_class_sheet:{0}",
    "marks": "res_sheet:{0}",
    "money": "money_sheet:{0}",
    "certificates": "cert_class_sheet:{0}",
    "course": "cx:{0}",
    "courses": "cx_all",
    "people": "people_sheet:0",
    "history": "history_sheet",
    "attendance of a session": "att_print:1",
    "attendance of all": "att_paper:{0}",
}
REPORTS = {
    "who was there": "att_matrix:{0}",
    "who has not": "who_not_file:rate:{0}",
    "register of certificates": "cert_register",
    "hours": "hours_sheet:0",
    "who was nominated": "nominate_sheet:{0}",
}


@pytest.mark.parametrize("name", LISTS)
async def test_a_list_sent_back_as_it_is_makes_no_difference(office: Office, name: str) -> None:
    hr, course_id = await full_class(office)
    await hr.taps_data(LISTS[name].format(course_id))
    await hr.uploads("lai.xlsx", last_file(hr))
    hr.sees("Không có gì thay đổi")
    hr.sees_no("[Ghi nhận]")
    hr.sees_no("Dòng lỗi")


@pytest.mark.parametrize("name", REPORTS)
async def test_a_report_sent_back_is_taken_for_no_list(office: Office, name: str) -> None:
    hr, course_id = await full_class(office)
    await hr.taps_data(REPORTS[name].format(course_id))
    await hr.uploads("lai.xlsx", last_file(hr))
    hr.sees_no("[Ghi nhận]")


async def test_the_class_offers_its_files_at_one_place(office: Office) -> None:
    hr, course_id = await full_class(office)
    await opened(hr, course_id)
    await hr.taps("Tệp, văn bản")
    hr.sees("Danh sách học viên", "Bảng điểm (Excel)", "Kinh phí (Excel)", "Chứng chỉ (Excel)", "Lớp (Excel)")
