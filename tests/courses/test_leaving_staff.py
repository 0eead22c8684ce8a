from bot.training import calendar, directory
from tests.courses.classes import course
from tests.talking import ZONE, Office


async def test_who_works_here_no_more_frees_their_place_for_the_next_in_line(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    nam = await office.person("Nam")
    await course(office, title="Luật Đất đai", capacity=1, needs_head=0)
    for chat in (lan, nam):
        await chat.sends("/lop")
        await chat.taps("Luật Đất đai")
        await chat.taps("Đăng ký" if chat is lan else "Vào danh sách chờ")
    async with office.store.transaction() as tx:
        days = await calendar.load(tx, ZONE)
        await directory.leave(tx, lan.person_id, hr.person_id, office.clock.now(), days)
    await office.settle()
    nam.sees("Nhận chỗ", "Luật Đất đai")
    async with office.store.reading() as tx:
        states = await tx.fetch("select state from enrolments order by id")
    assert [row["state"] for row in states] == ["cancelled", "offered"]
