import ast
import re
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, meta

from bot.chat.rendering import LANGUAGES, TEMPLATES

ROOT = Path(__file__).resolve().parents[2]
SHORTEST_LIMIT = 2000  # characters that the narrowest messenger takes
NAMES = sorted(p.relative_to(TEMPLATES / "vi").as_posix() for p in (TEMPLATES / "vi").rglob("*.j2"))
ENVIRONMENTS = {language: Environment(loader=FileSystemLoader(TEMPLATES / language)) for language in LANGUAGES}
for _environment in ENVIRONMENTS.values():
    _environment.filters |= dict.fromkeys(("moment", "day", "date", "hour", "number"), str)
TELLING = {"Screen", "Refused", "Stale", "BadFile", "Explained"}


def source(language: str, name: str) -> str:
    return (TEMPLATES / language / name).read_text(encoding="utf-8")


def test_both_languages_have_the_same_screens() -> None:
    assert sorted(p.relative_to(TEMPLATES / "en").as_posix() for p in (TEMPLATES / "en").rglob("*.j2")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_have_the_same_blocks_and_values(name: str) -> None:
    vi, en = (ENVIRONMENTS[language].get_template(name) for language in ("vi", "en"))
    assert set(vi.blocks) == set(en.blocks)
    values = [
        meta.find_undeclared_variables(ENVIRONMENTS[language].parse(source(language, name))) for language in LANGUAGES
    ]
    assert values[0] == values[1]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fixed_words_fit_every_messenger(language: str, name: str) -> None:
    words = re.sub(r"\{[%{#].*?[%}#]\}|<[^>]*>", "", source(language, name), flags=re.DOTALL)
    assert len(words) < SHORTEST_LIMIT


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_tag_spans_a_line_and_only_common_ones_are_used(language: str, name: str) -> None:
    for line in source(language, name).splitlines():
        bare = re.sub(r"\{[%{#].*?[%}#]\}", "", line)
        opened = re.findall(r"<([a-z]+)[^>]*>", bare)
        closed = re.findall(r"</([a-z]+)>", bare)
        assert sorted(opened) == sorted(closed), line
        assert set(opened) <= {"b", "i", "code", "a"}, line


def screens_in_code() -> dict[str, str]:
    found: dict[str, str] = {}
    for folder in ("bot", "handlers"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TELLING:
                    first = node.args[0] if node.args else None
                    if isinstance(first, ast.Constant) and isinstance(first.value, str):
                        found[f"{first.value}.j2"] = str(file.relative_to(ROOT))
    return found


def test_every_screen_that_code_names_has_its_words() -> None:
    assert {name: file for name, file in screens_in_code().items() if name not in NAMES} == {}


def test_no_vietnamese_word_stands_in_code() -> None:
    letters = re.compile(r"[ăâđêôơưĂÂĐÊÔƠƯàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]")
    spoken = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for folder in ("bot", "handlers", "scheduler")
        for file in (ROOT / folder).rglob("*.py")
        if "sandbox" not in file.parts
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr)
        and any(isinstance(v, ast.Constant) and letters.search(str(v.value)) for v in node.values)
    ]
    assert spoken == []
