"""The name before a personal number: known by its capitals, masked rather too much than too little.

A name without any capital letter cannot be told from other words, and stays.
"""

from __future__ import annotations

import re

# A letter may be followed by signs that combine with it or are not seen; no digit is part of a name.
_WORD = re.compile(r"(?:[^\W\d_][\u0300-\u036f\u00ad\u200b-\u200d\u2060]*)+")
_GAP = re.compile(r"[^\w.!?]*")
_NUMBER_GAP = re.compile(r"\W*")
# An initial or a shortened name may end with a full stop, which ends a sentence after longer words.
_LONGEST_INITIAL = 3
# Twenty long names; no one bears more.
_REACH = 400

# What may stand between a name and its number, and between two names.
_BETWEEN = re.compile(r"(?:cpr|person|p)?(?:nr|nummer)|cpr|no|number|id|f|d|født|den|med|har|er|som|born")
_PARTICLES = re.compile(r"og|and|af|von|van|de[nr]?|d[aiuo]s?|l[ae]|[ae]l|bin|ibn")
# What has a capital letter because a sentence begins, or as a title: no name where a name may begin.
_ORDINARY = re.compile(
    r"""
    # people, with their endings
    (?:mor|mod|far|fad|barn|børn|pige|dreng|ung|forælder|forældr|brod|søster|søskende|mormor|morfar|farmor
    |farfar|plejemor|plejefar|plejeforældr|stedmor|stedfar|familie|værge|forældremyndighedsindehaver
    |sagsbehandler|rådgiver|socialrådgiver|leder|afdelingsleder|jurist|koordinator|læge|lærer|pædagog|psykolog
    |sundhedsplejersk|politi|borger|person|klient|mother|father|parent|child|boy|girl|caseworker|reviewer)
    (?:e|en|er|eren|et|ene)?s?
    # papers
    |(?:sag|akt|journal|notat|bilag|brev|underretning|afgørelse|undersøgelse|plan|handleplan|samtale|møde|case)
    (?:e|en|n|et|t|er)?s?
    |sagsnr|sagsnummer|side|mail|navn|name|dato|fødselsdato
    # small words
    |jf|se|see|vedr|vedrørende|angående|re|om|for|på|i|til|fra|ved|hos|efter|før|under|over|mod|men|at|når|hvis|da
    |så|det|der|denne|dette|disse|han|hun|hendes|deres?|jeg|man|nyt?|nye|ikke|ingen|samme|også|kun|her
    |har|er|var|blev|skal|kan|vil|mangler|the|this|his|s?he
    """,
    re.VERBOSE,
)


def name_before(text: str, place: int) -> tuple[int, int] | None:
    """Return where the name directly before a place in a text begins and ends; None where none stands.

    >>> text = "Moderen Ole Hansen, CPR-nr. 120374-6598"
    >>> text[slice(*name_before(text, text.index("12")))]
    'Ole Hansen'
    """
    first = max(0, place - _REACH)
    found: list[re.Match[str]] = []
    for word in reversed(list(_WORD.finditer(text, first, place))):
        following = found[-1].start() if found else place
        between = text[word.end() : following]
        initial = bool(found) and len(word[0]) <= _LONGEST_INITIAL and between.startswith(".")
        gap = _GAP if found and not initial else _NUMBER_GAP
        if not gap.fullmatch(between):
            break
        plain = word[0].casefold()
        if not found and _BETWEEN.fullmatch(plain):
            place = word.start()
        elif _has_capital(word[0]) or (found and _PARTICLES.fullmatch(plain)):
            found.append(word)
        else:
            break
    while found and (_ORDINARY.fullmatch(found[-1][0].casefold()) or not _has_capital(found[-1][0])):
        found.pop()
    return (found[-1].start(), found[0].end()) if found else None


def _has_capital(word: str) -> bool:
    return any(char.isupper() or char.istitle() for char in word)
