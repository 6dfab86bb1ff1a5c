"""`webhook`: where programs are told of what happened."""

from __future__ import annotations

import click

from service.commands.memory.opening import AT, opened
from service.commands.options import ROW
from service.commands.outcome import DONE
from service.memory.hooks.webhooks import (
    EVENTS,
    add_webhook,
    change_secret,
    deliveries_of,
    remove_webhook,
    resend,
    webhooks_of,
)

NUMBER = click.argument("number", type=ROW)


@click.group("webhook")
def program_hooks() -> None:
    """Addresses at which programs are told that a batch finished or a letter was taken back."""


@program_hooks.command()
@click.argument("address")
@click.option("--events", default=",".join(EVENTS), help=f"What it is told of, with commas: {', '.join(EVENTS)}.")
@AT
def add(address: str, events: str, at: str) -> int:
    """Tell a program at ADDRESS, and show the secret that messages are signed with once."""
    wanted = [word.strip() for word in events.split(",") if word.strip()]
    with opened(at) as here:
        hook, secret = add_webhook(here.memory, here.school, address, wanted)
    click.echo(secret)
    click.echo(
        f"Webhook {hook.id} is told of {hook.events.replace(' ', ', ')}. Keep the secret: it is shown this once."
    )
    return DONE


@program_hooks.command("list")
@AT
def list_all(at: str) -> int:
    """Every webhook of the school: its number, its address, what it is told of."""
    with opened(at) as here:
        for hook in webhooks_of(here.memory, here.school):
            click.echo(f"{hook.id:>4}  {hook.address}: {hook.events.replace(' ', ', ')}")
    return DONE


@program_hooks.command("remove")
@NUMBER
@AT
def remove_one(number: int, at: str) -> int:
    """Remove the webhook with NUMBER; what it was not told yet is not sent."""
    with opened(at) as here:
        remove_webhook(here.memory, here.school, number)
    click.echo(f"Webhook {number} is removed.")
    return DONE


@program_hooks.command("secret")
@NUMBER
@AT
def change_one(number: int, at: str) -> int:
    """Change the secret of the webhook with NUMBER; the one before is good for another day."""
    with opened(at) as here:
        click.echo(change_secret(here.memory, here.school, number))
    click.echo("For a day messages are signed with the secret before as well. Keep this one: it is shown this once.")
    return DONE


@program_hooks.command("deliveries")
@NUMBER
@AT
def list_deliveries(number: int, at: str) -> int:
    """What the webhook with NUMBER was or will be told, the latest first: number, event, what became of it."""
    with opened(at) as here:
        for one in deliveries_of(here.memory, here.school, number):
            tried = f", tried {one.attempts} {'time' if one.attempts == 1 else 'times'}" if one.attempts else ""
            click.echo(f"{one.id:>6}  {one.made_at[:16]}  {one.event}: {one.state}{tried}. {one.answer}".rstrip())
    return DONE


@program_hooks.command("resend")
@NUMBER
@click.argument("delivery", type=ROW)
@AT
def send_one_again(number: int, delivery: int, at: str) -> int:
    """Send the webhook with NUMBER the message of DELIVERY again; the service does so within seconds."""
    with opened(at) as here:
        resend(here.memory, here.school, number, delivery)
    click.echo(f"Delivery {delivery} is sent again.")
    return DONE
