"""Legal updates for stories: a short one to import, and how one works through it."""

from bot.training import legal_import
from bot.training.legal_import import Difference
from tests.talking import ZONE, Chat, Office

LAW = """
- so: "{number}"
  ten: "{title}"
  hieu_luc: 2026-01-01
  thay_the: "Luật cũ <1> & 2"
  doi_tuong: {audience}
  han: {deadline}
  dat: {mark}
  {more}
  the:
    - "Thẻ <một> & đầu"
    - "Thẻ hai"
  cau_hoi:
    - {{hoi: "Câu 1 <hỏi>?", dap: ["sai & một", "đúng <một>"], dung: 2, vi_sao: "Vì <b>một</b>."}}
    - {{hoi: "Câu 2 hỏi?", dap: ["đúng hai", "sai hai"], dung: 1, vi_sao: "Vì hai."}}
"""


def law(
    number: str = "1/2026/QH16",
    title: str = "Luật <Đất> & nhà",
    audience: str = "[CC]",
    deadline: str = "2026-12-20",
    mark: int = 2,
    more: str = "",
) -> str:
    return LAW.format(number=number, title=title, audience=audience, deadline=deadline, mark=mark, more=more)


async def publish(office: Office, text: str) -> Difference:
    plan = legal_import.read(text.encode(), "luat.yaml")
    assert not plan.faults, plan.faults
    async with office.store.transaction() as tx:
        return await legal_import.apply(tx, plan, office.clock.now(), ZONE)


async def works_through(chat: Chat, number: str = "1/2026/QH16") -> None:
    await chat.sends("/phapluat")
    await chat.taps(number)
    await chat.taps_data(next(data for words, data in chat.arrived[-1].menu if "đọc" in words.lower()))
    while "Trả lời câu hỏi" not in chat.last and "Câu " not in chat.last:
        await chat.taps("Thẻ tiếp")
    if "Trả lời câu hỏi" in chat.last:
        await chat.taps("Trả lời câu hỏi")
    await chat.taps("đúng <một>")
    await chat.taps("Câu tiếp")
    await chat.taps("đúng hai")
    await chat.taps("Đến bước xác nhận")
    await chat.taps("Đã đọc, đã hiểu")
    chat.sees("Đã ghi nhận")
