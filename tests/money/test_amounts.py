import pytest

from bot.errors import Refused
from bot.training.money import amount_of


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1.500.000", 1_500_000), ("1,500,000", 1_500_000), ("1 500 000", 1_500_000), ("1500000", 1_500_000),
        ("1.500.000 đồng", 1_500_000), ("1500000đ", 1_500_000), ("1,5tr", 1_500_000), ("1.5 triệu", 1_500_000),
        ("1tr5", 1_500_000), ("2tr500", 2_500_000), ("500k", 500_000), ("500 nghìn", 500_000), ("2 tỷ", 2 * 10**9),
        ("0", 0), ("150000.0", 150_000), ("10.000.000.000", 10**10), ("1,5TR", 1_500_000),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_people_type_it(typed: str, amount: int) -> None:
    assert amount_of(typed) == amount


@pytest.mark.parametrize(
    "typed",
    ["-5", "-1.500.000", "", "abc", "1,5", "1.50.000", "10.000.000.001", "99999999999999999", "1,5tr5", "1tr5k",
     "1,2345678tr", "một triệu", "1e6", "=1+1", "1500000.5"],
)  # fmt: skip
def test_no_other_amount_is_taken(typed: str) -> None:
    with pytest.raises(Refused):
        amount_of(typed)
