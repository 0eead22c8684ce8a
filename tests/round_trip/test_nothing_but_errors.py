from pathlib import Path

import pytest

from bot.chat.rendering import TEMPLATES, Renderer
from bot.chat.screens import Screen
from bot.training.upload_kinds import Report
from tests.people_sheets import sheet
from tests.round_trip.test_courses_undone import HEADINGS, one
from tests.talking import ZONE, Office

KINDS = sorted(
    path.stem for path in Path(TEMPLATES / "vi/uploads").glob("*.j2") if "report.nothing" in path.read_text()
)
FIGURES = ("new", "changed", "same", "told", "conflict", "turns", "classes", "added", "waiting", "removed", "placed",
           "renamed", "merged", "closed", "people", "planned", "approved", "paid", "left", "units", "heads", "sessions",
           "amended", "unmatched", "dropped", "priorities", "plans", "edited")  # fmt: skip

NAMES = (
    "courses",
    "categories",
    "sessions",
    "new",
    "changed",
    "held_back",
    "classes",
    "amended",
    "dropped",
    "plans",
    "kept",
    "placed",
)


async def test_a_list_with_nothing_but_errors_does_not_say_that_all_is_as_it_was(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.uploads("lop.xlsx", sheet(one(day="32/13/2026"), headings=HEADINGS))
    hr.sees("Chưa ghi được gì: 1 dòng lỗi")
    hr.sees_no("Không có gì thay đổi")
    hr.sees_no("Ghi nhận")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_so_in_both_languages(kind: str) -> None:
    names: dict[str, list[str]] = {name: [] for name in NAMES} | {"course": ["A"]}
    report = Report(kind, "tep.xlsx", dict.fromkeys(FIGURES, 0), [], [], None, names)
    screen = Screen(f"uploads/{kind}", done=False, report=report, wrong_rows=2, remarks=[], more=0)
    said = {language: Renderer(ZONE).render(screen, language).text for language in ("vi", "en")}
    assert "Chưa ghi được gì: <b>2 " in said["vi"]
    assert "Không có gì" not in said["vi"]
    assert "Nothing could be written: <b>2 " in said["en"]


def test_every_kind_there_is_is_looked_at() -> None:
    from bot.training.uploads import KINDS as FOUND

    assert {kind.name for kind in FOUND} == set(KINDS)
