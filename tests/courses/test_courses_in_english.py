from tests.courses.classes import course
from tests.talking import Chat, Office, at


async def english(office: Office, *chats: Chat) -> None:
    async with office.store.transaction() as tx:
        for chat in chats:
            await tx.execute("update accounts set language = 'en' where address = $1", chat.address.id)


async def test_the_whole_way_can_be_gone_in_english(office: Office) -> None:
    await course(office, title="Land Law", capacity=1, bring="Your card", link="https://hop.example.gov.vn/a")
    lan, mai = await office.person("Lan"), await office.person("Mai")
    tam, hr = await office.person("Tâm", head=True), await office.person("Hạnh", hr=True, unit="Sở Nội vụ")
    await english(office, lan, mai, tam, hr)

    await lan.sends("/lop")
    await lan.taps("By subject")
    await lan.taps("Law (1)")
    await lan.taps("Land Law")
    lan.sees("1 of 1 places left", "Monday 07/12/2026, 07:30–11:30")
    await lan.taps("Sign up")
    lan.sees("Waiting for your head of unit")
    await mai.taps_data("enrol:1")
    mai.sees("On the waiting list, number 1")
    await mai.taps_data("course:1")
    mai.sees("Cancel enrolment")
    await office.settle()
    tam.sees("Lan", "Do you agree?")
    await tam.taps("Refuse")
    await tam.taps("Back")
    await tam.taps("Approve")
    tam.sees("has a seat")
    await tam.taps("All requests")
    tam.sees("There are no requests")
    await office.settle()
    lan.sees("you have a seat", "Your card")
    await lan.taps("My schedule")
    lan.sees("Land Law", "Copy the link")
    await lan.taps("Calendar file")
    assert lan.arrived[-1].attachments[0].name == "training-sessions.ics"

    await hr.taps_data("desk_courses")
    hr.sees("1/1 seats", "1 on the waiting list")
    await hr.taps("Land Law")
    await hr.taps("Participants")
    hr.sees("Lan (Xã Trí Phải): has a seat")
    await hr.taps("Download")
    await hr.taps_data("desk_capacity:1")
    await hr.sends("20000")
    hr.sees("from 1 to 10,000")

    await lan.taps_data("enrol_cancel:1")
    lan.sees("Why do you cancel")
    await lan.taps("Family")
    await office.settle()
    mai.sees("A place has become free", "held until Tuesday 24/11/2026, 08:00")
    await lan.taps_data("enrol_cancel:1")
    lan.sees("already cancelled")
    await mai.taps("Leave the place")
    mai.sees("Thank you")
    await office.time_passes(at("2026-12-07", "07:00"), step=6 * 3600)
    await hr.taps_data("desk_cancel:1")
    await hr.sends("Storm")
    hr.sees("0 people")
    await hr.taps("Cancel and tell")
    await mai.taps_data("enrol:1")
    mai.sees("was cancelled")


async def test_reminders_are_in_the_persons_language(office: Office) -> None:
    await course(office, needs_head=0, sessions_at=(("2026-12-10", "13:30", "17:00"),))
    lan = await office.person("Lan")
    await english(office, lan)
    await lan.taps_data("enrol:1")
    lan.sees("You have a seat")
    await office.time_passes(at("2026-12-10", "12:00"), step=3600)
    assert lan.saw("you have a session coming up")
    assert lan.saw("See the map")
    lan.sees("your session begins soon", "Thursday 10/12/2026, 13:30–17:00")
