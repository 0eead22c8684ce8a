"""An office in which every path of taps told in the guide can be walked: who walks it, what there is to choose."""

from dataclasses import dataclass

from bot.store import Tx
from tests.courses.classes import course, seated
from tests.legal.law_office import law, publish
from tests.rights.agency import unit_under
from tests.talking import Chat, Office, at

PAST = (("2026-11-20", "07:30", "11:30"),)
CHOSEN = {  # what is told in words on a path, and what is tapped for it; the longest beginning counts
    "chọn lớp": "Luật Đất đai",
    "chọn lớp đang hoãn": "Lớp hoãn",
    "chọn lớp đã học": "Lớp đã học",
    "chọn lớp đã kết thúc": "Lớp đã học",
    "chọn buổi": "Buổi 1",
    "chọn đơn vị": "Xã Trí Phải",
    "chọn người": "Lan",
    "chọn văn bản": "1/2026/QH16",
    "chọn yêu cầu": "Lan",
    "chọn mẫu": "Quyết định cử đi học",
    "choose a class": "Luật Đất đai",
}
TYPED = {"gõ tên": "Lan", "gõ lý do": "Giảng viên bận", "gõ nội dung": "Mai họp lúc 8 giờ."}


@dataclass(frozen=True)
class GuideOffice:
    """Who taps: each command has its reader, HR where nothing else is told."""

    hr: Chat
    readers: dict[str, Chat]

    def reader(self, command: str) -> Chat:
        return self.readers.get(command, self.hr)


async def build(office: Office) -> GuideOffice:
    """Make it: a class to come, one put off, one that is over, a law, requests, people of every role."""
    hr = await office.person("Hạnh", unit="Sở Nội vụ", hr=True)
    head = await office.person("Long", head=True)
    lan, mai = await office.person("Lan"), await office.person("Mai")
    await unit_under(office, "Xã Trí Phải", "Sở Nội vụ")
    await office.person("Nam", unit="Sở Nội vụ")
    coming = await course(office, title="Luật Đất đai")
    await course(office, title="Lớp hoãn", postponed_at=office.clock.now(), state="closed")
    over = await course(office, title="Lớp đã học", sessions_at=PAST, deadline=at("2026-11-19"))
    for person in (mai, head):
        await seated(office, person, coming)
    await seated(office, mai, over)
    await publish(office, law())
    await lan.taps_data(f"enrol:{coming}")
    for tap in (f"res_vouch:{over}:{mai.person_id}", f"res_pass:{over}:{mai.person_id}:1", f"res_close_yes:{over}"):
        await hr.taps_data(tap)
    async with office.store.transaction() as tx:
        await _asked(tx, lan.person_id, office.clock.now())
    return GuideOffice(hr, {"/duyet": head, "/hoso": lan, "/lop": head})


async def _asked(tx: Tx, person_id: int, now: int) -> None:
    sql = "insert into requests (person_id, text, created_at, due_at) values ($1, 'Sửa năm sinh', $2, $2)"
    await tx.execute(sql, person_id, now)
