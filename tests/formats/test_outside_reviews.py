"""Reviews from elsewhere: the ways people save CSV, and what a reader makes of odd files."""

import pytest

from tilsyn.base.problems import InputError, UsageError
from tilsyn.formats.outside_reviews import read_counts, read_reviews

ANSWERS = "case_id{d}unit{d}question{d}answer\r\n1{d}Ærø{d}Q1{d}ja\r\n2{d}Ærø{d}Q1{d}nej\r\n"
STRATA = "unit{d}N\r\nÆrø{d}500\r\n"


def write(folder, answers, strata):
    paths = []
    for name, data in (("answers.csv", answers), ("strata.csv", strata)):
        path = folder / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
        paths.append(path)
    return paths


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_encodings_and_delimiters(tmp_path, encoding, delimiter):
    texts = (text.format(d=delimiter).encode(encoding) for text in (ANSWERS, STRATA))
    found = read_reviews(*write(tmp_path, *texts))
    assert found.cases["unit"].tolist() == ["Ærø", "Ærø"]
    assert found.answers["answer"].tolist() == ["ja", "nej"]
    assert found.strata[["population_size", "sample_size"]].values.tolist() == [[500, 2]]


def problems_of(folder, answers, strata="unit,N\nA,500\n"):
    with pytest.raises(InputError) as caught:
        read_reviews(*write(folder, answers, strata))
    return caught.value.problems


@pytest.mark.parametrize("data", [b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0rest", b"a\0b"])
def test_a_workbook_is_no_csv_file(tmp_path, data):
    assert "CSV" in problems_of(tmp_path, data)[0].found


@pytest.mark.parametrize("rows_below", [0, 1, 20_000])
@pytest.mark.parametrize("row", ['1,A,"Q1,ja', '1,A,Q1,"ja', '1,A,"Q1"x,ja'])
def test_an_open_quotation_mark_is_told_at_its_row(tmp_path, row, rows_below):
    text = f"case_id,unit,question,answer\n9,A,Q1,ja\n{row}\n" + "2,A,Q2,ja\n" * rows_below
    (problem,) = problems_of(tmp_path, text)
    assert "anførselstegn" in problem.found
    assert problem.row == 3


def test_a_unit_whose_size_cannot_be_read_is_told_once(tmp_path):
    answers = "case_id,unit,question,answer\n1,A,Q1,ja\n2,B,Q1,ja\n"
    (problem,) = problems_of(tmp_path, answers, "unit,N,drawn\nA,mange,1\nB,500,1\n")
    assert (problem.row, problem.column) == (2, "N")


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path):
    with pytest.raises(UsageError):
        read_reviews(tmp_path / "no.csv", tmp_path / "no.csv")
    with pytest.raises(UsageError):
        read_counts(tmp_path / "no.csv")


def test_rows_are_counted_as_a_spreadsheet_does(tmp_path):
    text = 'case_id,unit,question,answer\n\n1,A,"Q\n1",ja\n2,A,Q1,huh\n'
    found = problems_of(tmp_path, text)
    assert [problem.row for problem in found] == [5]


def test_a_cpr_like_value_is_shown_masked(tmp_path):
    text = "case_id,unit,question,answer\n070158-6098,A,Q1,ja\n070158-6098,A,Q1,nej\n"
    assert "07xxxx-xxxx" in problems_of(tmp_path, text)[0].found


def test_the_same_answer_twice_counts_once_and_is_noted(tmp_path):
    found = read_reviews(
        *write(tmp_path, "case_id,unit,question,answer\n1,A,Q1,ja\n1,A,Q1,ja\n", "unit,N\nA,5\nA,5\n")
    )
    assert len(found.answers) == 1
    assert [problem.kind for problem in found.notes] == ["note", "note"]


def test_a_case_with_an_empty_answer_is_unfinished_and_missing(tmp_path):
    text = "case_id,unit,question,answer\n1,A,Q1,ja\n1,A,Q2,\n2,A,Q1,ja\n2,A,Q2,nej\n"
    found = read_reviews(*write(tmp_path, text, "unit,N\nA,500\n"))
    assert found.cases["case_id"].tolist() == ["2"]
    assert found.unfinished == 1
    assert found.strata["sample_size"].tolist() == [2]


def test_an_empty_answer_beside_a_given_one_is_filled_in(tmp_path):
    text = "case_id,unit,question,answer\n1,A,Q1,\n1,A,Q1,ja\n"
    assert read_reviews(*write(tmp_path, text, "unit,N\nA,500\n")).unfinished == 0


def test_missing_rows_mean_not_relevant_and_further_columns_are_left(tmp_path):
    text = "case_id,unit,question,answer,name\n1,A,Q1,ja,x\n2,A,Q2,ja,y\n"
    found = read_reviews(*write(tmp_path, text, "unit,N\nA,500\nB,60\n"))
    assert len(found.cases) == 2
    assert "name" not in found.cases
    assert found.strata["unit"].tolist() == ["A", "B"]


def test_a_case_of_two_types_is_told_once(tmp_path):
    text = "case_id,unit,question,answer,case_type\n1,A,Q1,ja,x\n1,A,Q2,ja,y\n1,A,Q3,ja,y\n"
    found = problems_of(tmp_path, text)
    assert [(problem.row, problem.column) for problem in found] == [(3, "case_type")]


def test_numbers_as_spreadsheets_write_them(tmp_path):
    text = "case_id,unit,question,answer\n1,A,Q1,ja\n"
    for written in ("1.250", "1250,0", "1250.0", "1 250"):
        found = read_reviews(*write(tmp_path, text, f'unit,N\nA,"{written}"\n'))
        assert found.strata["population_size"].tolist() == [1250]
    for wrong in ("-5", "12,5", "mange", ""):
        assert problems_of(tmp_path, text, f'unit,N\nA,"{wrong}"\n')[0].column == "N"
