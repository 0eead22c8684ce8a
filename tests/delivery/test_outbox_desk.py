import io
import re

import openpyxl
import pytest

import handlers
from bot import outbox
from bot.chat.events import Reach
from bot.chat.rendering import LANGUAGES, TEMPLATES
from bot.chat.router import Router
from bot.outbox import BROADCAST, Owed
from bot.training import deliveries
from tests.talking import MONDAY, Office


async def ended(office: Office, person_id: int, key: str, state: str, reason: str, kind: str = "offer") -> None:
    async with office.store.transaction() as tx:
        await outbox.put(tx, Owed(key, kind, "course:1", person_id, MONDAY, MONDAY + 999, priority=BROADCAST), MONDAY)
        (row,) = await outbox.claim(tx, MONDAY, 1, "test:1/1")
        await outbox.on_wire(tx, row, MONDAY)
        await outbox.settle(tx, row, MONDAY, state, reason)


async def test_hr_sees_how_many_may_not_have_arrived_and_who(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    for name in ("Lan", "Mai"):
        person = await office.person(name)
        await ended(office, person.person_id, name, "unknown", "interrupted")
    await hr.sends("/quanly")
    await hr.taps("Tin đã gửi")
    hr.sees("không chắc đã đến 2", "gọi điện")
    await hr.taps("Không chắc đã đến")
    hr.sees("Mai", "Lan", "mời nhận chỗ", "chương trình dừng giữa lúc gửi")
    await hr.taps("Lan")
    hr.sees("Lan", "Gửi đi: thứ Hai 23/11/2026", "Số lần thử: 1", "không chắc đã đến", "Cách khác: gọi")
    await hr.taps("Mọi tin của người này")
    hr.sees("Tin của Lan", "không chắc đã đến")
    hr.sees_no("Mai")
    await hr.taps("Xem hồ sơ")
    await hr.taps("Tin đã gửi")
    hr.sees("Tin của Lan")


async def test_who_blocked_the_assistant_is_on_the_list_with_the_phone_number_until_they_speak(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    await office.person("Tú", linked=False)
    async with office.store.transaction() as tx:
        await tx.execute("update people set phone = '0912345678' where id = $1", lan.person_id)
    await office.take(lan.address, Reach(False))
    await hr.taps_data("desk_outbox")
    await hr.taps("Không liên lạc được")
    hr.sees("2 người", "Lan", "đã chặn", "0912345678", "Tú", "chưa liên kết", "điện thoại chưa ghi")
    await hr.taps("Excel")
    (file,) = hr.arrived[-1].attachments
    sheet = openpyxl.load_workbook(io.BytesIO(file.content)).active
    assert sheet is not None
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row]
    assert {"Lan", "Tú", "Đã chặn hoặc xoá trò chuyện", "Chưa liên kết"} <= set(cells)
    assert any("912345678" in cell for cell in cells)
    await lan.sends("/trogiup")
    await hr.taps_data("outbox_cut:0")
    hr.sees_no("Lan")


async def test_only_hr_looks_into_the_outbox(office: Office) -> None:
    lan = await office.person("Lan")
    await office.person("Hạnh", hr=True)
    for data in ("desk_outbox", "outbox_cut:0", "outbox_list:sent:0", f"outbox_of:{lan.person_id}:0", "outbox_row:1"):
        await lan.taps_data(data)
        lan.sees("quyền")


async def test_old_or_forged_buttons_get_a_polite_answer(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    for data in ("outbox_row:99", "outbox_list:gone:0", "outbox_list:sent:-4", "outbox_late:eat:1", "outbox_of:99:0"):
        await hr.taps_data(data)
        assert hr.last


async def test_operators_find_rows_by_person_subject_and_state(office: Office) -> None:
    lan, mai = await office.person("Lan", code="DB1"), await office.person("Mai", code="DB2")
    await ended(office, lan.person_id, "a", "unknown", "interrupted")
    await ended(office, mai.person_id, "b", "sent", "")
    async with office.store.reading() as tx:
        assert [d.code for d in await deliveries.listed(tx)] == ["DB2", "DB1"]
        assert [d.code for d in await deliveries.listed(tx, code="db1")] == ["DB1"]
        assert [d.state for d in await deliveries.listed(tx, subject="course:1", state="sent")] == ["sent"]
        assert await deliveries.listed(tx, subject="course:2") == []
        assert await deliveries.listed(tx, since=MONDAY + 1) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_message_has_a_name(language: str) -> None:
    words = (TEMPLATES / language / "outbox" / "words.j2").read_text(encoding="utf-8")
    named = set(re.findall(r'"([a-z_]+)": "', words.splitlines()[0]))
    kinds = {name for kind, name in Router(handlers.MODULES).entries if kind == "notice"}
    assert kinds - named == set()
