"""`key`: the keys that programs ask the service with."""

from __future__ import annotations

import click

from service.commands.memory.opening import AT, opened
from service.commands.options import ROW
from service.commands.outcome import DONE
from service.memory.access.keyring import SCOPES, keys_of, make_key, revoke
from service.storage.access.api_keys import StoredKey


@click.group("key")
def program_keys() -> None:
    """Keys for programs that ask the web service; each is for one school."""


@program_keys.command()
@click.argument("name")
@click.option("--scopes", default=",".join(SCOPES), help=f"What it may do, with commas: {', '.join(SCOPES)}.")
@click.option("--test", "is_test", is_flag=True, help="For trying: letters carry a mark, and nothing is remembered.")
@AT
def add(name: str, scopes: str, is_test: bool, at: str) -> int:
    """Make a key for the program NAME, and show it once."""
    wanted = [word.strip() for word in scopes.split(",") if word.strip()]
    with opened(at) as here:
        text, made = make_key(here.memory, here.school, name, wanted, is_test)
    click.echo(text)
    click.echo(f"Key {made.id} for {made.name} may {made.scopes.replace(' ', ', ')}. Keep it: it is shown this once.")
    return DONE


@program_keys.command("list")
@AT
def list_all(at: str) -> int:
    """Every key of the school: its number, how it begins, what it may do, when it was used last."""
    with opened(at) as here:
        for key in keys_of(here.memory, here.school):
            click.echo(f"{key.id:>4}  {key.prefix}…  {key.name}: {key.scopes.replace(' ', ', ')}; {_say_state(key)}")
    return DONE


@program_keys.command("revoke")
@click.argument("number", type=ROW)
@AT
def revoke_one(number: int, at: str) -> int:
    """Revoke the key with NUMBER; from now on nobody gets an answer with it."""
    with opened(at) as here:
        revoke(here.memory, here.school, number)
    click.echo(f"Key {number} is revoked.")
    return DONE


def _say_state(key: StoredKey) -> str:
    if key.revoked_at:
        return f"revoked on {key.revoked_at[:10]}"
    return f"last used on {key.used_at[:10]}" if key.used_at else "not used yet"
