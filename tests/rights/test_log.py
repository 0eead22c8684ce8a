import ast
import io
import re
from pathlib import Path

import openpyxl
import pytest

from bot.__main__ import main
from bot.chat.rendering import LANGUAGES, TEMPLATES
from bot.training import audit, audit_log
from bot.training.audit_log import kept_from
from bot.training.schedule_wishes import OF_COURSE, OF_POSTPONED, OF_SESSION
from scheduler import housekeeping
from tests.rights.agency import audited, clerk
from tests.talking import MONDAY, ZONE, Office, at

ROOT = Path(__file__).parents[2]


async def test_hr_of_the_whole_reads_who_did_what_and_when_the_newest_first(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    mai = await office.person("Mai")
    await hr.taps_data(f"person:{mai.person_id}")
    await hr.taps_data(f"right_give:{mai.person_id}:operator:0:1")
    await hr.sends("/quanly")
    await hr.taps("Thiết lập")
    await hr.taps("Nhật ký")
    hr.sees("23/11/2026 08:00, Hạnh: cấp quyền", "xem hồ sơ cán bộ (Mai)")
    assert hr.last.index("cấp quyền") < hr.last.index("xem hồ sơ cán bộ")
    await hr.taps("cấp quyền")
    hr.sees("Đối tượng: Mai", '"role": "operator"')


async def test_the_log_is_narrowed_to_a_kind_or_a_person(office: Office) -> None:
    hr, nam = await office.person("Hạnh", hr=True), await office.person("Nam", hr=True)
    mai = await office.person("Mai")
    await hr.taps_data(f"person:{mai.person_id}")
    await nam.taps_data("desk_requests")
    await hr.taps_data("log:0")
    await hr.taps("Lọc theo loại")
    await hr.taps("Các yêu cầu sửa")
    hr.sees("Nam: xem các yêu cầu sửa")
    hr.sees_no("hồ sơ cán bộ")
    await hr.taps("Bỏ lọc")
    await hr.taps("Lọc theo người")
    await hr.sends("mai")
    await hr.taps("Mai · Xã Trí Phải")
    hr.sees("Hạnh: xem hồ sơ cán bộ")
    hr.sees_no("Nam:")
    await hr.taps_data("log_whom")
    await hr.sends("zzz")
    hr.sees("Không tìm thấy ai")


async def test_a_long_log_is_read_page_by_page_within_the_limit_of_a_message(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    async with office.store.transaction() as tx:
        for number in range(40):
            words = {"words": "<b>" * 500}
            await audit.record(tx, hr.person_id, "course.edit", f"course:{number}", MONDAY, old=words, new=words)
    await hr.taps_data("log:0")
    hr.sees("trang 1/7")
    await hr.taps("Xem tiếp")
    hr.sees("trang 2/7", "Trang trước")
    await hr.taps("sửa lớp")
    hr.sees("Trước", "<b>")
    await hr.taps_data("log_line:999")
    hr.sees("không còn")


async def test_an_operator_sees_what_and_when_but_no_names(office: Office) -> None:
    hr, mai = await office.person("Hạnh", hr=True), await office.person("Mai")
    lan = await office.person("Lan")
    await hr.taps_data(f"right_give:{mai.person_id}:operator:0:1")
    await hr.taps_data(f"person:{lan.person_id}")
    await mai.sends("/quanly")
    assert "quanly" in mai.commands
    await mai.taps("Nhật ký")
    mai.sees(f"(cán bộ số {lan.person_id})", f"số {hr.person_id}:")
    await mai.taps("cấp quyền")
    for message in mai.arrived:
        assert "Hạnh" not in message.text
        assert "Lan" not in message.text
        assert "operator" not in message.text
    await mai.taps_data(f"log:0::{lan.person_id}")
    mai.sees_no("Lan")
    await mai.taps_data("log_whom")
    mai.sees("người được phân quyền")


async def test_a_clerk_of_a_unit_reads_no_log(office: Office) -> None:
    mai = await clerk(office, "Mai", "Xã Trí Phải")
    await mai.sends("/quanly")
    mai.sees_no("Nhật ký")
    await mai.taps_data("log:0")
    mai.sees("người được phân quyền")
    assert await audited(office, "refused") == [("refused", "choice:log")]


async def test_old_and_new_stand_in_the_log_of_a_change(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data("desk_fact:name")
    await hr.sends("Sở Nội vụ")
    await hr.taps_data("log:0:agency")
    await hr.taps("sửa thông tin cơ quan")
    hr.sees('Trước: ""', 'Sau: "Sở Nội vụ"')


def test_months_are_counted_back_by_the_calendar() -> None:
    assert kept_from(at("2027-03-31", "10:00"), 1, ZONE) == at("2027-02-28", "00:00")
    assert kept_from(at("2026-11-23"), 24, ZONE) == at("2024-11-23", "00:00")


async def test_lines_older_than_the_months_that_are_kept_are_dropped(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    async with office.store.transaction() as tx:
        for when in (at("2025-11-22"), at("2025-11-24")):
            await audit.record(tx, hr.person_id, "course.edit", f"course:{when}", when)
    await housekeeping.tick(office.store, office.clock.now(), ZONE)
    assert len(await audited(office, "course.edit")) == 2  # 24 months unless told otherwise
    await hr.taps_data("desk_agency")
    await hr.taps("Thời gian giữ nhật ký")
    for wrong in ("00", "121", "mười hai", "٣"):
        await hr.sends(wrong)
        hr.sees("từ 1 đến 120")
    await hr.sends("12")
    hr.sees("12 tháng")
    await housekeeping.tick(office.store, office.clock.now(), ZONE)
    assert await audited(office, "course.edit") == [("course.edit", f"course:{at('2025-11-24')}")]


async def test_rows_of_an_export_tell_local_times_and_who(office: Office) -> None:
    hr = await office.person("Hạnh", code="TP01", hr=True)
    await hr.taps_data("desk_requests")
    async with office.store.reading() as tx:
        ((when, code, by, action, subject, old, new),) = await audit_log.rows(tx, ZONE)
    assert (f"{when:%Y-%m-%d %H:%M}", code, by) == ("2026-11-23 08:00", "TP01", "Hạnh")
    assert (action, subject, old, new) == ("requests.list", "requests", None, None)


def test_the_command_line_exports_the_log_with_formulas_as_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.logs.set_up", lambda *_: None)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/bot.db")
    (tmp_path / "=1+1.xlsx").write_bytes(
        (Path(__file__).parents[2] / "bot/sandbox/data/thoi-binh-cbcc.xlsx").read_bytes()
    )
    assert main(["import", "people", "=1+1.xlsx"]) == 0
    assert main(["export", "audit", "nhat-ky.xlsx"]) == 0
    assert "vào nhat-ky.xlsx" in capsys.readouterr().out
    sheet = openpyxl.load_workbook(io.BytesIO((tmp_path / "nhat-ky.xlsx").read_bytes())).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == "upload.apply" for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)
    assert main(["export", "audit", "nhat-ky.xlsx"]) == 2
    assert "exists already" in capsys.readouterr().err


def actions() -> set[tuple[str, str]]:
    """Every action that some call names as 'noun.verb', and those put together from the kinds of a change."""
    found = {f"schedule.{kind}" for kind in (*OF_SESSION, *OF_COURSE, *OF_POSTPONED)} | {
        "budget.planned",
        "budget.spent",
    }
    for file in [*(ROOT / "bot" / "training").glob("*.py"), *(ROOT / "handlers").glob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) not in (
                "crashpoint",
                "rights.covered",
                "rights.seen",
            ):
                values = [*node.args, *(one.value for one in node.keywords)]
                found |= {one.value for one in values if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    split = [re.fullmatch(r"([a-z_]{3,})\.([a-z_]+)", one) for one in found]
    return {(match[1], match[2]) for match in split if match}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_in_the_log_has_words(language: str) -> None:
    words = (TEMPLATES / language / "log" / "words.j2").read_text(encoding="utf-8")
    named = {
        name: set(re.findall(r'"([a-z_.]+)": "', words.partition(f"{{% set {name} = ")[2].partition("%}")[0]))
        for name in ("nouns", "verbs", "whole")
    }
    unnamed = [
        f"{noun}.{verb}"
        for noun, verb in sorted(actions())
        if noun not in named["nouns"] or (verb not in named["verbs"] and f"{noun}.{verb}" not in named["whole"])
    ]
    assert unnamed == []


async def test_letters_that_no_database_takes_in_a_forged_button_are_no_button_of_ours(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    for forged in ("log:0:%00:0", "log:0:%0A:0"):
        await hr.taps_data(forged)
        hr.sees("Nút này không còn dùng được")
    await hr.taps_data("desk_fact:name")
    await hr.sends("Phường\x00 Him\ud83d Lam")
    hr.sees("Phường Him Lam")
