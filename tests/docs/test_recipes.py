import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

import handlers
from bot.chat import rendering
from bot.clock import FixedClock
from bot.store import Store
from bot.store.migrate import Migration
from scheduler import milestones
from tests import talking

GUIDE = (Path(__file__).resolve().parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```(?:python|jinja|sql)\n(?:# |\{# |-- )([\w/.]+)[^\n]*\n(.*?)```", re.DOTALL)
RECIPES = dict(re.findall(r"^## (A new [a-z]+)\n(.*?)(?=^## )", GUIDE, re.DOTALL | re.MULTILINE))
Cook = Callable[[str], dict[str, ModuleType]]


def files(recipe: str) -> dict[str, str]:
    return dict(BLOCK.findall(RECIPES[recipe]))


@pytest.fixture
def cook(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cook:
    """Does what a recipe says: words into the templates, modules where they belong."""
    folder = tmp_path / "templates"
    shutil.copytree(rendering.TEMPLATES, folder)
    monkeypatch.setattr(talking, "Renderer", lambda zone: rendering.Renderer(zone, folder))

    def module(path: str, source: str) -> ModuleType:
        made = ModuleType(path.removesuffix(".py").replace("/", "."))
        monkeypatch.setitem(sys.modules, made.__name__, made)
        exec(compile(source, path, "exec"), vars(made))
        return made

    def follow(recipe: str) -> dict[str, ModuleType]:
        made: dict[str, ModuleType] = {}
        for path, source in files(recipe).items():
            if path.endswith(".j2"):
                (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / path).write_text(source, encoding="utf-8")
            elif path.endswith(".py"):
                made[path] = module(path, source)
        added = [one for path, one in made.items() if path.startswith("handlers/")]
        monkeypatch.setattr(handlers, "MODULES", [*handlers.MODULES, *added])
        for one in made.values():
            if hasattr(one, "fan_out"):
                monkeypatch.setitem(milestones.FAN_OUTS, one.KIND, one.fan_out)
        return made

    return follow


async def apply_migration(store: Store, path: str, sql: str) -> None:
    async with store.transaction() as tx:
        for statement in Migration(9999, path, sql).statements(store.engine):
            await tx.execute(statement)


@pytest.mark.parametrize("recipe", ["A new screen", "A new reminder", "A new table"])
async def test_a_recipe_followed_to_the_letter_passes_its_own_story(
    recipe: str, store: Store, clock: FixedClock, cook: Cook
) -> None:
    made = cook(recipe)
    for path, sql in files(recipe).items():
        if path.endswith(".sql"):
            await apply_migration(store, path, sql)
    (story,) = [
        value
        for path, module in made.items()
        if path.startswith("tests/")
        for name, value in vars(module).items()
        if name.startswith("test_")
    ]
    await story(talking.Office(store, clock))


@pytest.mark.parametrize("recipe", sorted(RECIPES))
def test_the_words_of_a_recipe_are_in_both_languages(recipe: str) -> None:
    written = {path for path in files(recipe) if path.endswith(".j2")}
    assert {path.replace("/en/", "/vi/") for path in written} == {path for path in written if "/vi/" in path}


def test_the_modules_and_names_that_the_guide_tells_of_exist() -> None:
    root = Path(__file__).resolve().parents[2]
    made = {path for recipe in RECIPES for path in files(recipe)}
    told = set(re.findall(r"`((?:bot|handlers|scheduler|tests|docs|templates)/[\w/.]+)`", GUIDE)) - made
    assert {path for path in told if not (root / path).exists()} == set()
