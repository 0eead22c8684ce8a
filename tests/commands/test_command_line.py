import json
from pathlib import Path

import pytest

from bot import commands
from bot.__main__ import main
from tests.talking import DATA

PEOPLE = str(DATA / "thoi-binh-cbcc.xlsx")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.logs.set_up", lambda *_: None)
    for name in ("BOT_TOKEN", "WEBHOOK_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/bot.db")
    return tmp_path


def test_people_courses_and_laws_are_taken_in(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "people", PEOPLE]) == 0
    assert "Người mới: 111" in capsys.readouterr().out
    assert main(["import", "courses", str(DATA / "lop-boi-duong-2026-12.xlsx")]) == 0
    assert "Lớp mới: 10 (27 buổi)" in capsys.readouterr().out
    assert main(["import", "legal", str(DATA / "phap-luat-2026.yaml")]) == 0
    assert "Mới: 3" in capsys.readouterr().out
    assert main(["import", "people", PEOPLE]) == 0
    assert "Giữ nguyên: 111" in capsys.readouterr().out


def test_a_dry_run_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert main(["import", "people", PEOPLE, "--dry-run"]) == 0
        shown = capsys.readouterr().out
        assert "chưa ghi gì" in shown
        assert "Người mới: 111" in shown


def test_rows_in_error_are_told_by_their_number(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "people", str(DATA / "loi-nhap-lieu.xlsx")]) == 0
    shown = capsys.readouterr().out
    for row in (10, 11, 12, 14, 15):
        assert f"Dòng {row}:" in shown


def test_a_list_of_another_kind_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "courses", PEOPLE]) == 2
    assert "another kind" in capsys.readouterr().err


def test_a_file_that_is_no_workbook_is_refused_in_a_sentence(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "x.xlsx").write_text("chào")
    assert main(["import", "people", "x.xlsx"]) == 2
    told = capsys.readouterr().err
    assert "x.xlsx" in told
    assert "Traceback" not in told


def test_a_file_that_is_not_there_is_refused_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "people", "nowhere.xlsx"]) == 2
    assert "nowhere.xlsx" in capsys.readouterr().err


def test_a_one_time_code_is_printed_for_a_person_of_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", "people", PEOPLE])
    assert main(["invite", "TB0001", "--role", "hr"]) == 0
    assert "Mã mời dùng một lần" in capsys.readouterr().out
    assert main(["invite", "NOBODY"]) == 1
    assert "NOBODY" in capsys.readouterr().err


def test_a_missing_token_is_one_clear_line_and_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run"]) == 2
    assert capsys.readouterr().err.startswith("BOT_TOKEN is missing")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://x"),
        ("LISTEN", "8080"),
        ("TIMEZONE", "Asia/Hanoi2"),
        ("LOG_LEVEL", "LOUD"),
        ("PUSHES_PER_SECOND", "0"),
        ("CHAT_PAUSE", "-1"),
        ("TELEGRAM_API_URL", "telegram.org"),
        ("WEBHOOK_URL", "ftp://x"),
    ],
)
def test_a_malformed_setting_is_named(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)
    assert main(["migrate"]) == 2
    assert name in capsys.readouterr().err


def test_a_webhook_without_a_secret_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WEBHOOK_URL", "https://bot.example.gov.vn")
    assert main(["migrate"]) == 2
    assert "WEBHOOK_SECRET" in capsys.readouterr().err


def test_a_backup_is_a_whole_database_and_never_overwrites(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", "people", PEOPLE])
    assert main(["backup", "copy.db"]) == 0
    assert main(["backup", "copy.db"]) == 2
    assert "exists already" in capsys.readouterr().err
    (place / "bot.db").unlink()
    (place / "copy.db").rename(place / "bot.db")
    main(["import", "people", PEOPLE, "--dry-run"])
    assert "Giữ nguyên: 111" in capsys.readouterr().out


def test_the_doctor_tells_what_is_not_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 1
    assert "to migrate" in capsys.readouterr().out
    main(["migrate"])
    assert main(["doctor"]) == 1
    told = capsys.readouterr()
    assert "up to date" in told.out
    assert "tick milestones" in told.err
    assert "telegram" in told.err


def test_a_database_of_a_newer_program_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from bot.store import migrate

    main(["migrate"])
    newer = migrate.known()[:-1]
    monkeypatch.setattr(migrate, "known", lambda *_: newer)
    assert main(["migrate"]) == 1
    assert "does not know" in capsys.readouterr().err


def test_every_import_the_command_line_offers_is_a_kind_of_upload() -> None:
    from bot.training.uploads import KINDS

    assert set(commands.IMPORTS) <= {kind.name for kind in KINDS}
    assert json.dumps(commands.IMPORTS)


def test_the_outbox_tells_what_became_of_a_persons_messages(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    from bot import outbox
    from bot.outbox import Owed
    from bot.store import open_store
    from tests.talking import MONDAY, add_person

    async def owe() -> None:
        store = await open_store(f"sqlite:///{place}/bot.db")
        for code in ("DB1", "DB2"):
            person_id = await add_person(store, MONDAY, code, chat=code, code=code)
            async with store.transaction() as tx:
                await outbox.put(tx, Owed(code, "offer", f"course:{code}", person_id, MONDAY, MONDAY + 60), MONDAY)
        await store.close()

    monkeypatch.setenv("COLUMNS", "250")
    assert main(["migrate"]) == 0
    asyncio.run(owe())
    capsys.readouterr()
    assert main(["outbox", "--person", "db1"]) == 0
    shown = capsys.readouterr().out
    assert "course:DB1" in "".join(shown.split())
    assert "course:DB2" not in "".join(shown.split())
    assert main(["outbox", "--state", "unknown"]) == 0
    assert "course" not in capsys.readouterr().out
    assert main(["outbox", "--release"]) == 0
    assert "0" in capsys.readouterr().out
