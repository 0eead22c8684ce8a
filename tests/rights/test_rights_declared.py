import handlers
from bot.chat.router import Entry, Router
from bot.chat.turns import Role

UP_TO_OFFICIAL = {Role.ANYONE, Role.LINKED, Role.OFFICIAL}


def beyond_officials() -> list[Entry]:
    """Every entry that more than an official's own rights open."""
    entries = Router(handlers.MODULES).entries.values()
    return [entry for entry in entries if not UP_TO_OFFICIAL.intersection(entry.who)]


def test_every_entry_beyond_what_an_official_may_declares_whose_data_it_reaches() -> None:
    undeclared = [f"{entry.kind} {entry.name}" for entry in beyond_officials() if not entry.reach]
    assert undeclared == [], "each says reach=… in its handler file, see bot.chat.router.Entry"
