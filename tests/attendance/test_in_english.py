import io
from typing import Any

import openpyxl

from bot.chat.rendering import TEMPLATES
from bot.chat.screens import Screen
from tests.attendance.rooms import BEGINS, ENDS, code_of, room, teacher, wrong
from tests.talking import Chat, Office, at


async def speak_english(office: Office) -> None:
    async with office.store.transaction() as tx:
        await tx.execute("update accounts set language = 'en'")


async def filled(hr: Chat, session_id: int, **told: str) -> bytes:
    """The printed list with states beside names."""
    await hr.taps_data(f"att_print:{session_id}")
    (file,) = hr.arrived[-1].attachments
    book: Any = openpyxl.load_workbook(io.BytesIO(file.content))
    for row in book.active.iter_rows(min_row=7):
        row[5].value = told.get(row[2].value, row[5].value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def test_every_screen_of_attendance_is_said_in_english_too(office: Office, monkeypatch) -> None:
    shown: set[str] = set()
    init = Screen.__init__

    def noting(self: Screen, template: str, **values: Any) -> None:
        shown.add(template)
        init(self, template, **values)

    monkeypatch.setattr(Screen, "__init__", noting)
    course_id, session_id, (lan, minh, nga) = await room(office, "Lan", "Minh", "Nga", capacity=4)
    hr, binh = await office.person("Hanh", hr=True), await teacher(office, "Binh", course_id)
    head = await office.person("Long", head=True)
    walker, late_walker = await office.person("Oanh"), await office.person("Phuc", code="P7")
    outsider = await office.person("Quynh")
    await speak_english(office)
    await lan.sends("1234")
    office.clock.move_to(BEGINS - 3600)
    await lan.sends("1234")
    lan.sees("too early")
    await hr.taps_data(f"att_code:{session_id}")
    office.clock.move_to(BEGINS)
    await binh.sends("/start")
    await binh.taps("Attendance")
    await binh.taps_data(f"att_code:{session_id}")
    binh.sees("Attendance code", "Press New code")
    await hr.taps_data(f"att_set:{session_id}:{nga.person_id}:excused")
    await hr.sends("Working elsewhere")
    for chat in (lan, lan, nga, walker, late_walker):
        await chat.sends(await code_of(office, session_id))
    late_walker.sees("no seat")
    for _ in range(12):
        await outsider.sends(wrong(await code_of(office, session_id)))
        office.clock.move_by(45)
    for data in (
        f"att:{course_id}", f"att_s:{session_id}", f"att_list:{session_id}", f"att_p:{session_id}:{lan.person_id}",
        f"att_hours:{session_id}:{lan.person_id}", f"att_rest:{session_id}:0", f"att_add:{session_id}",
    ):  # fmt: skip
        await hr.taps_data(data)
    await hr.sends("nobody like this")
    await hr.taps("Type again")
    await hr.sends("p7")
    await hr.taps("Phuc")
    hr.sees("No seat can be given")
    sheet = await filled(hr, session_id, Lan="vắng", Minh="vắng", Oanh="hm")
    office.clock.move_to(ENDS)
    await hr.uploads("a.xlsx", sheet)
    hr.sees("A preview", "is not understood")
    await hr.taps("Apply")
    await hr.taps_data(f"att_dec:{course_id}")
    for name in ("Lan", "Nga", "Phuc"):
        await hr.taps_data(f"att_dec:{course_id}")
        await hr.taps(name)
    await hr.taps("Do not let in")
    await hr.taps_data(f"att_matrix:{course_id}")
    await hr.taps_data(f"att_file:{course_id}")
    await binh.taps_data("att_mine")
    await lan.sends("1234")
    await office.time_passes(at("2026-12-07", "14:00"))
    minh.sees("recorded as absent")
    await minh.taps("Give a reason")
    await minh.sends("x")
    await minh.taps_data(f"att_why:{session_id}")
    await minh.sends("A sick child")
    await head.taps("See the names")
    await hr.taps_data(f"att_dec:{course_id}")
    await hr.taps("Minh")
    await hr.taps("Accept")
    await office.settle()
    await minh.taps_data("att_me")
    await minh.taps_data(f"att_why:{session_id}")
    await outsider.sends(f"/start d{session_id}-1234")
    await minh.sends("1234")
    minh.sees("codes are no longer taken", "On record: excused")
    every = {
        p.relative_to(TEMPLATES / "en").as_posix()[:-3]
        for f in ("attend", "attendance")
        for p in (TEMPLATES / "en" / f).iterdir()
    }
    assert every - shown == {"attendance/words", "attendance/rows", "attendance/missing", "attendance/code_over"}
    for chat in office.chats.values():
        assert not chat.saw("Something went wrong"), chat.last
        assert not any(letter in m.text for m in chat.arrived[1:] for letter in ("Buổi", "Anh/chị")), chat.arrived
