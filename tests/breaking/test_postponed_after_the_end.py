"""A last session that is put off after its time still ends in an invitation to rate."""

from bot.training import course_import
from bot.training.course_sheet import read
from tests.courses import classes
from tests.people_sheets import sheet
from tests.talking import ZONE, Office, at

HEADINGS = ("Mã lớp", "Tên lớp", "Mã loại", "Đối tượng", "Hình thức", "Chỉ tiêu", "Hạn đăng ký", "Buổi", "Ngày",
            "Giờ bắt đầu", "Giờ kết thúc", "Thủ trưởng duyệt")  # fmt: skip


async def brought_in(office: Office, day: str) -> int:
    row = ("L1", "Lớp một", "PL", "CC", "Trực tiếp", 9, "05/12/2026", 1, day, "07:30", "11:30", "không")
    async with office.store.transaction() as tx:
        await course_import.apply(tx, read(sheet(row, headings=HEADINGS), "lop.xlsx"), office.clock.now(), ZONE)
        return int(await tx.fetchval("select id from courses"))


async def test_a_course_put_off_after_its_time_is_rated_when_it_has_really_ended(office: Office) -> None:
    lan = await office.person("lan")
    course_id = await brought_in(office, "07/12/2026")
    await classes.seated(office, lan, course_id)
    office.clock.move_to(at("2026-12-07", "14:00"))
    await office.settle()  # nobody has told the assistant that the teacher is ill
    await brought_in(office, "14/12/2026")

    await office.time_passes(at("2026-12-14", "15:00"))

    assert [at for at, kind, _ in lan.pushed if kind == "rate_invite" and at > office.clock.now() - 86_400]
