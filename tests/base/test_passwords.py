"""Passwords in the addresses of databases."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.base.passwords import has_password, without_passwords

# Whatever a password may hold in an address, quoted or not.
PASSWORDS = st.text(string.ascii_letters + string.digits + "@:/?#%!*$-_.,", min_size=6).map(
    lambda text: f"§{text}§"
)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("postgresql://reader:secret@host/cases", True),
        ("postgresql+psycopg://reader:se:secret@host/cases", True),
        ("postgresql://:secret@host/cases", True),
        ("postgresql://reader:p$secret@host/cases", True),
        ("postgresql://reader:$A$secret@host/cases", True),
        ("postgresql:/reader:secret@host/cases", True),
        ("postgresql://host/cases?user=reader&password=secret", True),
        ("postgresql://host/cases?sslpassword=secret", True),
        ("mssql+pyodbc:///?odbc_connect=UID%3Du%3BPWD%3Dsecret", True),
        ("host=h user=u password = secret", True),
        ("postgresql://reader:$NAME@host/cases", False),
        ("postgresql://reader:${NAME}@host/cases?application_name=a@b", False),
        ("postgresql://host/cases?user=reader&password=$NAME&port=1", False),
        ("postgresql://host/cases?passfile=secret/pgpass", False),
        ("postgresql://reader@host:5432/cases", False),
        ("postgresql://host/cases", False),
        ("postgresql://?service=register", False),
        ("sqlite:///C:/data/cases.db", False),
        ("sqlite:////srv/cases.db", False),
        ("file:secret/register", False),
        ("$REGISTER_URL", False),
    ],
)
def test_a_password_is_told_from_the_name_of_a_variable(address: str, found: bool) -> None:
    assert has_password(address) is found
    assert not found or "secret" not in without_passwords(f"no file {address}: gone")


@given(PASSWORDS)
def test_no_password_is_shown(password: str) -> None:
    told = without_passwords(f"at postgresql://reader:{password}@host/cases?port=1&password={password}: gone")
    assert "§" not in told
    assert told.startswith("at postgresql://…@host/cases")
    assert has_password(f"postgresql://reader:{password}@host/cases")
