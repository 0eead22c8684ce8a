"""What may hang under a message: inline buttons and reply keyboards, with Telegram's refusals."""

from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.refusals import bad_request

Markup = dict[str, Any]
_MOST_BUTTONS = 100
_MOST_IN_A_ROW = 8
_MOST_REPLY_BUTTONS = 300
_STYLES = ("primary", "success", "danger")


def checked(markup: Any) -> Markup | None:
    """Give `markup` as it is kept (None for none), or raise the refusal of the first thing wrong with it."""
    if markup in (None, "", {}):
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _inline(markup["inline_keyboard"])
    if "keyboard" in markup:
        return _reply(markup)
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return markup
    raise bad_request("can't parse reply keyboard markup JSON object")


def inline_rows(markup: Markup | None) -> list[list[dict[str, Any]]]:
    """Give the rows of inline buttons of a kept markup; an empty list when it has none."""
    return list(markup.get("inline_keyboard", [])) if markup else []


def _rows(rows: Any, what: str) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(f"can't parse {what}: array of arrays expected")
    return [row for row in rows if row]


def _inline(rows: Any) -> Markup | None:
    kept = _rows(rows, "inline keyboard")
    for row in kept:
        for button in row:
            _check_inline(button)
    if sum(map(len, kept)) > _MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    if any(len(row) > _MOST_IN_A_ROW for row in kept):
        raise bad_request("REPLY_MARKUP_INVALID")
    return {"inline_keyboard": kept} if kept else None


def _label(button: Any, what: str) -> str:
    text = button.get("text") if isinstance(button, dict) else None
    if not isinstance(text, str):
        raise bad_request(f'can\'t parse {what} button: Field "text" must be of type String')
    if not text.strip():
        raise bad_request(f"{what} button text must be non-empty")
    return text


def _check_inline(button: Any) -> None:
    _label(button, "inline keyboard")
    if button.get("style", "primary") not in _STYLES:
        raise bad_request("can't parse inline keyboard button: invalid button style specified")
    if "callback_data" in button:
        data = button["callback_data"]
        if not isinstance(data, str) or not 1 <= len(data.encode()) <= 64:
            raise bad_request("BUTTON_DATA_INVALID")
    elif "url" in button:
        _check_url(str(button["url"]))
    elif "copy_text" in button:
        copied = button["copy_text"].get("text") if isinstance(button["copy_text"], dict) else None
        if not isinstance(copied, str) or not 1 <= len(copied) <= 256:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    else:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        good = parts.scheme == "tg" or (parts.scheme in ("http", "https") and "." in (parts.hostname or ""))
    except ValueError:
        good = False
    if not good:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _reply(markup: Markup) -> Markup:
    rows = []
    for row in _rows(markup["keyboard"], "reply keyboard"):
        buttons = [{"text": button} if isinstance(button, str) else button for button in row]
        for button in buttons:
            _label(button, "keyboard")
        rows.append(buttons)
    if sum(map(len, rows)) > _MOST_REPLY_BUTTONS:
        raise bad_request("reply markup is too long")
    return {**markup, "keyboard": rows}
