import datetime as dt
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.excel import cells
from bot.excel.cells import Cell, CellError

at = dt.datetime.fromisoformat


def reason(read, value) -> str:
    with pytest.raises(CellError) as caught:
        read(Cell(value))
    return caught.value.reason


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("  Nguyễn   Văn\u200b An ", "Nguyễn Văn An"),
        (unicodedata.normalize("NFD", "Trần Quốc Bảo"), "Trần Quốc Bảo"),
        (12.0, "12"),
        (12.5, "12.5"),
        (None, ""),
        (dt.date(2026, 12, 31), "31/12/2026"),
        (at("2026-12-31T07:30"), "31/12/2026 07:30"),
        (dt.time(7, 30), "07:30"),
        ("'-nháp", "-nháp"),
        ("'xưa", "'xưa"),
    ],
)
def test_text_reads_as_a_person_sees_it(value, words):
    assert cells.text(Cell(value)) == words


def test_a_formula_is_refused_by_every_reading_and_told_as_it_stands():
    cell = Cell(5.0, '=HYPERLINK("http://example.invalid")')
    for read in (cells.text, cells.whole, cells.day, cells.birth_year, cells.time_of_day, cells.phone, cells.yes_no):
        with pytest.raises(CellError) as caught:
            read(cell)
        assert (caught.value.reason, caught.value.value) == ("formula", '=HYPERLINK("http://example.invalid")')


def test_a_formula_typed_as_text_is_refused_too():
    assert reason(cells.text, "=1+1") == "formula"
    assert reason(cells.text, "'=1+1") == "formula"


@pytest.mark.parametrize(
    "value",
    [
        "31/12/2026",
        "31-12-2026",
        "31.12.2026",
        "2026-12-31",
        "31 / 12 / 2026",
        46387,
        46387.0,
        "46387",
        46387.25,
        dt.date(2026, 12, 31),
        at("2026-12-31T09:00"),
        "2026-12-31 00:00:00",
        "2026-12-31T00:00:00",
    ],
)
def test_a_day_is_read_however_it_was_typed(value):
    assert cells.day(Cell(value)) == dt.date(2026, 12, 31)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("31/02/1992", "date_impossible"),
        ("12/31/2026", "date_impossible"),
        ("2026-13-01", "date_impossible"),
        ("31/12/1899", "date_out_of_range"),
        ("01/01/2101", "date_out_of_range"),
        (dt.date(1899, 1, 1), "date_out_of_range"),
        (90_000, "date_out_of_range"),
        (1e300, "date_out_of_range"),
        ("1985", "date_year_only"),
        (1985.0, "date_year_only"),
        ("hôm qua", "date_wrong"),
        ("1/2/26", "date_wrong"),
        (12, "date_wrong"),
        (float("nan"), "date_wrong"),
        (True, "date_wrong"),
    ],
)
def test_what_is_no_day_says_why(value, why):
    assert reason(cells.day, value) == why


@pytest.mark.parametrize(
    ("value", "year"),
    [(1985, 1985), ("1985", 1985), ("15/03/1985", 1985), ("3/1985", 1985), ("12-5-1994", 1994), (33_000, 1990)],
)
def test_a_year_of_birth_is_read_from_a_year_or_a_day(value, year):
    assert cells.birth_year(Cell(value)) == year


def test_an_impossible_day_gives_no_year_of_birth():
    assert reason(cells.birth_year, "31/02/1992") == "date_impossible"
    assert reason(cells.birth_year, 85) == "year_wrong"
    assert reason(cells.birth_year, "3/2150") == "year_wrong"


@pytest.mark.parametrize(
    "value",
    [
        "07:30",
        "7h30",
        "7g30",
        "7 giờ 30",
        "7H30",
        "07:30:00",
        0.3125,
        dt.time(7, 30),
        at("2026-01-01T07:30"),
        dt.timedelta(hours=7, minutes=30),
    ],
)
def test_a_time_of_day_is_read_however_it_was_typed(value):
    assert cells.time_of_day(Cell(value)) == dt.time(7, 30)


@pytest.mark.parametrize(
    "value", ["25:00", "7h75", "sáng", 7, 1.5, -0.1, float("inf"), dt.timedelta(days=2), True, 0.99999]
)
def test_what_is_no_time_is_refused(value):
    assert reason(cells.time_of_day, value) == "time_wrong"


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (912345678.0, "0912345678"),
        ("0912.345.679", "0912345679"),
        ("+84 912 345 680", "0912345680"),
        ("84912345680", "0912345680"),
        ("+84 (0) 912 345 680", "0912345680"),
        ("0084-912-345-680", "0912345680"),
        ("912345678", "0912345678"),
    ],
)
def test_a_phone_number_gets_its_zero_back(value, number):
    assert cells.phone(Cell(value)) == number


@pytest.mark.parametrize(
    "value", ["91234568", "0112345678", "09123456789", "+1 912 345 678", "không có", 3.5, "0912345678;0987654321"]
)
def test_what_is_no_mobile_number_is_refused(value):
    assert reason(cells.phone, value) == "phone_wrong"


def test_whole_numbers_and_their_vietnamese_thousands():
    assert [cells.whole(Cell(v)) for v in (30.0, "30", "1.029", "1,029", 5, None)] == [30, 30, 1029, 1029, 5, None]
    assert {reason(cells.whole, v) for v in ("30 người", 1.5, "1.02", float("inf"), "9" * 5000)} == {"number_wrong"}


def test_yes_and_no():
    assert all(cells.yes_no(Cell(v)) for v in ("x", "X", "có", "Có", "1", 1.0, True, "✓"))
    assert not any(cells.yes_no(Cell(v)) for v in ("", None, "không", "0", 0.0, False, "-"))
    assert reason(cells.yes_no, "có thể") == "yes_no_wrong"


def test_blank_cells_are_no_errors():
    for read in (cells.whole, cells.day, cells.birth_year, cells.time_of_day, cells.phone):
        assert read(Cell(" \u200b ")) is None


anything = st.one_of(
    st.none(),
    st.text(),
    st.from_regex(r"[0-9]{1,5}[/.\-][0-9]{1,3}[/.\-][0-9]{1,5}", fullmatch=True),
    st.from_regex(r"[0-9]{1,3}[h:g][0-9]{0,3}", fullmatch=True),
    st.from_regex(r"[+0-9 .]{8,14}", fullmatch=True),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)


@given(anything, st.none() | st.text())
@example("²", None)
@example("٣/٤/٢٠٢٠", None)
@settings(max_examples=400, deadline=None)
def test_no_cell_whatever_raises_anything_but_its_own_error(value, formula):
    cell = Cell(value, formula)
    assert cell.blank == (formula is None and cells.shown(value) == "")
    wanted = {
        cells.text: str,
        cells.whole: int | None,
        cells.day: dt.date | None,
        cells.birth_year: int | None,
        cells.time_of_day: dt.time | None,
        cells.phone: str | None,
        cells.yes_no: bool,
    }
    for read, kind in wanted.items():
        try:
            found = read(cell)
        except CellError:
            continue
        assert isinstance(found, kind)
        if read is cells.day and found is not None:
            assert 1900 <= found.year <= 2100
