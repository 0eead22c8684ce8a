"""The typed errors of the whole program; how they are told to a person lives in templates, not here."""

from typing import Any


class BoiDuongError(Exception):
    """Base of every error that this program raises on purpose."""


class SettingError(BoiDuongError):
    """A setting is missing or malformed: one clear line for the operator, exit code 2."""


class StoreUnavailable(BoiDuongError):
    """The database is locked or gone for the moment; the same work may succeed a little later."""


class StoreMismatch(BoiDuongError):
    """The database is newer than this program, or a migration was changed after it was applied."""


class Explained(BoiDuongError):
    """An answer that a person may read: the name of a screen and the values it needs.

    Raising it rolls the turn back and shows that screen; it is an answer, not a fault.
    """

    def __init__(self, screen: str, **values: Any) -> None:
        super().__init__(screen, values)
        self.screen = screen
        self.values = values


class Refused(Explained):
    """A rule says no (the deadline has passed, the audience does not match …)."""


class NotAllowed(Refused):
    """Somebody asks for what their rights do not cover; `attempt` names it in the log ('person:17').

    Another screen than the usual one is for where the usual one would tell that there is such a thing.
    """

    def __init__(self, attempt: str, screen: str = "errors/not_allowed", **values: Any) -> None:
        super().__init__(screen, **values)
        self.attempt = attempt


class Stale(Explained):
    """The thing a button speaks of is gone or has moved on; also every forged button."""

    def __init__(self, screen: str = "errors/stale", **values: Any) -> None:
        super().__init__(screen, **values)


class BadFile(Explained):
    """A file that cannot be read, is too large, or is not what was awaited."""
