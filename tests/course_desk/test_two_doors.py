"""The same course through the chat's form and through a workbook: the same rows, the same refusals."""

import io
from typing import Any

import openpyxl

from tests.course_desk.people import unit_id
from tests.talking import Chat, Office

WORDS = {
    "kind": ("Loại hình", "Tham quan học tập"), "title": ("Tên lớp", "Lớp hai cửa"), "category": ("Mã loại", "CDS"),
    "tags": ("Thẻ", "PL, CCHC"), "level": ("Cấp độ", "nâng cao"), "objective": ("Mục tiêu", "Vận dụng"),
    "hours_theory": ("Tiết lý thuyết", "4"), "hours_practice": ("Tiết thực hành", "8"),
    "mode": ("Hình thức", "Kết hợp"), "audience": ("Đối tượng", "CB, CC"),
    "only_titles": ("Chức danh", "Chủ tịch; Bí thư"), "only_ranks": ("Ngạch", "Chuyên viên"),
    "only_units": ("Đơn vị được dự", "Xã A; Xã B"),
    "only_leaders": ("Chỉ lãnh đạo", "có"), "capacity": ("Chỉ tiêu", "30"),
    "quotas": ("Chỉ tiêu đơn vị", "Xã A: 5; Xã B: 3"), "deadline": ("Hạn đăng ký", "03/12/2026"),
    "approve_until": ("Hạn duyệt", "04/12/2026"), "lecturer": ("Giảng viên", "TS. An; ThS. Mùa"),
    "institution": ("Cơ sở đào tạo", "Trường Chính trị"), "payer": ("Đơn vị chi trả", "Đơn vị cử đi"),
    "document": ("Số văn bản", "100/KH"), "document_on": ("Ngày văn bản", "12/11/2026"),
    "contact": ("Người liên hệ (mã)", "XHạnh"), "bring": ("Cần mang theo", "Máy tính"),
    "needs_head": ("Thủ trưởng duyệt", "không"), "needs_hr": ("HR duyệt", "x"), "mandatory": ("Bắt buộc", "x"),
    "attendance_share": ("Tỷ lệ dự", "90"), "pass_mark": ("Điểm đạt", "5,5"), "owner": ("Đơn vị mở lớp", "Xã A"),
}  # fmt: skip
SESSIONS = (("07/12/2026", "07:30", "11:30", "4", "Phòng 2"), ("08/12/2026", "13:30", "17:00", "5", "https://h.vn/a"))
OWN = ("id", "code", "copied_from")


def workbook(**changed: str) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    told = {heading: changed.get(key, words) for key, (heading, words) in WORDS.items()}
    page.append(["Mã lớp", *told, "Ngày", "Giờ bắt đầu", "Giờ kết thúc", "Số tiết", "Địa điểm"])
    for session in SESSIONS:
        page.append(["L1", *told.values(), *session])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def ready(office: Office) -> Chat:
    for name in ("Xã A", "Xã B"):
        await unit_id(office, name)
    return await office.person("Hạnh", hr=True)


async def by_chat(hr: Chat, draft: int = 1, **changed: str) -> None:
    await hr.taps_data("cd_new")
    for key, (_, words) in WORDS.items():
        await hr.taps_data(f"cd_ask:{draft}:{key}")
        await hr.sends(changed.get(key, words))
    for number, (day, start, end, hours, place) in enumerate(SESSIONS):
        for part, words in (("day", f"{day} {start}-{end}"), ("hours", hours), ("place", place)):
            await hr.taps_data(f"cd_s_ask:{draft}:{number}:{part}")
            await hr.sends(words)
    await hr.taps_data(f"cd_open:{draft}")


async def stored(office: Office, course_id: int) -> list[dict[str, Any]]:
    """All that is kept of a course, without its own numbers."""
    async with office.store.reading() as tx:
        course = await tx.fetchrow("select * from courses where id = $1", course_id)
        held = await tx.fetch("select * from sessions where course_id = $1 order by number", course_id)
        quotas = await tx.fetch("select * from course_quotas where course_id = $1 order by unit_id", course_id)
        teach = await tx.fetch("select * from course_lecturers where course_id = $1 order by lecturer_id", course_id)
        steps = await tx.fetch(
            """select step, due_at from milestones m join sessions s on m.subject = 'session:' || cast(s.id as text)
            where s.course_id = $1 order by due_at, step""", course_id,
        )  # fmt: skip
    rows = [course, *held, *quotas, *teach, *steps]
    return [{key: row[key] for key in row.keys() if key not in (*OWN, "course_id")} for row in rows]  # noqa: SIM118


async def test_a_course_told_in_the_chat_is_the_one_told_by_a_workbook(office: Office) -> None:
    hr = await ready(office)
    await by_chat(hr)
    await hr.taps("Mở đăng ký")
    assert hr.sees("CDS26-01")
    await hr.uploads("lop.xlsx", workbook())
    await hr.taps("Ghi nhận")
    told, written = await stored(office, 1), await stored(office, 2)
    assert told == written
    assert len(told) > 8


async def test_both_doors_refuse_the_same_in_the_same_words(office: Office) -> None:
    hr = await ready(office)
    for draft, (key, words, said) in enumerate((
        ("capacity", "7", "nhiều hơn chỉ tiêu của lớp (8 > 7)"),
        ("quotas", "Xã Z: 1", "không có đơn vị “Xã Z”"),
        ("pass_mark", "11", "“11” không phải điểm từ 0 đến 10"),
        ("deadline", "03/12/1926", "năm của “03/12/1926” không hợp lý"),
        ("contact", "KHONG", "không có ai mang mã “KHONG”"),
    ), start=1):  # fmt: skip
        await by_chat(hr, draft, **{key: words})
        seen = "\n".join(message.text for message in hr.arrived)
        assert said in seen.replace("&gt;", ">")
        await hr.taps_data(f"cd_drop:{draft}:1")
        await hr.uploads("lop.xlsx", workbook(**{key: words}))
        assert hr.sees(said)
        hr.arrived.clear()
