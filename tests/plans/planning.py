"""Plans made through the chat as a clerk makes them, and the ledger they are measured against."""

from bot.training import uploads
from bot.training.upload_kinds import Sender
from tests.talking import DATA, ZONE, Chat, Office

DBP = DATA / "dien-bien-phu-dao-tao-2016-2017.xlsx"
HCM = DATA / "tphcm-cchc-2016-2020.xlsx"


async def ledger(office: Office) -> None:
    """Bring in the training of two years of a city and the ten classes of five years."""
    for workbook in (DBP, HCM):
        parsed = await uploads.read(workbook.read_bytes(), workbook.name)
        async with office.store.transaction() as tx:
            await uploads.write(tx, parsed, Sender(None, office.clock.now(), ZONE))


async def plan(hr: Chat, number: str = "774/KH-UBND", title: str = "Đào tạo cán bộ", years: str = "2016-2017") -> None:
    """Make a plan by chat; its card is what the clerk sees then."""
    await hr.sends("/quanly")
    await hr.taps("Kế hoạch")
    await hr.taps("Thêm kế hoạch")
    for words in (number, title, years):
        await hr.sends(words)


async def line(
    hr: Chat, category: str, *, level: str = "Mọi cấp", year: str = "", turns: str = "150", classes: str = "",
    money: str = "",
) -> None:  # fmt: skip
    """Add a line by chat to the plan whose card is open; '' skips a figure, `year` '' is the whole period."""
    await hr.taps("Thêm dòng")
    while category not in hr.last:
        await hr.taps("Xem tiếp")
    await hr.taps(category)
    await (hr.taps(level) if f"[{level}]" in hr.last else hr.sends(level))
    if "cho năm nào" in hr.last:
        await (hr.sends(year) if year else hr.taps("Cả giai đoạn"))
    for figure in (turns, classes, money):
        await (hr.sends(figure) if figure else hr.taps("Bỏ qua"))
