"""Why a database gave no register, in words that never show who logs in with what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tilsyn.base.problems import InputError
from tilsyn.formats.registers.table import refuse

if TYPE_CHECKING:
    import sqlalchemy

_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9a-fA-F:]+")
# What a connection that fails says of itself; a server tells it with no code.
_CONNECTING = (
    ("db_timeout", r"time(d\s?)?\s?out|expired"),
    ("db_no_password", r"no password supplied"),
    ("db_password", r"password|authentication|no pg_hba|role .* does not exist|login failed|access denied"),
    ("db_no_database", r"database .* does not exist|unknown database|unable to open database"),
    ("db_no_host", r"resolve|translate host|name or service|unknown.*host|getaddrinfo"),
    ("db_not_ready", r"not accepting|starting up|shutting down|recovery|too many"),
    ("db_refused", r"refused|no route|unreachable"),
)
# The codes (SQLSTATE) of a query that fails, by how they begin.
_QUERYING = (
    ("db_no_table", ("42P01", "42S02", "3F000")),
    ("db_not_allowed", ("42501",)),
    ("db_timeout", ("57014", "25P03", "25P04", "55P03", "40001")),
    ("db_dropped", ("08", "57P")),
    ("db_encoding", ("22021",)),
)
# The same of drivers that give no code.
_UNCODED = (("db_no_table", r"no such table"), ("db_dropped", r"connection|gone away|closed"))


def shown_url(url: sqlalchemy.URL) -> str:
    """Return a database's address without user, password and options: any of them can be a secret."""
    backend, port = url.get_backend_name(), f":{url.port}" if url.port else ""
    return f"{backend}://…" if _is_torn(url) else f"{backend}://{url.host or ''}{port}/{url.database or ''}"


def _is_torn(url: sqlalchemy.URL) -> bool:
    """Tell whether host and database may be parts of a password whose signs were not quoted."""
    host = url.host or ""
    return bool(host) and (not _HOST.fullmatch(host) or "@" in (url.database or ""))


def not_connected(error: Exception, url: sqlalchemy.URL) -> InputError:
    """Return why nobody could log in."""
    said = str(getattr(error, "orig", None) or error)
    what = next(
        (key for key, words in _CONNECTING if re.search(words, said, re.IGNORECASE)), "db_no_connection"
    )
    return refuse(what, shown_url(url), reason=without_secrets(said, url))


def not_read(error: Exception, url: sqlalchemy.URL) -> InputError:
    """Return why a query gave no rows, or not all."""
    cause = getattr(error, "orig", None)
    code = str(getattr(cause, "sqlstate", None) or "")
    what = next((key for key, codes in _QUERYING if code.startswith(codes)), "query_failed")
    if not code:
        what = next((key for key, words in _UNCODED if re.search(words, str(cause), re.IGNORECASE)), what)
    return refuse(what, shown_url(url), reason=without_secrets(str(cause or type(error).__name__), url))


def without_secrets(text: str, url: sqlalchemy.URL) -> str:
    """Return the first line of what a driver said, without what stands in the address for it alone."""
    line = (text.splitlines() or [""])[0]
    options = [one for value in url.query.values() for one in ([value] if isinstance(value, str) else value)]
    hidden = [url.username, url.password, *options]
    hidden += [url.host, url.database] if _is_torn(url) else []
    for secret in sorted({str(one) for one in hidden if one}, key=len, reverse=True):
        line = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", "…", line)
    return line
