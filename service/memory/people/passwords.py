"""Passwords: what makes one good enough, its hash, and whether one is right."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200
_HASHER = PasswordHasher()
_NOBODYS = _HASHER.hash("nobody's password")


def find_fault(password: str, email: str = "") -> str:
    """What is wrong with a new password, in a sentence; "" when nothing is."""
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters: three words that have nothing to do with each other will do."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    if len(set(password)) < 5 or (email and password.casefold() == email.casefold()):
        return "Choose a password that is harder to guess."
    return ""


def hash_password(password: str) -> str:
    """The hash to keep. Source: RFC 9106, argon2id."""
    return _HASHER.hash(password)


def is_right(password: str, hashed: str) -> bool:
    """Whether a password is the one of a hash; it takes as long where there is none, so that nobody learns that."""
    try:
        return _HASHER.verify(hashed or _NOBODYS, password[:LONGEST]) and bool(hashed)
    except (VerificationError, InvalidHashError):
        return False
