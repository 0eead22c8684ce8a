import icalendar

from bot.training import ics, sessions
from tests.courses.classes import course, seated
from tests.courses.test_course_import import applied
from tests.talking import Chat, Office, at


async def events(chat: Chat) -> dict[str, icalendar.Event]:
    """Open the calendar file the person gets and give its events by UID."""
    await chat.taps_data("mine_ics")
    (file,) = chat.arrived[-1].attachments
    assert file.name.endswith(".ics")
    calendar = icalendar.Calendar.from_ical(file.content)
    assert str(calendar["METHOD"]) == "PUBLISH"
    found = calendar.walk("VEVENT")
    by_uid = {str(event["UID"]): event for event in found}
    assert len(by_uid) == len(found)
    return by_uid


async def test_the_file_has_each_session_in_utc(office: Office) -> None:
    course_id = await course(office, place=None, link="https://hop.example.gov.vn/a")
    lan = await office.person("Lan")
    await seated(office, lan, course_id)
    await lan.sends("/lich")
    lan.sees("https://hop.example.gov.vn/a", "Sao chép đường dẫn", "Tải tệp lịch (.ics)")
    await lan.taps("Tải tệp lịch")
    (event,) = (await events(lan)).values()
    assert event["DTSTART"].to_ical() == b"20261207T003000Z"
    assert event["DTEND"].to_ical() == b"20261207T043000Z"
    assert (str(event["SUMMARY"]), str(event["STATUS"]), int(event["SEQUENCE"])) == ("Lớp mẫu", "CONFIRMED", 0)
    assert str(event["URL"]) == "https://hop.example.gov.vn/a"
    assert "DTSTAMP" in event


async def test_a_moved_session_keeps_its_uid_and_raises_its_sequence(office: Office) -> None:
    await applied(office, {}, {"Buổi": 2, "Ngày": "08/12/2026"})
    lan = await office.person("Lan")
    await seated(office, lan, 1)
    before = await events(lan)
    await applied(office, {"Ngày": "09/12/2026"}, {"Buổi": 2, "Ngày": "08/12/2026"})
    after = await events(lan)
    assert after.keys() == before.keys()
    changed = [uid for uid in after if after[uid]["SEQUENCE"] != before[uid]["SEQUENCE"]]
    assert len(changed) == 1
    assert after[changed[0]]["DTSTART"].to_ical() == b"20261209T003000Z"
    assert int(after[changed[0]]["SEQUENCE"]) == 1


async def test_what_falls_away_is_in_the_file_as_cancelled(office: Office) -> None:
    await applied(office, {}, {"Buổi": 2, "Ngày": "08/12/2026"})
    lan = await office.person("Lan")
    await seated(office, lan, 1)
    await applied(office, {})
    assert [str(e["STATUS"]) for e in (await events(lan)).values()] == ["CONFIRMED", "CANCELLED"]
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data("desk_cancel:1")
    await hr.sends("Bão")
    await hr.taps("Huỷ lớp và báo")
    assert {str(e["STATUS"]) for e in (await events(lan)).values()} == {"CANCELLED"}


async def test_giving_a_seat_up_and_taking_it_again_is_followed_by_the_calendar(office: Office) -> None:
    course_id = await course(office, needs_head=0)
    lan = await office.person("Lan")
    seen = []
    for data in (f"enrol:{course_id}", f"enrol_drop:{course_id}:work", f"enrol:{course_id}"):
        await lan.taps_data(data)
        (event,) = (await events(lan)).values()
        seen.append((str(event["STATUS"]), int(event["SEQUENCE"])))
    assert seen == [("CONFIRMED", 0), ("CANCELLED", 1), ("CONFIRMED", 2)]


def test_odd_titles_are_read_back_as_they_were() -> None:
    title = 'Lớp <Luật>; "Đất đai", \\ & tình huống'
    session = sessions.Session(
        7, 1, 1, at("2026-12-07"), at("2026-12-07", "09:00"), 4, "Phòng 2, tầng 3", None, 0, False
    )
    content = ics.calendar_file([sessions.Mine(session, title, 1, True, 0, False)], at("2026-11-23"))
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == (title, "Phòng 2, tầng 3")
