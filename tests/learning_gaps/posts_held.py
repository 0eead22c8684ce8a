"""People at posts, for stories about what posts call for."""

from typing import Any

from bot.excel.writer import Sheet, write_workbook
from bot.training import posts
from tests.results.test_history import history, taken_in
from tests.talking import Chat, Office

LAND, CLERK = "Địa chính – xây dựng", "Văn phòng – thống kê"
HEADINGS = ["Ai cần học", "Nội dung cần học", "Chu kỳ", "Vị trí ưu tiên"]


async def holds(office: Office, name: str, post: str, **facts: Any) -> Chat:
    """A person at a post of the staff list."""
    chat = await office.person(name, **{"code": f"C{name}", **facts})
    async with office.store.transaction() as tx:
        await tx.execute("update people set position = $2 where id = $1", chat.person_id, post)
        await posts.learn(tx)
    return chat


async def learned(office: Office, name: str, category: str, day: str, outcome: str = "Hoàn thành") -> None:
    """Let a person have learned a content group elsewhere, in "05/03/2026"."""
    row = [f"C{name}", name, "Xã Trí Phải", f"Lớp {category} {day}", category, day, day, 8, outcome]
    await taken_in(office, history(row), "cu.xlsx")


def told(*rows: list[Any], notes: tuple[str, ...] = ()) -> bytes:
    """A workbook of what posts call for."""
    return write_workbook([Sheet("Cần học", HEADINGS, rows, notes=notes)])


async def required(hr: Chat, *rows: list[Any]) -> None:
    """Let HR bring in what posts call for."""
    await hr.uploads("can-hoc.xlsx", told(*rows))
    await hr.taps("Ghi nhận")
    hr.sees("Đã ghi")
