"""How a draw departed from the procedure, in words; what another version called it stays as it is."""

from tilsyn.sampling.departures import in_words


def test_departures_are_said_in_words():
    assert in_words(["period_not_ended", "other_thing"]) == "perioden var ikke slut; other_thing"
    assert in_words([]) == ""
