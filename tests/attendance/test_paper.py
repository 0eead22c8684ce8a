import io
from typing import Any

import openpyxl
import pytest

from tests.attendance.rooms import BEGINS, DAY, ENDS, code_of, logged, recorded, room, session_of, state, teacher
from tests.people_sheets import AN, sheet
from tests.talking import Chat, Office, at

HEADER = 6  # the row of the headings
STATE, REASON = 6, 7


def book_of(chat: Chat) -> Any:
    (file,) = chat.arrived[-1].attachments
    return openpyxl.load_workbook(io.BytesIO(file.content))


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def fill(page: Any, **told: str | tuple[str, str]) -> None:
    """Write states (and reasons) beside names."""
    for row in page.iter_rows(min_row=HEADER + 1):
        if row[2].value in told:
            state_and_reason = told[row[2].value]
            one, reason = (state_and_reason, None) if isinstance(state_and_reason, str) else state_and_reason
            row[STATE - 1].value, row[REASON - 1].value = one, reason


async def printed(hr: Chat, session_id: int) -> Any:
    await hr.taps_data(f"att_print:{session_id}")
    return book_of(hr)


async def test_the_list_is_made_for_a_sheet_of_a4_that_people_sign(office: Office) -> None:
    _, session_id, _ = await room(office, "Lan", "Minh", code="PL1")
    hr = await office.person("Hạnh", hr=True)
    page = (await printed(hr, session_id)).active
    assert [cell.value for cell in page[HEADER]] == [
        "STT",
        "Mã",
        "Họ và tên",
        "Đơn vị",
        "Ký tên",
        "Trạng thái",
        "Lý do",
    ]
    assert [page.cell(row, 1).value for row in range(1, HEADER)][:4] == [
        "DANH SÁCH ĐIỂM DANH",
        "Lớp: Luật Đất đai",
        "Buổi 1: thứ Hai 07/12/2026, 07:30–11:30, Phòng họp số 2",
        "Mã buổi: PL1/1",
    ]
    assert (page.page_setup.orientation, str(page.page_setup.paperSize)) == ("portrait", "9")
    assert [page.cell(row, 3).value for row in (7, 8, 9)] == ["Lan", "Minh", None]
    assert await logged(office, "attendance.print")


async def test_a_whole_course_is_a_sheet_a_session_and_comes_back_as_one_file(office: Office) -> None:
    days = (("2026-12-07", "07:30", "11:30"), ("2026-12-08", "07:30", "11:30"))
    course_id, first, (lan, minh) = await room(office, "Lan", "Minh", sessions_at=days)
    second = await session_of(office, course_id, 2)
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data(f"att_paper:{course_id}")
    book = book_of(hr)
    assert book.sheetnames == ["Buổi 1", "Buổi 2"]
    fill(book["Buổi 1"], Lan="x", Minh="vắng")
    fill(book["Buổi 2"], Lan="muộn", Minh="x")
    office.clock.move_to(at("2026-12-09"))
    await hr.uploads("diem-danh.xlsx", saved(book))
    hr.sees("Điểm danh – diem-danh.xlsx", "chưa ghi gì", "Ghi mới hoặc thay đổi: 4")
    assert await state(office, first, lan) is None
    await hr.taps("Ghi nhận")
    hr.sees("Đã ghi", "Ghi mới hoặc thay đổi: 4")
    told = [await state(office, s, who) for s in (first, second) for who in (lan, minh)]
    assert told == ["present", "absent", "late", "present"]


WORDS = [
    ("x", "present"), ("X", "present"), ("✓", "present"), ("Có", "present"), ("có mặt", "present"), ("1", "present"),
    ("muộn", "late"), ("Đi muộn", "late"), ("trễ", "late"), ("về sớm", "left_early"), ("nửa buổi", "half"),
    ("1/2", "half"), ("vắng", "absent"), ("Vắng mặt", "absent"), ("KP", "absent"), ("k", "absent"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "meant"), WORDS)
async def test_the_words_of_offices_are_understood(office: Office, word: str, meant: str) -> None:
    _, session_id, (lan,) = await room(office, "Lan")
    hr = await office.person("Hạnh", hr=True)
    book = await printed(hr, session_id)
    fill(book.active, Lan=word)
    office.clock.move_to(ENDS)
    await hr.uploads("a.xlsx", saved(book))
    await hr.taps("Ghi nhận")
    assert await state(office, session_id, lan) == meant


async def test_the_same_sheet_twice_changes_nothing(office: Office) -> None:
    course_id, session_id, (lan, minh) = await room(office, "Lan", "Minh")
    hr = await office.person("Hạnh", hr=True)
    book = await printed(hr, session_id)
    fill(book.active, Lan=("có phép", "Ốm"), Minh="vắng")
    office.clock.move_to(BEGINS)
    await minh.sends(await code_of(office, session_id))
    for _ in range(2):
        await hr.uploads("a.xlsx", saved(book))
        if "Ghi nhận" in hr.last:
            await hr.taps("Ghi nhận")
    await hr.uploads("a.xlsx", saved(book))
    hr.sees("Không có gì thay đổi", "Giữ nguyên: 2")
    hr.sees_no("Ghi nhận")
    assert (await state(office, session_id, lan), await state(office, session_id, minh)) == ("excused", "present")
    assert len(await logged(office, "attendance.mark")) == 1
    await hr.taps_data(f"att_dec:{course_id}")
    hr.sees("1. Minh (Xã Trí Phải): hai ghi nhận khác nhau")
    await hr.taps("Minh")
    await hr.taps("Giữ như đang ghi")
    await hr.uploads("a.xlsx", saved(book))
    hr.sees("Không có gì thay đổi")


async def test_a_list_printed_again_tells_what_is_known_and_comes_back_without_change(office: Office) -> None:
    _, session_id, (lan, minh, _nga) = await room(office, "Lan", "Minh", "Nga")
    hr = await office.person("Hạnh", hr=True)
    office.clock.move_to(BEGINS + 3600)
    await lan.sends(await code_of(office, session_id))
    await hr.taps_data(f"att_set:{session_id}:{minh.person_id}:excused")
    await hr.sends("Con ốm")
    book = await printed(hr, session_id)
    assert [[book.active.cell(row, c).value for c in (3, 6, 7)] for row in (7, 8, 9)] == [
        ["Lan", "muộn", None],
        ["Minh", "có phép", "Con ốm"],
        ["Nga", None, None],
    ]
    await hr.uploads("a.xlsx", saved(book))
    hr.sees("Không có gì thay đổi", "Giữ nguyên: 2")


async def test_code_and_sheet_that_agree_are_merged_and_the_clock_keeps_who_was_late(office: Office) -> None:
    _, session_id, (lan, minh) = await room(office, "Lan", "Minh")
    hr = await office.person("Hạnh", hr=True)
    book = await printed(hr, session_id)
    fill(book.active, Lan="x", Minh="về sớm")
    office.clock.move_to(BEGINS + 3600)
    for chat in (lan, minh):
        await chat.sends(await code_of(office, session_id))
    await hr.uploads("a.xlsx", saved(book))
    hr.sees("Ghi mới hoặc thay đổi: 1", "Giữ nguyên: 1")
    await hr.taps("Ghi nhận")
    assert (await state(office, session_id, lan), await state(office, session_id, minh)) == ("late", "left_early")


async def test_a_contradiction_shows_both_values_and_hr_decides(office: Office) -> None:
    course_id, session_id, (lan,) = await room(office, "Lan")
    hr, binh = await office.person("Hạnh", hr=True), await teacher(office, "Bình", course_id)
    book = await printed(hr, session_id)
    fill(book.active, Lan="vắng")
    office.clock.move_to(at(DAY, "07:32"))
    await lan.sends(await code_of(office, session_id))
    office.clock.move_to(at(DAY, "13:00"))
    await hr.uploads("a.xlsx", saved(book))
    hr.sees("Trái với mã người học đã gửi: 1")
    await hr.taps("Ghi nhận")
    await binh.taps_data(f"att_dec:{course_id}")
    binh.sees("Không còn việc nào chờ anh/chị", "1 việc khác do bộ phận tổ chức cán bộ")
    await hr.taps_data(f"att_p:{session_id}:{lan.person_id}")
    hr.sees("Đang ghi: có mặt", "ghi nhận khác nhau đang chờ")
    await hr.taps_data(f"att_dec:{course_id}")
    await hr.taps("Lan")
    hr.sees("Đang ghi: có mặt (tự báo bằng mã, Lan, thứ Hai 07/12/2026, 07:32)")
    hr.sees("Ghi nhận khác: vắng (theo tệp Excel, Hạnh, thứ Hai 07/12/2026, 13:00)")
    await hr.taps("Lấy ghi nhận khác")
    presence = await recorded(office, session_id, lan)
    assert presence is not None
    assert (presence.state, presence.tenths, presence.at) == ("absent", 0, at(DAY, "07:32"))
    assert len(await logged(office, "attendance.decide")) == 1


async def test_bad_rows_come_back_red_and_the_good_ones_are_kept(office: Office) -> None:
    _, session_id, chats = await room(office, "Lan", "Minh", "Nga", "Oanh", "Phúc")
    lan = chats[0]
    await office.person("Người Ngoài")
    hr = await office.person("Hạnh", hr=True)
    book = await printed(hr, session_id)
    page = book.active
    fill(page, Lan="x", Minh="ừ", Nga="có phép", Phúc=("", "Ốm"))
    page.append([None, "XNgười Ngoài", "Người Ngoài", "", None, "x", None])
    page.append([None, "XOanh", "Lan", "", None, "x", None])
    page.append([None, "XLan", "Lan", "", None, "vắng", None])
    office.clock.move_to(ENDS)
    await hr.uploads("a.xlsx", saved(book))
    hr.sees("Ghi mới hoặc thay đổi: 1", "Dòng lỗi, để lại: 6", "không hiểu “ừ”")
    red = {
        row[2].value or row[1].value: row[-1].value for row in book_of(hr).active.iter_rows(min_row=7) if row[-1].value
    }
    assert "thiếu lý do" in red["Nga"]
    assert "còn trống nhưng có lý do" in red["Phúc"]
    assert "không có trong danh sách lớp" in red["Người Ngoài"]
    assert "không khớp với mã" in red["Lan"] or "hai dòng ghi khác nhau" in red["Lan"]
    await hr.taps("Ghi nhận")
    assert await state(office, session_id, lan) == "present"


@pytest.mark.parametrize("mark", ["Mã buổi: KHÔNG/9", "Mã buổi: PL1/7"])
async def test_a_sheet_of_no_known_session_is_refused(office: Office, mark: str) -> None:
    _, session_id, (lan,) = await room(office, "Lan", code="PL1")
    hr = await office.person("Hạnh", hr=True)
    book = await printed(hr, session_id)
    fill(book.active, Lan="x")
    book.active.cell(4, 1).value = mark
    office.clock.move_to(ENDS)
    await hr.uploads("a.xlsx", saved(book))
    hr.sees("không có buổi học nào mang mã", "Chưa ghi được gì: 1 dòng lỗi")
    assert await state(office, session_id, lan) is None


async def test_a_sheet_of_a_session_to_come_is_refused(office: Office) -> None:
    _, session_id, (lan,) = await room(office, "Lan")
    hr = await office.person("Hạnh", hr=True)
    book = await printed(hr, session_id)
    fill(book.active, Lan="x")
    await hr.uploads("a.xlsx", saved(book))
    hr.sees("chưa bắt đầu")
    assert await state(office, session_id, lan) is None


async def test_a_lecturer_sends_the_sheet_of_their_own_class_only(office: Office) -> None:
    course_id, session_id, (lan,) = await room(office, "Lan")
    _other, other_session, (minh,) = await room(office, "Minh", title="Lớp khác")
    hr, binh = await office.person("Hạnh", hr=True), await teacher(office, "Bình", course_id)
    office.clock.move_to(ENDS)
    foreign = await printed(hr, other_session)
    fill(foreign.active, Minh="vắng")
    own = await printed(hr, session_id)
    fill(own.active, Lan="x")
    await binh.taps_data(f"att_file:{course_id}")
    await binh.uploads("a.xlsx", saved(foreign))
    binh.sees_no("Minh")
    assert "Ghi nhận" not in binh.last
    await binh.taps_data(f"att_file:{course_id}")
    await binh.uploads("a.xlsx", saved(own))
    await binh.taps("Ghi nhận")
    binh.sees("Đã ghi")
    await binh.taps("Quay lại")
    binh.sees("Luật Đất đai")
    assert (await state(office, session_id, lan), await state(office, other_session, minh)) == ("present", None)


async def test_a_lecturer_cannot_bring_in_a_staff_list_by_this_door(office: Office) -> None:
    course_id, _, _ = await room(office, "Lan")
    binh = await teacher(office, "Bình", course_id)
    await binh.taps_data(f"att_file:{course_id}")
    await binh.uploads("ds.xlsx", sheet(AN))
    binh.sees("còn thiếu cột: Mã buổi")
    await binh.uploads("ds.xlsx", sheet(AN))
    binh.sees_no("Ghi nhận")
    async with office.store.reading() as tx:
        assert await tx.fetchval("select count(*) from people where code = 'A1'") == 0


async def test_the_table_of_a_course_tells_states_hours_and_share(office: Office) -> None:
    days = (("2026-12-07", "07:30", "11:30"), ("2026-12-08", "07:30", "11:30"))
    course_id, first, (lan, _minh) = await room(office, "Lan", "Minh", sessions_at=days)
    hr = await office.person("Hạnh", hr=True)
    office.clock.move_to(at("2026-12-09"))
    await hr.taps_data(f"att_set:{first}:{lan.person_id}:half")
    await hr.taps_data(f"att_matrix:{course_id}")
    page = book_of(hr).active
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=3)]
    assert rows[0][4:] == ["Buổi 1 (07/12/2026)", "Buổi 2 (08/12/2026)", "Số tiết", "Tỷ lệ (%)"]
    assert rows[1][2:] == ["Lan", "Xã Trí Phải", "nửa buổi", None, 2, 25]
    assert rows[2][2:] == ["Minh", "Xã Trí Phải", None, None, 0, 0]
    assert "Người lập: Hạnh" in page.cell(2, 1).value
    assert len(await logged(office, "attendance.export")) == 1
