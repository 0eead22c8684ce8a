from bot.clock import FixedClock
from bot.sandbox import samples
from bot.sandbox.world import World
from bot.store import Store
from tests.talking import MONDAY, add_person


async def test_the_slip_and_the_words_not_linked_go_once_the_phone_is_linked(store: Store, clock: FixedClock) -> None:
    world = World(clock)
    phone = world.phone(f"Lan · Công chức{samples.NOT_LINKED}", note="Mã mời: 1234 5678")
    other = world.phone("Mai · Tổ chức cán bộ", started=True)
    async with store.transaction() as tx:
        assert await samples.take_slips(tx, world, MONDAY) == 1
    assert (phone.name, phone.note) == ("Lan · Công chức – chưa liên kết", "Mã mời: 1234 5678")
    await add_person(store, MONDAY, "Lan", chat=str(phone.id))
    told = world.tick
    async with store.transaction() as tx:
        assert await samples.take_slips(tx, world, MONDAY) == 0
    assert (phone.name, phone.note, other.name) == ("Lan · Công chức", "", "Mai · Tổ chức cán bộ")
    assert phone.chat.tick > told  # the page is told
