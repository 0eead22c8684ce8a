"""The Bot API methods about the bot itself: who it is, its menu, its updates. Messages are in speaking.py."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox import speaking
from bot.sandbox.parameters import Parameters
from bot.sandbox.refusals import bad_request
from bot.sandbox.updates import Update
from bot.sandbox.world import Webhook, World

Method = Callable[[World, Parameters], Any]

_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
_COMMANDS_LIMIT = 100
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_COMMAND = re.compile(r"/?[a-z0-9_]{1,32}")


def get_me(world: World, _: Parameters) -> dict[str, Any]:
    """Tell who the bot is."""
    return {
        **world.bot,
        "can_join_groups": False,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_updates(world: World, sent: Parameters) -> list[Update]:
    """Give what waits, or wait for it; refused while a webhook is set or when another poll takes over."""
    allowed = sent.nested("allowed_updates")
    if allowed is not None:
        world.updates.allowed = frozenset(allowed)
    limit = min(100, max(1, sent.integer("limit", 100)))
    timeout = min(50, max(0, sent.integer("timeout", 0)))
    return await world.updates.poll(sent.integer("offset", 0), limit, timeout)


def set_webhook(world: World, sent: Parameters) -> bool:
    """Post updates to a URL from now on; an empty URL is a deleteWebhook. Plain http is allowed here."""
    url = sent.text("url")
    if not url:
        return delete_webhook(world, sent)
    if not url.startswith(("http://", "https://")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = sent.text("secret_token")
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    allowed = sent.nested("allowed_updates") or []
    world.updates.allowed = frozenset(allowed)
    world.webhook = Webhook(url, secret, min(100, max(1, sent.integer("max_connections", 40))), allowed)
    world.updates.webhook_active = True
    _drop_if_asked(world, sent)
    return True


def delete_webhook(world: World, sent: Parameters) -> bool:
    """Go back to polling."""
    world.webhook = None
    world.updates.webhook_active = False
    _drop_if_asked(world, sent)
    return True


def _drop_if_asked(world: World, sent: Parameters) -> None:
    if sent.flag("drop_pending_updates"):
        world.updates.drop_all()
    world.updates.bell.ring()
    world.webhook_bell.ring()


def get_webhook_info(world: World, _: Parameters) -> dict[str, Any]:
    """Tell where updates are posted and how that goes."""
    info: dict[str, Any] = {
        "url": world.webhook.url if world.webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates),
    }
    if world.webhook:
        info |= {"max_connections": world.webhook.max_connections, "ip_address": "127.0.0.1"}
        if world.webhook.allowed:
            info["allowed_updates"] = world.webhook.allowed
        if world.webhook.last_error_date:
            info["last_error_date"] = world.webhook.last_error_date
            info["last_error_message"] = world.webhook.last_error
    return info


def _commands_key(sent: Parameters) -> tuple[str, str]:
    scope = sent.nested("scope") or {"type": "default"}
    kind = scope.get("type")
    if kind == "chat":
        return f"chat {scope.get('chat_id')}", sent.text("language_code")
    if kind not in _SCOPES:
        raise bad_request("unsupported type specified")
    return kind, sent.text("language_code")


def set_my_commands(world: World, sent: Parameters) -> bool:
    """Set the commands of the menu for a scope and a language."""
    commands = sent.nested("commands")
    if not isinstance(commands, list):
        raise bad_request("commands must be non-empty")
    if len(commands) > _COMMANDS_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(command.get("command", "")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command.get("description", "")) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[_commands_key(sent)] = commands
    world.changed()
    return True


def get_my_commands(world: World, sent: Parameters) -> list[dict[str, str]]:
    """Give the commands of exactly this scope and language."""
    return world.commands.get(_commands_key(sent), [])


def delete_my_commands(world: World, sent: Parameters) -> bool:
    """Forget the commands of a scope and a language."""
    world.commands.pop(_commands_key(sent), None)
    world.changed()
    return True


def _about(name: str, limit: int) -> Method:
    def keep(world: World, sent: Parameters) -> bool:
        words = sent.text(name)
        if len(words) > limit:
            raise bad_request(f"{name} is too long")
        world.about[name] = words
        world.changed()
        return True

    return keep


def set_chat_menu_button(world: World, sent: Parameters) -> bool:
    """Accept the kind of menu button; the page always shows the commands."""
    world.about["menu_button"] = str((sent.nested("menu_button") or {}).get("type", "default"))
    return True


METHODS: dict[str, Method | Callable[[World, Parameters], Awaitable[Any]]] = {
    "getme": get_me,
    "getupdates": get_updates,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "setmyname": _about("name", 64),
    "setmydescription": _about("description", 512),
    "setmyshortdescription": _about("short_description", 120),
    "setchatmenubutton": set_chat_menu_button,
    **speaking.METHODS,
}
