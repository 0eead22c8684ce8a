from collections.abc import Sequence

from tests.courses.classes import seated
from tests.people_sheets import sheet
from tests.round_trip.editing import undoes
from tests.talking import Chat, Office, at

HEADINGS = ("Mã lớp", "Tên lớp", "Mã loại", "Đối tượng", "Hình thức", "Chỉ tiêu", "Hạn đăng ký", "Ngày", "Giờ bắt đầu",
            "Giờ kết thúc", "Địa điểm")  # fmt: skip


def one(
    title: str = "Luật Đất đai", capacity: int = 30, day: str = "07/12/2026", place: str = "Phòng 2"
) -> Sequence[object]:
    return ("L1", title, "PL", "CC", "Trực tiếp", capacity, "01/12/2026", day, "07:30", "11:30", place)


async def brings(hr: Chat, *rows: Sequence[object]) -> None:
    await hr.uploads("lop.xlsx", sheet(*rows, headings=HEADINGS))
    await hr.taps("Ghi nhận")
    hr.sees("Đã ghi", "[Hoàn tác]")


async def stored(office: Office, what: str) -> object:
    async with office.store.reading() as tx:
        return await tx.fetchval(what)


async def test_a_course_brought_in_by_mistake_is_gone_with_its_reminders(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await brings(hr, one())
    assert await stored(office, "select count(*) from milestones where state = 'pending'")
    await undoes(hr)
    hr.sees("Đã hoàn tác lop.xlsx")
    assert await stored(office, "select count(*) from courses") == 0
    assert await stored(office, "select count(*) from milestones where state = 'pending'") == 0
    await brings(hr, one())


async def test_a_course_somebody_signed_up_for_stays_and_is_named(office: Office) -> None:
    hr, lan = await office.person("Hạnh", hr=True), await office.person("Lan")
    await brings(hr, one())
    await seated(office, lan, int(str(await stored(office, "select id from courses"))))
    await undoes(hr)
    hr.sees("để nguyên (1): Luật Đất đai")
    assert await stored(office, "select count(*) from courses") == 1


async def test_changed_words_places_and_times_go_back(office: Office) -> None:
    hr, lan = await office.person("Hạnh", hr=True), await office.person("Lan")
    await brings(hr, one())
    await seated(office, lan, int(str(await stored(office, "select id from courses"))))
    office.clock.move_by(3600)
    await brings(hr, one("Luật Đất đai mới", 40, "14/12/2026", "Phòng 9"))
    assert await stored(office, "select starts_at from courses") == at("2026-12-14", "07:30")
    await undoes(hr)
    hr.sees_no("để nguyên")
    assert await stored(office, "select title from courses") == "Luật Đất đai"
    assert await stored(office, "select capacity from courses") == 30
    assert await stored(office, "select starts_at from courses") == at("2026-12-07", "07:30")
    assert await stored(office, "select place from sessions") == "Phòng 2"
    await office.time_passes(at("2026-12-06", "20:00"))
    assert lan.saw("Luật Đất đai")


async def test_a_size_changed_again_since_is_left_as_it_is(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await brings(hr, one())
    await brings(hr, one("Luật Đất đai mới", 40))
    async with office.store.transaction() as tx:
        await tx.execute("update courses set capacity = 50")
    await undoes(hr)
    hr.sees("để nguyên (1): Luật Đất đai")
    assert await stored(office, "select title from courses") == "Luật Đất đai"
    assert await stored(office, "select capacity from courses") == 50
