import ast
import inspect
import re
import shlex
from pathlib import Path

import pytest

from bot import __main__, config, training
from bot.training import legal_import
from bot.training.legal_import import Plan

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.vi.md")
PAGES = (
    *READMES,
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/operations.md",
    "docs/guide/can-bo-to-chuc.md",
    "docs/guide/quyen-va-nhat-ky.md",
)
NOT_FOR_OFFICES = {"CLOCK_FILE"}  # the clock that tests move
SECTIONS = {"README.md": "## The rooms", "README.vi.md": "## Các phòng"}
PACKAGES = sorted(
    file.parent.relative_to(ROOT).as_posix()
    for room in ("bot", "handlers", "scheduler")
    for file in (ROOT / room).rglob("__init__.py")
)


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rooms(readme: str) -> set[str]:
    """What the first column of the map names."""
    table = page(readme).partition(SECTIONS[readme])[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


@pytest.mark.parametrize("readme", READMES)
def test_every_room_on_the_map_is_there(readme: str) -> None:
    assert {name for name in rooms(readme) if not (ROOT / name).exists()} == set()
    assert all((ROOT / name).is_dir() == name.endswith("/") for name in rooms(readme))


@pytest.mark.parametrize("readme", READMES)
def test_the_map_leaves_no_package_and_no_file_out(readme: str) -> None:
    named = rooms(readme)
    assert {package for package in PACKAGES if package != "bot" and f"{package}/" not in named} == set()
    loose = {f"bot/{file.name}" for file in (ROOT / "bot").glob("*.py")} - {"bot/__init__.py"}
    assert loose - named == {"bot/crashpoints.py", "bot/web.py"} & loose  # plumbing
    folders = {f"{p.name}/" for p in ROOT.iterdir() if p.is_dir() and not p.name.startswith(".") and p.name != "data"}
    assert folders - named == {"bot/"}  # told room by room


def test_both_readmes_draw_the_same_map() -> None:
    assert rooms("README.md") == rooms("README.vi.md")


def settings_in_code() -> set[str]:
    calls = [n for n in ast.walk(ast.parse(inspect.getsource(config.read))) if isinstance(n, ast.Call)]
    got = [c.args[0] for c in calls if isinstance(c.func, ast.Name) and c.func.id == "get"]
    return {name.value for name in got if isinstance(name, ast.Constant)}


def test_every_setting_is_in_the_example_and_in_the_tables() -> None:
    example = set(re.findall(r"^([A-Z_]+)=", page(".env.example"), re.MULTILINE))
    assert settings_in_code() - NOT_FOR_OFFICES == example
    for readme in READMES:
        assert set(re.findall(r"^\| `([A-Z_]+)` \|", page(readme), re.MULTILINE)) == example
    assert all(f"`{name}`" in page("docs/operations.md") for name in NOT_FOR_OFFICES)


def test_the_defaults_in_the_tables_are_those_of_the_example() -> None:
    defaults = dict(re.findall(r"^([A-Z_]+)=(.*)$", page(".env.example"), re.MULTILINE))
    for readme in READMES:
        rows = [line.split("|") for line in page(readme).splitlines() if re.match(r"\| `[A-Z_]+` \|", line)]
        assert {row[1].strip(" `"): row[2].strip(" `") for row in rows} == defaults


@pytest.mark.parametrize("name", PAGES)
def test_every_command_that_is_shown_can_be_given(name: str) -> None:
    for line in re.findall(r"^\S*python -m bot (.+)$", page(name), re.MULTILINE):
        __main__.parser().parse_args(shlex.split(line, comments=True))


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name: str) -> None:
    folder = (ROOT / name).parent
    targets = [t for t in re.findall(r"(?<!!)\[[^\]]+\]\(([^)]+)\)", page(name)) if "://" not in t]
    assert [target for target in targets if not (folder / target).exists()] == []


def test_every_make_target_that_is_shown_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", page("Makefile"), re.MULTILINE))
    for name in PAGES:
        shown = {word for line in re.findall(r"^make ([a-z ]+)", page(name), re.MULTILINE) for word in line.split()}
        assert shown <= targets, name


GUIDE = "docs/guide/can-bo-to-chuc.md"
CHAPTERS = sorted(file.relative_to(ROOT).as_posix() for file in (ROOT / "docs" / "guide").glob("*.md"))
WORDS = {file: file.read_text(encoding="utf-8") for file in sorted((ROOT / "templates" / "vi").rglob("*.j2"))}
BLOCK = re.compile(r"\{% block \w+ %\}(.*?)\{% endblock %\}", re.DOTALL)
STRESSED = {"in đậm", "không", "Danh sách cán bộ", "Danh sách lớp", "Người nghỉ việc.", "Ngày nghỉ."}


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"</?[bi]>|\{\{.*?\}\}", "…", text))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_button_of_the_guide_is_worded_so_in_the_templates(chapter: str) -> None:
    buttons = {words.strip() for text in WORDS.values() for words in BLOCK.findall(text)}
    shown = set(re.findall(r"\*\*([^*]+)\*\*", page(chapter)))
    assert shown - buttons - STRESSED <= {"Yêu cầu sửa dữ liệu."}  # a heading


@pytest.mark.parametrize("readme", READMES)
def test_every_button_of_a_readme_is_on_a_phone_or_on_the_page(readme: str) -> None:
    buttons = {words.strip() for text in WORDS.values() for words in BLOCK.findall(text)}
    demo = page("bot/sandbox/page/index.html")
    shown = {words for words in re.findall(r"\*\*([^*]+)\*\*", page(readme)) if not words.endswith(".")}
    assert {words for words in shown if words not in buttons and f">{words}<" not in demo} == set()


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_answer_the_guide_quotes_is_said_in_the_templates(chapter: str) -> None:
    said = " ".join(plain(text).replace("…", "") for text in WORDS.values())
    quoted = re.findall(r"(?<![*\w])\*([^*\n]+)\*(?!\*)", page(chapter))
    missing = [q for q in quoted if not all(part.strip() in said for part in q.split("…"))]
    assert missing == []


def example_yaml() -> Plan:
    (example,) = re.findall(r"```yaml\n(.*?)```", page(GUIDE), re.DOTALL)
    return legal_import.read(example.encode(), "mau.yaml")


def test_the_example_of_a_legal_update_is_accepted() -> None:
    plan = example_yaml()
    assert plan.faults == ()
    (entry,) = plan.entries
    assert (entry.number, entry.deadline_on, entry.pass_mark) == ("171/2025/NĐ-CP", "2026-12-31", 1)
    assert entry.questions[0].answers[entry.questions[0].right] == "01/7/2025"


def test_every_feature_of_the_desk_is_in_the_guide() -> None:
    menus = [WORDS[ROOT / "templates" / "vi" / "desk" / f"{name}.j2"] for name in ("menu", "setup")]
    desk = [words for menu in menus for words in BLOCK.findall(menu)[1:]]
    guide = "".join(page(chapter) for chapter in CHAPTERS)
    assert [words for words in desk if f"**{words}**" not in guide] == []


def test_every_module_of_the_rules_stands_under_its_feature() -> None:
    listed = re.findall(r"[a-z_]+", (training.__doc__ or "").partition("by feature:")[2].replace("\n", " "))
    modules = {file.stem for file in (ROOT / "bot" / "training").glob("*.py")} - {"__init__"}
    assert modules - set(listed) == set()
    assert [name for name in listed if "_" in name and name not in modules] == []
