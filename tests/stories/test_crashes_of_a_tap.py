import pytest

from tests.stories.conftest import Town


@pytest.mark.parametrize(
    "point", ["keep.before", "keep.after", "take.before", "take.after", "reply.before", "reply.after"]
)
async def test_a_tap_takes_effect_once_wherever_the_program_is_killed(polled_town: Town, point: str) -> None:
    town = polled_town
    lan = await town.person("Lan")
    await town.opens(crash_at=point)
    await lan.sends("/ngonngu")
    await town.dies()
    await town.opens()
    await lan.sees("ngôn ngữ", since_start=True)
    await town.until_stored("select count(*) = 0 as done from inbox where done_at is null or reply is not null")
    assert await town.stored("select count(*) as n from inbox") == [{"n": 1}]
