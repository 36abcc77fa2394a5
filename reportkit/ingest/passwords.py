"""Passwords of zips: told by the environment, the keyring or a person, and kept nowhere."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

__all__ = ["Ask", "Passwords", "keyring_users"]

Ask = Callable[[str], str | None]

_VARIABLE = "REPORTKIT_ZIP_PASSWORD"
_SERVICE = "reportkit"
_EVERY_ZIP = "zip"
_TRIES = 3


class Passwords:
    """What opens the zips of one ingest. A password lives as long as this object and is never written.

    `ask` is called with the name of a zip that nothing else opens; None passes the file over.
    """

    def __init__(self, ask: Ask | None = None) -> None:
        self._ask = ask
        self._opened: list[str] = []

    def worth_trying(self, file: str) -> Iterator[str]:
        """Yield passwords for the zip called `file`, each once; stop taking when one fits.

        First those that opened other zips of this ingest, then ``REPORTKIT_ZIP_PASSWORD``, then the
        keyring, then what a person types.
        """
        tried: set[str] = set()
        for password in self._offered(file):
            if password and password not in tried:
                tried.add(password)
                yield password

    def opened(self, password: str) -> None:
        """Remember that `password` fitted: downloads of one day often share theirs."""
        if password not in self._opened:
            self._opened.append(password)

    def _offered(self, file: str) -> Iterator[str | None]:
        yield from list(self._opened)
        yield os.environ.get(_VARIABLE)
        yield from map(_from_keyring, keyring_users(file))
        for _ in range(_TRIES):
            typed = self._ask(file) if self._ask else None
            if not typed:
                return
            yield typed.strip()


def keyring_users(file: str) -> list[str]:
    """Return the users under which the keyring may hold the password of `file`, the most particular first.

    >>> keyring_users("jd/orders_20251201.zip")
    ['orders_20251201.zip', 'orders_*.zip', 'zip']
    """
    name = PurePosixPath(file.replace("\\", "/")).name
    return list(dict.fromkeys((name, re.sub(r"\d+", "*", name), _EVERY_ZIP)))


def _from_keyring(user: str) -> str | None:
    # Only who has a protected zip pays for loading the keyring.
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(_SERVICE, user)
    except KeyringError:
        return None
