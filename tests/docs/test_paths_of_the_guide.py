"""Every path of taps that the guide or the bot itself tells ("`/quanly` → **A** → choose → **B**"), tapped."""

import re
from pathlib import Path

import pytest

from tests.courses.test_courses_in_english import english
from tests.docs.guide_office import CHOSEN, TYPED, GuideOffice, build
from tests.talking import Chat, Office

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guide"
PAGES = sorted(GUIDE.glob("*.md"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.j2"))
CARD = ["`/quanly`", "**Lớp bồi dưỡng**", "chọn lớp"]  # what "thẻ lớp", the card of a class, stands for
STEP = r"`/\w+`|\*\*[^*\n]+\*\*(?:(?:, | / | hoặc |, hoặc )\*\*[^*\n]+\*\*)*|[^→*`|.;:()\n]*[^→*`|.;:()\n ]"
PATH = re.compile(rf"(?:{STEP})(?: (?:\([^)\n]*\) )?→ (?:{STEP}))+")
CHAIN = re.compile(
    r"(?:\b(?:bấm|vào|mở|ở)\b(?: [^\s.;:*]+)? \*\*[^*\n]+\*\*|\*\*(?:Quản lý|Thiết lập|Hồ sơ)\*\*)"
    r",? (?:rồi )?(?:bấm )?\*\*",
    re.IGNORECASE,
)


def paths(text: str) -> list[list[str]]:
    """Give each path as its steps; an arrow between things that are no buttons ("old → new") is none."""
    found = [re.sub(r" \([^)\n]*\) →", " →", path) for path in PATH.findall(text)]
    return [[step.strip() for step in path.split("→")] for path in found if "**" in path and "}}" not in path]


def told(template: Path) -> str:
    """Give the words of a template as the guide would write them."""
    words = re.sub(r"<b>(.*?)</b>", r"**\1**", template.read_text(encoding="utf-8"))
    return re.sub(r"(?<![`\w<])(/[a-z]+)(?= →)", r"`\1`", words)


TOLD = {page.name: paths(page.read_text(encoding="utf-8")) for page in PAGES}
SAID = {str(page.relative_to(ROOT)): paths(told(page)) for page in TEMPLATES}
WALKED = {name: found for name, found in (TOLD | SAID).items() if found}


def labels(chat: Chat) -> list[str]:
    return [button.words for row in chat.arrived[-1].rows for button in row]


def chosen(words: str) -> str:
    best = max((known for known in CHOSEN if words.startswith(known)), key=len, default="")
    assert best, f"how is this done: {words}? Add it to CHOSEN of tests/docs/guide_office.py"
    return CHOSEN[best]


async def walk(office: GuideOffice, steps: list[str]) -> None:
    """Go along a path; its last buttons have to be there, but are not tapped."""
    if steps[0].lower().endswith("thẻ lớp"):
        steps = [*CARD, *steps[1:]]
    command = steps[0].strip("`")
    assert command.startswith("/"), "a path begins with a command or at “thẻ lớp”"
    chat = await office.reader(command).sends(command)
    for at, step in enumerate(steps[1:], start=1):
        await _step(chat, step, last=at == len(steps) - 1)


async def _step(chat: Chat, step: str, *, last: bool) -> None:
    buttons = re.findall(r"\*\*([^*]+)\*\*", step)
    missing = [words for words in buttons if words not in labels(chat)]
    assert not missing, f"no {missing} among {labels(chat)}"
    if last:
        return
    if buttons:
        await chat.taps(buttons[-1])
    elif step.startswith("gõ "):
        await chat.sends(next(words for known, words in TYPED.items() if step.startswith(known)))
    else:
        await chat.taps(chosen(step))


@pytest.mark.parametrize("page", sorted(WALKED))
async def test_every_path_that_is_told_can_be_walked(page: str, office: Office) -> None:
    made = await build(office)
    if page.startswith("templates/en"):
        await english(office, made.hr)
    wrong = []
    for steps in WALKED[page]:
        try:
            await walk(made, steps)
        except AssertionError as no:
            wrong.append(f"{' → '.join(steps)}: {no}")
    assert wrong == []


async def test_the_table_of_the_console_names_what_is_on_the_card_and_behind_it(office: Office) -> None:
    made = await build(office)
    rows = re.findall(r"^\| \*\*(.+?)\*\* \| (.*) \|$", (GUIDE / "bang-dieu-khien-lop.md").read_text("utf-8"), re.M)
    behind = {"Học viên", "Tệp, văn bản", "Thay đổi"}  # the rows that list what the next screen offers
    for button, words in rows:
        more = ["/".join(re.findall(r"\*\*[^*]+\*\*", words)).replace("/", " / ")] if button in behind else []
        await walk(made, ["thẻ lớp", f"**{button}**", *more])
    assert behind < {button for button, _ in rows}


def test_taps_one_after_the_other_are_told_with_arrows_so_that_they_are_walked() -> None:
    chains = {page.name: CHAIN.findall(page.read_text(encoding="utf-8")) for page in PAGES}
    assert {name: found for name, found in chains.items() if found} == {}


async def test_a_path_that_does_not_exist_is_found(office: Office) -> None:
    made = await build(office)
    with pytest.raises(AssertionError, match=r"no .'Đổi lịch'"):
        await walk(made, ["thẻ lớp", "**Đổi lịch**"])
