import io

import icalendar
import openpyxl
import pytest

from tests.courses.classes import course, seated, state_of
from tests.courses.test_calendar_file import events
from tests.schedule_changes.changing import a_class, changed, gives_up, news, previewed, rows
from tests.talking import Office, at


async def test_a_session_goes_online_and_the_calendar_follows(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan")
    before = await events(lan)
    await changed(office, hr, course_id, 2, "online", "vào https://hop.example.gov.vn/a nhé")
    lan.sees(
        "Buổi 2: thứ Ba 08/12/2026, 07:30–11:30, Phòng họp số 2 → học trực tuyến tại https://hop.example.gov.vn/a",
        "Tôi còn đi được",
    )
    after = await events(lan)
    assert after.keys() == before.keys()
    event = after["session-2@boiduong"]
    assert (str(event["URL"]), int(event["SEQUENCE"])) == ("https://hop.example.gov.vn/a", 1)
    assert "LOCATION" not in event
    (row,) = await rows(office, "select mode from courses")
    assert row["mode"] == "ket_hop"


async def test_the_whole_course_goes_online(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan")
    await changed(office, hr, course_id, 0, "online", "https://hop.example.gov.vn/a")
    lan.sees(
        "Buổi 1: thứ Hai 07/12/2026, 07:30–11:30, Phòng họp số 2 → học trực tuyến tại https",
        "Buổi 2: thứ Ba 08/12/2026, 07:30–11:30, Phòng họp số 2 → học trực tuyến tại https",
    )
    (row,) = await rows(office, "select mode from courses")
    assert row["mode"] == "truc_tuyen"
    await changed(office, hr, course_id, 0, "place", "Hội trường B")
    (row,) = await rows(office, "select mode from courses")
    assert row["mode"] == "truc_tiep"


async def test_a_dropped_session_is_cancelled_in_calendars_and_asks_nothing(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan")
    await previewed(hr, course_id, 2, "drop")
    hr.sees("thứ Ba 08/12/2026, 07:30–11:30, Phòng họp số 2 → không học")
    hr.sees_no("48 giờ")
    await hr.taps("Ghi nhận")
    await office.settle()
    lan.sees("không học")
    lan.sees_no("Tôi còn đi được")
    event = (await events(lan))["session-2@boiduong"]
    assert (str(event["STATUS"]), int(event["SEQUENCE"])) == ("CANCELLED", 1)
    assert isinstance(event, icalendar.Event)
    pending = "select * from milestones where subject = 'session:2' and state = 'pending'"
    assert await rows(office, pending) == []


async def test_the_whole_course_moves_by_days_or_to_a_day(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan")
    await changed(office, hr, course_id, 0, "shift", "7 ngày")
    lan.sees("07/12/2026, 07:30–11:30 → thứ Hai 14/12/2026", "08/12/2026, 07:30–11:30 → thứ Ba 15/12/2026")
    await changed(office, hr, course_id, 0, "shift", "16/12")
    lan.sees("14/12/2026, 07:30–11:30 → thứ Tư 16/12/2026", "15/12/2026, 07:30–11:30 → thứ Năm 17/12/2026")


async def test_a_course_is_put_off_without_a_day_and_gets_one_later(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan", capacity=1)
    mai = await office.person("Mai")
    await mai.taps_data(f"enrol:{course_id}")
    await previewed(hr, course_id, 0, "postpone")
    hr.sees("→ chưa định ngày", "lời nhắc dừng cho đến khi định ngày mới")
    await hr.taps("Ghi nhận")
    hr.sees("Đã tạm hoãn lớp Lớp mẫu", "→ chưa định ngày", "lời nhắc dừng cho đến khi anh/chị định ngày mới")
    hr.sees_no("lịch mới")
    hr.sees_no("không học")
    await office.settle()
    lan.sees("tạm hoãn, chưa định ngày mới", "→ chưa định ngày", "Đăng ký của anh/chị vẫn giữ")
    lan.sees_no("không học")
    for chat, data in ((hr, "desk_history"), (lan, "changes")):
        await chat.taps_data(f"{data}:{course_id}")
        chat.sees("Tạm hoãn", "→ chưa định ngày")
        chat.sees_no("không học")
    lan.sees_no("Tôi còn đi được")
    assert await rows(office, "select * from milestones where state = 'pending'") == []
    nga = await office.person("Nga")
    await nga.taps_data(f"enrol:{course_id}")
    nga.sees("đang tạm hoãn, chưa định ngày mới")
    await lan.sends("/lich")
    lan.sees("Tạm hoãn, chưa định ngày mới", "Lớp mẫu")
    assert {str(event["STATUS"]) for event in (await events(lan)).values()} == {"CANCELLED"}
    await lan.taps_data(f"course:{course_id}")
    lan.sees("Lớp đang tạm hoãn")
    await hr.taps_data(f"desk_course:{course_id}")
    hr.sees("Lớp đang tạm hoãn", "Khai giảng: chưa định ngày")
    await office.time_passes(at("2026-12-21"), step=12 * 3600)  # over its old dates nothing happens
    assert await state_of(office, lan, course_id) == ["seat"]
    assert await state_of(office, mai, course_id) == ["waiting"]
    assert len(lan.pushed) == 1
    await changed(office, hr, course_id, 0, "resume", "11/01/2027")
    lan.sees("chưa có lịch → thứ Hai 11/01/2027, 07:30–11:30", "thứ Ba 12/01/2027", "Tôi còn đi được")
    await lan.taps("Tôi còn đi được")
    assert {str(event["STATUS"]) for event in (await events(lan)).values()} == {"CONFIRMED"}
    await office.time_passes(at("2027-01-11"), step=6 * 3600)
    assert [kind for _, kind, _ in lan.pushed].count("session_reminder") >= 2


async def test_a_session_dropped_before_the_course_is_put_off_waits_for_no_day(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan")
    await previewed(hr, course_id, 2, "drop")
    await hr.taps("Ghi nhận")
    await changed(office, hr, course_id, 0, "postpone")
    lan.sees("Buổi 1: thứ Hai 07/12/2026, 07:30–11:30, Phòng họp số 2 → chưa định ngày")
    lan.sees("Buổi 2: thứ Ba 08/12/2026, 07:30–11:30, Phòng họp số 2 → không học")


async def test_a_course_put_off_can_still_be_cancelled(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan")
    await changed(office, hr, course_id, 0, "postpone")
    await hr.taps_data(f"desk_change_what:{course_id}:0")
    hr.sees("Định ngày mới", "Huỷ lớp")
    await hr.taps("Huỷ lớp")
    await hr.sends("Không đủ kinh phí")
    await hr.taps("Huỷ lớp và báo")
    await office.settle()
    lan.sees("đã huỷ", "Không đủ kinh phí")


async def test_a_day_off_is_asked_about_once_more(office: Office) -> None:
    course_id, hr, (_lan,) = await a_class(office, "Lan")
    await previewed(hr, course_id, 1, "move", "01/01/2027")
    await hr.taps("Ghi nhận")
    hr.sees("rơi vào ngày nghỉ (thứ Sáu 01/01/2027)", "Vẫn ghi nhận")
    assert await rows(office, "select * from schedule_changes") == []
    await hr.taps("Vẫn ghi nhận")
    hr.sees("Đã ghi lịch mới")


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("move", "hôm nào rảnh", "Tôi chưa hiểu “hôm nào rảnh”"),
        ("move", "31/02/2027", "Không có ngày “31/02/2027”"),
        ("move", "10/12/1926", "đã qua"),
        ("move", "20/11/2026", "đã qua"),
        ("move", "10/12/2062", "quá xa"),
        ("move", "10/12/2026 17:00-13:30", "kết thúc trước khi bắt đầu"),
        ("move", "25h", "không phải giờ"),
        ("move", "08/12/2026 09:00-10:00", "trùng với buổi 2 của chính lớp này"),
        ("move", "07/12/2026 7h30-11h30", "không có gì để đổi"),
        ("online", "phòng Zoom", "đường dẫn bắt đầu bằng https://"),
        ("place", "P" * 300, "không quá 200 ký tự"),
    ],
)
async def test_what_cannot_be_is_refused_and_can_be_typed_anew(
    office: Office, kind: str, typed: str, words: str
) -> None:
    course_id, hr, _ = await a_class(office)
    await hr.taps_data(f"desk_change_kind:{course_id}:1:{kind}")
    await hr.sends(typed)
    hr.sees(words)
    await hr.sends("10/12/2026" if kind == "move" else "https://hop.vn/b")
    hr.sees("Vì sao đổi?")


@pytest.mark.parametrize("typed", ["0", "999", "tuần sau", "01/01/1926"])
async def test_a_shift_that_makes_no_sense_is_refused(office: Office, typed: str) -> None:
    course_id, hr, _ = await a_class(office)
    await hr.taps_data(f"desk_change_kind:{course_id}:0:shift")
    await hr.sends(typed)
    hr.sees_no("Vì sao đổi?")
    hr.sees_no("sự cố")


async def test_the_only_session_is_not_dropped(office: Office) -> None:
    course_id, hr, _ = await a_class(office, sessions_at=(("2026-12-07", "07:30", "11:30"),))
    await hr.taps_data(f"desk_change_kind:{course_id}:1:drop")
    hr.sees("Lớp chỉ còn buổi 1")


async def test_what_has_begun_or_is_over_stays_as_it_was(office: Office) -> None:
    course_id, hr, _ = await a_class(office)
    office.clock.move_to(at("2026-12-07", "09:00"))
    await hr.taps_data(f"desk_change:{course_id}")
    hr.sees_no("Buổi 1 ·")
    await hr.taps_data(f"desk_change_kind:{course_id}:1:drop")
    hr.sees("Buổi 1 đã bắt đầu")
    await hr.taps_data(f"class_edit:{course_id}")
    hr.sees("Đổi lịch", "Lịch sử thay đổi")
    office.clock.move_to(at("2026-12-08", "11:30"))
    await hr.taps_data(f"class_edit:{course_id}")
    hr.sees_no("Đổi lịch")
    for kind in ("postpone", "shift"):
        await hr.taps_data(f"desk_change_kind:{course_id}:0:{kind}")
        hr.sees("đã kết thúc thứ Ba 08/12/2026 nên không đổi lịch được nữa")
    await hr.taps_data(f"desk_change_what:{course_id}:0")
    hr.sees("không đổi lịch được nữa")
    await hr.taps_data(f"desk_change:{course_id}")
    hr.sees("đã kết thúc")
    await hr.taps("Lịch sử thay đổi")
    await hr.taps("Quay lại")
    hr.sees("Anh/chị muốn thay đổi gì")


async def test_forged_buttons_change_nothing(office: Office) -> None:
    course_id, hr, _ = await a_class(office)
    other = await course(office, title="Lớp khác", sessions_at=(("2026-12-20", "08:00", "10:00"),))
    for data in (
        f"desk_change_what:{course_id}:3", f"desk_change_kind:{course_id}:0:drop", f"desk_change_kind:{course_id}:1:x",
        f"desk_change_kind:{course_id}:3:drop",
    ):  # fmt: skip
        await hr.taps_data(data)
        hr.sees("không còn dùng được")
    await previewed(hr, course_id, 1, "move", "10/12/2026")
    await hr.taps_data(f"desk_change_go:{other}:1")
    hr.sees("Đổi lịch lớp Lớp khác")
    assert await rows(office, "select * from schedule_changes") == []


async def test_only_hr_of_the_owner_changes_a_schedule(office: Office) -> None:
    course_id, hr, (lan,) = await a_class(office, "Lan")
    clerk = await office.person("Hoa", unit="Xã Khánh Hưng")
    async with office.store.transaction() as tx:
        unit_id = await tx.fetchval("select unit_id from people where id = $1", clerk.person_id)
        await tx.execute(
            "insert into rights (person_id, role, unit_id, granted_at) values ($1, 'hr', $2, 1)",
            clerk.person_id, unit_id,
        )  # fmt: skip
    for person in (lan, clerk):
        for data in (
            f"desk_change:{course_id}",
            f"desk_change_kind:{course_id}:1:drop",
            f"desk_change_go:{course_id}:1",
        ):
            await person.taps_data(data)
            person.sees("người được phân quyền")
    await changed(office, hr, course_id, 1, "move", "10/12/2026")
    await clerk.taps_data(f"desk_answers:{course_id}")
    clerk.sees_no("Lan")  # a course of the whole may be looked at, with one's own people only


async def test_the_class_list_has_the_answers(office: Office) -> None:
    course_id, hr, (lan, _mai, nga) = await a_class(office, "Lan", "Mai", "Nga")
    await changed(office, hr, course_id, 1, "move", "10/12/2026")
    await lan.taps("Tôi còn đi được")
    await gives_up(nga)
    await hr.taps_data(f"desk_class_sheet:{course_id}")
    book = openpyxl.load_workbook(io.BytesIO(hr.arrived[-1].attachments[0].content))
    assert [row[-1].value for row in book.active.iter_rows()][-3:] == ["Sau đổi lịch", "Đi được", "Chưa trả lời"]
    answers = [[row[1].value, row[5].value] for row in book["Sau đổi lịch"].iter_rows()]
    assert answers[1:] == [["Mai", "Chưa trả lời"], ["Nga", "Không đi được"], ["Lan", "Đi được"]]


async def test_a_postponed_course_stays_put_off_when_its_old_list_is_sent_again(office: Office) -> None:
    from tests.schedule_changes.test_changes_in_a_row import imported

    await imported(office, {})
    lan, hr = await office.person("Lan"), await office.person("Hạnh", hr=True)
    await seated(office, lan, 1)
    await changed(office, hr, 1, 0, "postpone")
    await imported(office, {"Cần mang theo": "Bút"})
    (row,) = await rows(office, "select bring, postponed_at from courses")
    assert row["bring"] == "Bút"
    assert row["postponed_at"] is not None
    await imported(office, {"Ngày": "14/12/2026"})
    await office.settle()
    assert len(news(lan)) == 2
    lan.sees("chưa có lịch → thứ Hai 14/12/2026", "Tôi còn đi được")
    (row,) = await rows(office, "select starts_at, postponed_at from courses")
    assert (row["starts_at"], row["postponed_at"]) == (at("2026-12-14", "07:30"), None)
