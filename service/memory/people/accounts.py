"""Signing in with an account of an OpenID provider: the first time by its confirmed e-mail address, then by itself."""

from __future__ import annotations

from dataclasses import dataclass

from service.errors import Problem, RequestError
from service.memory.memory import Memory
from service.memory.people.signing_in import begin
from service.storage.database import Connection
from service.storage.people.accounts_kept import find_account_holder, has_account, keep_account
from service.storage.people.people_kept import find_person


@dataclass(frozen=True, slots=True)
class Account:
    """An account that a provider has signed in: who the provider is, and whom it knows under which name."""

    issuer: str
    subject: str
    email: str
    is_verified: bool
    """Whether the provider says that the e-mail address was confirmed."""


def sign_in_by_account(memory: Memory, account: Account) -> str:
    """The token of a new session. Raises RequestError when nobody was invited who has this account.

    An e-mail address may be given to somebody else one day; the account that was seen first keeps its person.
    """
    with memory.database.write() as connection:
        holder = find_account_holder(connection, account.issuer, account.subject)
        if holder is None:
            holder = _invited(connection, account)
            keep_account(connection, holder, account.issuer, account.subject)
        return begin(connection, holder)


def _invited(connection: Connection, account: Account) -> int:
    """The person who was invited under the e-mail address of an account that was not seen before."""
    if not account.is_verified:
        raise _refuse("Your account has no confirmed e-mail address. Confirm it there, or use your password here.")
    found = find_person(connection, account.email)
    if found is None:
        raise _refuse(
            "Nobody was invited with the e-mail address of this account. Ask an administrator of your school."
        )
    if has_account(connection, found[0].id, account.issuer):
        raise _refuse(
            "Another account is already used by the person with this e-mail address. Ask an administrator of your "
            "school for a new link: it makes room for this account."
        )
    return found[0].id


def _refuse(sentence: str) -> RequestError:
    return RequestError("unknown-account", "You are not signed in", Problem("unknown-account", sentence))
