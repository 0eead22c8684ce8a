import ast
import importlib
from pathlib import Path

from bot.chat.pages import SIZE

ROOT = Path(__file__).resolve().parents[2]


def sizes(file: Path) -> list[int]:
    """The page sizes that a handler file asks for beside the common one; names are looked up in it."""
    module = importlib.import_module(f"handlers.{file.stem}")
    calls = [node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    asked = [call.args[2] for call in calls if getattr(call.func, "id", "") == "page_of" and len(call.args) > 2]
    return [size.value if isinstance(size, ast.Constant) else getattr(module, ast.unparse(size)) for size in asked]


def test_no_list_shows_more_than_six_things_at_once() -> None:
    files = sorted((ROOT / "handlers").glob("*.py"))
    assert any(sizes(file) for file in files if file.stem != "__init__")  # the search finds calls at all
    assert {
        file.name: sizes(file) for file in files if file.stem != "__init__" and max(sizes(file), default=0) > SIZE
    } == {}
