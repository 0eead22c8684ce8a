"""A checked form filled: its marks replaced, a row with marks of learners repeated for each of them."""

from collections.abc import Collection, Sequence

from bot.forms import word, workbook
from bot.forms.marks import Row, Values


def fill(content: bytes, filename: str, values: Values, rows: Sequence[Row], row_marks: Collection[str]) -> bytes:
    """Fill a form that `check` let pass; `row_marks` are the names that stand for one of `rows`.

    Long work, so call it in a thread. Values are written as text, numbers, days; never as formulas.
    """
    fill_it = workbook.fill if filename.lower().endswith(".xlsx") else word.fill
    return fill_it(content, filename, values, rows, frozenset(row_marks))
