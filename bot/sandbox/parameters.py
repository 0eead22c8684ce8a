"""The parameters of one Bot API call, whichever way they were sent. What the methods do with them is not here."""

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import Request

from bot.sandbox.files import UPLOAD_LIMIT
from bot.sandbox.refusals import TOO_LARGE, Refusal, bad_request


class Parameters:
    """Named values: strings from forms, anything from JSON; uploaded files by the name of their part."""

    def __init__(self, values: dict[str, Any], uploads: dict[str, tuple[str, bytes, str | None]] | None = None):
        self._values = values
        self._uploads = uploads or {}

    def text(self, name: str, default: str = "") -> str:
        """Give a string; `default` when it was not sent."""
        value = self._values.get(name)
        return default if value is None else str(value)

    def integer(self, name: str, default: int | None = None) -> int:
        """Give a whole number; without a default its absence is refused."""
        value = self._values.get(name, default)
        try:
            return int(value)  # type: ignore[arg-type]  # None is refused like any other wrong value
        except (TypeError, ValueError):
            raise bad_request(f"parameter {name} must be an integer") from None

    def flag(self, name: str) -> bool:
        """Give a yes or no; no when it was not sent."""
        return str(self._values.get(name, "")).lower() in ("true", "1", "yes")

    def nested(self, name: str) -> Any:
        """Give an object or a list, sent as such or as a JSON string; None when it was not sent."""
        value = self._values.get(name)
        if not isinstance(value, str) or not value:
            return value or None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def upload(self, name: str) -> tuple[str, bytes, str | None] | None:
        """Give an uploaded file as (name, bytes, type), or None; `attach://part` points to another part."""
        value = self._values.get(name)
        if isinstance(value, str) and value.startswith("attach://"):
            return self._uploads.get(value.removeprefix("attach://"))
        return self._uploads.get(name)

    @property
    def chat_id(self) -> int | None:
        """The chat that the call names, for faults; None when it names none."""
        value = str(self._values.get("chat_id", ""))
        return int(value) if value.lstrip("-").isdigit() else None


async def read_parameters(request: Request) -> Parameters:
    """Read the query and the body (JSON, form or multipart) of a call.

    Raises the 413 refusal for more than 50 MB and a 400 for a body that cannot be read.
    """
    values: dict[str, Any] = dict(request.query_params)
    if request.method == "GET":
        return Parameters(values)
    if int(request.headers.get("content-length", 0)) > UPLOAD_LIMIT + 1_000_000:
        raise Refusal(*TOO_LARGE)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _multipart(request, values)
    body = await request.body()
    if kind == "application/json":
        values.update(_json_object(body))
    else:
        values.update(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return Parameters(values)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        sent = json.loads(body or b"{}")
    except ValueError:
        sent = None
    if not isinstance(sent, dict):
        raise bad_request("can't parse JSON object")
    return sent


async def _multipart(request: Request, values: dict[str, Any]) -> Parameters:
    uploads: dict[str, tuple[str, bytes, str | None]] = {}
    async with request.form(max_part_size=UPLOAD_LIMIT) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                uploads[name] = (value.filename or name, await value.read(), value.content_type)
            else:
                values[name] = value
    return Parameters(values, uploads)
