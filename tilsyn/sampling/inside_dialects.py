"""The few words in which databases differ that can draw a sample themselves."""

from __future__ import annotations

from dataclasses import dataclass

from tilsyn.sampling.sql import quoted

# The capital letters beyond ASCII that a plain text may have, and their small ones.
_CAPITALS = "".join(map(chr, [*range(0xC0, 0xD7), *range(0xD8, 0xDF)]))


@dataclass(frozen=True)
class Dialect:
    """A database's own words; each has `{text}` and perhaps `{pattern}` to be filled in.

    `server` is a query of settings (`name`, `setting`) that the text depends on, and `wanted` how they begin.
    """

    name: str
    nfc: str
    digest: str
    fits: str
    lower: str
    ascii_lower: str
    server: str = ""
    wanted: tuple[tuple[str, str], ...] = ()

    def canonical(self, text: str) -> str:
        """Return a text in NFC."""
        return self.nfc.format(text=text)

    def sha256(self, text: str) -> str:
        """Return a text's SHA-256 in 64 small hexadecimal digits."""
        return self.digest.format(text=text)

    def matches(self, text: str, pattern: str) -> str:
        """Return the condition that a pattern is found in a text; NULL where there is no text."""
        return self.fits.format(text=text, pattern=quoted(pattern))

    def small(self, text: str) -> str:
        """Return a plain text in small letters, whatever the language that the database is set to."""
        return self.lower.format(text=text)

    def small_ascii(self, text: str) -> str:
        """Return a text whose letters of ASCII are small, for patterns that have no others."""
        return self.ascii_lower.format(text=text)


POSTGRES = Dialect(
    name="postgres",
    # ASCII is in NFC; whether another text is, is known in a third of the time that making it so takes.
    nfc="CASE WHEN octet_length({text}) = length({text}) OR {text} IS NFC NORMALIZED\n"
    "            THEN {text} ELSE normalize({text}, NFC) END",
    digest="encode(sha256(convert_to({text}, 'UTF8')), 'hex')",
    fits="{text} ~ {pattern}",
    lower=f"""CASE WHEN {{text}} ~ '[À-ÖØ-Þ]'
            THEN translate(lower({{text}} COLLATE "C"), '{_CAPITALS}', '{_CAPITALS.lower()}')
            ELSE lower({{text}} COLLATE "C") END""",
    ascii_lower='lower({text} COLLATE "C")',
    server="SELECT name, setting FROM pg_settings WHERE name IN "
    "('server_encoding', 'DateStyle', 'standard_conforming_strings')",
    wanted=(("server_encoding", "UTF8"), ("DateStyle", "ISO"), ("standard_conforming_strings", "on")),
)
DUCKDB = Dialect(
    name="duckdb",
    nfc="nfc_normalize({text})",
    digest="sha256({text})",
    fits="regexp_matches({text}, {pattern})",
    lower="lower({text})",
    ascii_lower="lower({text})",
)
DIALECTS = {dialect.name: dialect for dialect in (POSTGRES, DUCKDB)}
