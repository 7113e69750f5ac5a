"""Which cases go into which workbook."""

from tilsyn.reviews.checklist import Case
from tilsyn.reviews.dealing import by_unit, dealt_round, reading_units


def test_units_with_the_same_file_name_get_files_of_their_own() -> None:
    made = by_unit([Case("1", "Øst"), Case("2", "Oest"), Case("3", "Øst")])
    assert [(part.name, part.title, [case.case_id for case in part.cases]) for part in made] == [
        ("oest", "Oest", ["2"]),
        ("oest-2", "Øst", ["1", "3"]),
    ]


def test_every_case_goes_to_one_group() -> None:
    cases = [Case(str(n), "Amager") for n in range(7)]
    made = dealt_round(cases, 3)
    assert [part.name for part in made] == ["gruppe-1", "gruppe-2", "gruppe-3"]
    assert sorted(case.case_id for part in made for case in part.cases) == [str(n) for n in range(7)]
    assert [len(part.cases) for part in made] == [3, 2, 2]


def test_named_readers_have_files_of_their_names() -> None:
    cases = [Case(str(n), "Amager") for n in range(5)]
    made = dealt_round(cases, 1, ("Hold Ø", "Hold B"))
    assert [(part.name, part.title, len(part.cases)) for part in made] == [
        ("hold-oe", "Hold Ø", 3),
        ("hold-b", "Hold B", 2),
    ]


def test_a_unit_alone_reads_its_own_cases() -> None:
    assert reading_units(["Nord"], 5) == {"Nord": "Nord"}


def test_each_unit_is_read_by_all_the_others_in_turn() -> None:
    units = ["Nord", "Syd", "Vest", "Øst"]
    readers = [reading_units(units, round) for round in range(1, 4)]
    for unit in units:
        assert {reader[unit] for reader in readers} == set(units) - {unit}
    assert all(sorted(reader.values()) == sorted(units) for reader in readers)


def test_the_title_says_who_reads_and_the_file_whose_cases_they_are() -> None:
    (made,) = by_unit([Case("1", "Nord")], read_by={"Nord": "Syd"})
    assert (made.name, made.title) == ("nord", "Nord (læses af Syd)")
