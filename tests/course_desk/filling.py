"""Filling in the form of a course, for the tests of HR's courses."""

from bot.training import courses
from tests.talking import Chat, Office


async def answered(hr: Chat, *answers: str) -> None:
    """Tap a button for "[…]", type anything else."""
    for one in answers:
        await (hr.taps(one[1:-1]) if one.startswith("[") else hr.sends(one))


async def filled(office: Office, hr: Chat) -> None:
    """Answer what every course is asked: two sessions in one room."""
    await hr.taps_data("cd_new")
    await answered(
        hr, "Tập huấn Luật Đất đai", "[Xem tiếp]", "[Pháp luật]", "[Xong]", "40",
        "7/12 7h30-11h30", "Phòng họp 2", "[Thêm buổi]", "8/12", "13h30 đến 17h", "[Xong]", "thứ Năm 3/12",
    )  # fmt: skip


async def opened(office: Office) -> courses.Course:
    async with office.store.reading() as tx:
        return courses.course_of(await tx.fetchrow("select * from courses order by id desc limit 1"))
