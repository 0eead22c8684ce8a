"""What the stories of changed schedules have in common: a class with people, HR's taps, a look into the tables."""

from collections.abc import Sequence

from bot.store import Row
from tests.courses.classes import course, seated
from tests.talking import Chat, Office

TWO_DAYS = (("2026-12-07", "07:30", "11:30"), ("2026-12-08", "07:30", "11:30"))


async def a_class(office: Office, *names: str, **fields: object) -> tuple[int, Chat, list[Chat]]:
    """Make a course (two sessions unless told otherwise), HR, and people with a seat."""
    fields.setdefault("sessions_at", TWO_DAYS)
    fields.setdefault("needs_head", 0)
    course_id = await course(office, **fields)
    hr = await office.person("Hạnh", hr=True)
    people = [await office.person(name) for name in names]
    for person in people:
        await seated(office, person, course_id)
    return course_id, hr, people


async def previewed(hr: Chat, course_id: int, session_id: int, kind: str, value: str = "",
                    reason: str = "Giảng viên bận") -> Chat:  # fmt: skip
    """Go from the card of the course to the look ahead."""
    await hr.taps_data(f"desk_course:{course_id}")
    await hr.taps("Thay đổi")
    await hr.taps("Đổi lịch")
    await hr.taps_data(f"desk_change_what:{course_id}:{session_id}")
    await hr.taps_data(f"desk_change_kind:{course_id}:{session_id}:{kind}")
    if value:
        await hr.sends(value)
    return await hr.sends(reason)


async def changed(office: Office, hr: Chat, course_id: int, session_id: int, kind: str, value: str = "") -> None:
    """Change a schedule all the way, and let people be told."""
    await previewed(hr, course_id, session_id, kind, value)
    await hr.taps("Ghi nhận")
    if "Vẫn ghi nhận" in hr.last:
        await hr.taps("Vẫn ghi nhận")
    hr.sees("Đã tạm hoãn" if kind == "postpone" else "Đã ghi lịch mới")
    await office.settle()


async def gives_up(person: Chat) -> None:
    """Answer the newest question with a no, and be sure of it."""
    await person.taps("Tôi không đi được")
    await person.taps("Bỏ chỗ")


async def rows(office: Office, sql: str, *args: object) -> Sequence[Row]:
    async with office.store.reading() as tx:
        return await tx.fetch(sql, *args)


def news(chat: Chat) -> list[int]:
    """When the chat was told of a changed schedule."""
    return [when for when, kind, _ in chat.pushed if kind == "schedule_change"]
