import json

from tests.course_desk.filling import answered, filled
from tests.talking import Chat, Office


async def two_clerks(office: Office) -> tuple[Chat, Chat]:
    """Two clerks with the card of one draft: two sessions, 07/12 and 08/12."""
    hr, mai = await office.person("Hạnh", hr=True), await office.person("Mai", hr=True)
    await filled(office, hr)
    return hr, mai


async def days(office: Office) -> list[str]:
    async with office.store.reading() as tx:
        told = json.loads(await tx.fetchval("select sessions from course_drafts"))
    return [session.get("day", "") + " " + session.get("start", "") for session in told]


async def test_taking_a_session_out_with_two_taps_takes_no_other(office: Office) -> None:
    hr, _ = await two_clerks(office)
    await hr.taps_data("cd_s:1:0")
    drop = next(data for label, data in hr.arrived[-1].menu if label == "Bỏ buổi này")
    for _ in range(2):
        await hr.taps_data(drop)
    assert hr.sees("không còn")
    assert await days(office) == ["08/12/2026 13:30"]


async def test_a_session_that_is_not_there_is_not_said_to_be_taken_out(office: Office) -> None:
    hr, _ = await two_clerks(office)
    for data in ("cd_s_drop:1:7:2", "cd_s_drop:1:-1:2", "cd_s_drop:1:0"):
        await hr.taps_data(data)
        assert hr.sees("không còn")
    assert len(await days(office)) == 2


async def test_sessions_that_two_clerks_add_at_once_are_both_kept(office: Office) -> None:
    hr, mai = await two_clerks(office)
    for chat in (hr, mai):
        await chat.taps_data("cd_sessions:1")
        await chat.taps("Thêm buổi")
    await answered(hr, "9/12", "7h30-11h30")
    await answered(mai, "ngày kia", "10/12", "13h30-17h")
    assert mai.sees("Đã ghi buổi 4.")
    assert (await days(office))[2:] == ["09/12/2026 07:30", "10/12/2026 13:30"]


async def test_an_answer_about_a_session_changes_no_other_after_one_was_taken_out(office: Office) -> None:
    hr, mai = await two_clerks(office)
    await answered(hr, "[Sửa: Buổi học]", "[Buổi 1: 07/12/2026 07:30]", "[Sửa ngày]")
    await mai.taps_data("cd_s_drop:1:0:2")
    await hr.sends("9/12")
    assert hr.sees("không còn")
    assert await days(office) == ["08/12/2026 13:30"]
