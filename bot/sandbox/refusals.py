"""The refusals of the Bot API, in Telegram's own words and codes. When to refuse is decided elsewhere."""


class Refusal(Exception):
    """A call that is answered with `ok: false`."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


class Cut(Exception):
    """The connection is broken instead of answering."""


def bad_request(why: str) -> Refusal:
    """Give the 400 that says `why`."""
    return Refusal(400, f"Bad Request: {why}")


def forbidden(why: str) -> Refusal:
    """Give the 403 that says `why`."""
    return Refusal(403, f"Forbidden: {why}")


def conflict(why: str) -> Refusal:
    """Give the 409 that says `why`."""
    return Refusal(409, f"Conflict: {why}")


def too_many_requests(retry_after: int) -> Refusal:
    """Give the 429 that asks the client to wait `retry_after` seconds."""
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


UNAUTHORIZED = (401, "Unauthorized")
NOT_FOUND = (404, "Not Found")
NO_SUCH_METHOD = (404, "Not Found: method not found")
BAD_GATEWAY = (502, "Bad Gateway")
TOO_LARGE = (413, "Request Entity Too Large")
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
POLLED_TWICE = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
