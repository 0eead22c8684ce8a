import asyncio

from tests.plans.planning import plan
from tests.talking import Chat, Office


async def before_the_last_question(office: Office, name: str) -> Chat:
    """A clerk who has answered everything about a line of law but the money."""
    clerk = await office.person(name, hr=True)
    for data in ("plan_cats:1:1", "plan_cat:1:PL", "plan_lv:1:"):
        await clerk.taps_data(data)
    await clerk.sends("150")
    await clerk.sends("3")
    return clerk


async def test_the_same_line_added_by_two_at_once_is_there_once(office: Office) -> None:
    first = await office.person("Hạnh", hr=True)
    await plan(first, years="2026")
    two = [await before_the_last_question(office, name) for name in ("Nam", "Mai")]
    await asyncio.gather(*(clerk.taps("Bỏ qua") for clerk in two))
    assert sorted("đã có dòng Pháp luật" in clerk.last for clerk in two) == [False, True]
    async with office.store.reading() as tx:
        assert await tx.fetchval("select count(*) from plan_lines") == 1


async def test_the_same_plan_made_by_two_at_once_is_there_once(office: Office) -> None:
    two = [await office.person(name, hr=True) for name in ("Nam", "Mai")]
    for clerk in two:
        await clerk.taps_data("plan_new")
        await clerk.sends("774/KH-UBND")
        await clerk.sends("Đào tạo")
    await asyncio.gather(*(clerk.sends("2026") for clerk in two))
    assert sorted("Đã có kế hoạch" in clerk.last for clerk in two) == [False, True]
