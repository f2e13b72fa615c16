"""A contact file is read as people export it, and each line that is refused says why."""

import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from runtime.crm.contact_csv import LARGEST, ContactSheet, Failure, head, read
from runtime.crm.contact_csv.header import _TITLES
from runtime.errors import Refused
from tests.runtime.crm.contact_files import a_file, a_long_file


def emails(sheet: ContactSheet) -> list[str]:
    return [row.email for row in sheet.rows]


def test_a_spreadsheet_with_a_byte_order_mark_is_read_whole() -> None:
    sheet = read(a_file("spreadsheet-utf8-bom.csv"))

    assert sheet.failures == []
    assert [(row.line, row.name, row.company) for row in sheet.rows] == [
        (2, "Anna Berg", "Berg & Töchter GmbH"),
        (3, "Jonas Weiß", "Weiß, Schwarz & Partner"),
        (4, "Chloé Martin", 'Hôtel "Le Phare"'),
        (6, "李伟", "示例有限公司"),
        (7, "Seán O'Brien", "Example Ltd"),
    ]
    assert sheet.rows[2].notes == "Line one\nline two"
    assert sheet.fields == {"email", "name", "company", "title", "timezone", "notes"}


def test_windows_umlauts_semicolons_and_german_titles_are_understood() -> None:
    sheet = read(a_file("windows-semicolons.csv"))

    assert sheet.failures == []
    assert [(row.line, row.name, row.email) for row in sheet.rows] == [
        (2, "Jörg Müller", "joerg.mueller@example.de"),
        (3, "Bärbel Groß", "b.gross@example.de"),
        (4, "Käthe Jäger", "kaethe.jaeger@example.at"),
        (6, "Çetin Özil", "cetin@example.ch"),
    ]
    assert sheet.rows[1].notes == "Preis: 1,50 €"
    assert sheet.rows[2].company == "Öl; Gas; Wärme AG"
    assert sheet.ignored == ("Anrede",)


def test_columns_may_stand_in_any_order_and_unknown_ones_are_left_out_by_name() -> None:
    sheet = read(a_file("reordered-columns.csv"))

    assert sheet.failures == []
    assert [(row.name, row.title, row.timezone) for row in sheet.rows] == [
        ("Ada Okafor", "CTO", "Africa/Lagos"),
        ("Bruno Silva", "CFO", "America/Sao_Paulo"),
        ("Ewa Nowak", None, None),
    ]
    assert sheet.ignored == ("LinkedIn",)


def test_the_first_lines_are_enough_to_say_which_column_is_which() -> None:
    whole = a_file("windows-semicolons.csv").decode("cp1252")
    begun = head("sep=;\n" + whole[:200])

    assert (begun.delimiter, begun.start) == (";", 1)
    taken = dict(zip(begun.columns.titles, begun.columns.fields, strict=True))
    assert taken["Anrede"] is None
    assert "email" in taken.values()


def test_columns_that_make_no_contact_are_told_and_a_mapping_mends_them() -> None:
    text = "Wer,Wohin\nAda,ada@example.org\n"
    with pytest.raises(Refused) as refused:
        head(text).columns.refuse_what_lacks()
    assert refused.value.reason_code == "MISSING_COLUMN"

    begun = head(text, {"Wer": "name", "Wohin": "email"})
    begun.columns.refuse_what_lacks()
    assert begun.columns.fields == ("name", "email")


def test_each_refused_line_is_named_with_its_column_and_reason_and_the_rest_goes_in() -> None:
    sheet = read(a_file("duplicates-and-faults.csv"))

    assert [(row.line, row.email) for row in sheet.rows] == [
        (2, "anna@example.com"),
        (7, "dora@example.com"),
        (10, "emil@example.com"),
        (12, "gus@example.com"),
        (17, "lea@example.com"),
        (18, "mia@xn--bcher-kva.example"),
        (22, "pia@example.com"),
    ]
    assert [(each.line, each.column, each.value) for each in sheet.failures] == [
        (4, "email", "bo@example"),
        (5, "email", "anna@example.com"),
        (6, "email", None),
        (9, "timezone", "Europe/Atlantis"),
        (11, None, "Europe/Oslo"),
        (13, "name", None),
        (15, None, 'ida@example.com,Ida,"Example "North"",'),
        (16, "email", "jo@example.com; kim@example.com"),
        (19, "email", "not an address"),
        (20, "email", "emil@example.com"),
        (21, None, 'olga@example.com,"Olga,Example,'),
    ]
    reasons = {each.line: each.reason for each in sheet.failures}
    assert "line 2 already" in reasons[5]
    assert "Europe/Berlin" in reasons[9]
    assert "5 cells, the header 4" in reasons[11]
    assert "double the quotes" in reasons[15]
    assert "line 10 already" in reasons[20]
    assert "never closed" in reasons[21]


def test_ten_thousand_rows_go_in_without_a_failure() -> None:
    sheet = read(a_long_file(10_000))

    assert (len(sheet.rows), sheet.failures) == (10_000, [])
    assert len(set(emails(sheet))) == 10_000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encoding_delimiter_and_line_end_are_found_out(
    encoding: str, delimiter: str, line_end: str
) -> None:
    table = [["E-Mail", "Name"], ["joerg@x.de", "Jörg Müller"], [], ["bo", "Bo"]]
    data = line_end.join(delimiter.join(cells) for cells in table).encode(encoding)

    sheet = read(data)

    assert [(row.line, row.name) for row in sheet.rows] == [(2, "Jörg Müller")]
    assert [each.line for each in sheet.failures] == [4]


def test_lines_of_two_encodings_in_one_file_are_each_read_in_their_own() -> None:
    data = "email,name\na@x.de,Jörg\n".encode() + "b@x.de,Bärbel\n".encode("cp1252")

    assert [row.name for row in read(data).rows] == ["Jörg", "Bärbel"]


def test_characters_that_no_encoding_knows_cost_their_line_only() -> None:
    sheet = read(b"email,name\na@x.de,J\x81rg\nb@x.de,Bo\n")

    assert emails(sheet) == ["b@x.de"]
    assert sheet.failures[0] == Failure(
        2, "name", "J�rg", "The name contains a control character (U+0081); take it out."
    )


def test_a_spreadsheet_may_say_its_delimiter_in_the_first_line() -> None:
    sheet = read("sep=;\r\nemail;name, title\r\n\r\na@x.de;Bo\r\n", {"name, title": "name"})

    assert [(row.line, row.name) for row in sheet.rows] == [(4, "Bo")]


def test_commas_in_titles_do_not_hide_the_semicolons() -> None:
    sheet = read("Name, Vorname, Titel;E-Mail\nBerg;a@x.de\n", {"Name, Vorname, Titel": "name"})

    assert [(row.name, row.email) for row in sheet.rows] == [("Berg", "a@x.de")]


@pytest.mark.parametrize(
    ("header", "line", "name"),
    [
        ("email,Full Name", "a@x.de,Anna Berg", "Anna Berg"),
        ("email,first name,last name", "a@x.de,Anna,Berg", "Anna Berg"),
        ("email,name,first name,last name", "a@x.de,Anna M. Berg,Anna,Berg", "Anna M. Berg"),
        ("email,name,first name,last name", "a@x.de,,Anna,Berg", "Anna Berg"),
        ("E-Mail;Name;Vorname", "a@x.de;Berg;Anna", "Anna Berg"),
        ("E-Mail;Name;Vorname", "a@x.de;Anna Berg;Anna", "Anna Berg"),
        ("E-Mail;Vorname", "a@x.de;Anna", "Anna"),
        ("email,name", "Anna Berg <a@x.de>,", "Anna Berg"),
        ("email,name", "A. B. <a@x.de>,Anna  \u00a0 Berg ", "Anna Berg"),
        ("email, name", 'a@x.de, "Berg, Anna"', "Berg, Anna"),
    ],
)
def test_a_name_is_put_together_from_what_there_is(header: str, line: str, name: str) -> None:
    assert [row.name for row in read(f"{header}\n{line}\n").rows] == [name]


def test_of_two_columns_for_one_field_the_more_telling_title_wins() -> None:
    sheet = read("Mail,E-Mail 2,Email Address,Titel,Position,Name\nm,2,a@x.de,Dr.,CEO,Bo\n")

    assert (sheet.rows[0].email, sheet.rows[0].title) == ("a@x.de", "CEO")
    assert sheet.ignored == ("Mail", "E-Mail 2", "Titel")


def test_no_title_stands_for_two_fields() -> None:
    titles = [title for names in _TITLES.values() for title in names]

    assert len(titles) == len(set(titles))


def test_a_mapping_says_what_no_title_says() -> None:
    data = "Kontaktweg,Wer,Email\na@x.de,Anna,private@x.de\n"

    sheet = read(data, {"kontaktweg": "email", "Wer": "Name"})

    assert (sheet.rows[0].email, sheet.rows[0].name) == ("a@x.de", "Anna")
    assert sheet.ignored == ("Email",)
    assert sheet.fields == {"email", "name"}


def test_a_mapping_may_leave_a_column_out_and_take_names_in_parts() -> None:
    data = "Email,Name,A,B,Notes\na@x.de,Firm Ltd,Anna,Berg,secret\n"

    sheet = read(data, {"A": "firstName", "B": "last_name", "Notes": None})

    assert (sheet.rows[0].name, sheet.rows[0].notes) == ("Anna Berg", None)
    assert sheet.ignored == ("Name", "Notes")


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"Email": "phone"}, ['"Email"', '"phone"', "email, name"]),
        ({"Adresse": "email"}, ['"Adresse"', '"Email", "Name"']),
        ({"Email": "name", "Name": "name"}, ['"Email"', "both mapped to name"]),
        ({"Email": ["email"]}, ['"Email"', "is no field"]),
        ({"Email": 5}, ['"Email"', '"5"']),
        (["Email"], ["an object such as"]),
    ],
)
def test_a_mapping_that_cannot_be_followed_is_refused_by_name(
    mapping: dict[str, object], words: list[str]
) -> None:
    with pytest.raises(Refused) as caught:
        read("Email,Name\na@x.de,Anna\n", mapping)

    assert caught.value.field == "mapping"
    assert all(word in caught.value.message for word in words)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("", ["empty"]),
        ("\n \n\t\r\n", ["empty"]),
        ("\ufeff", ["empty"]),
        ("Kontaktweg,Name\na@x.de,Anna\n", ['{"Kontaktweg": "email"}', '"Kontaktweg", "Name"']),
        ("email,Wer\na@x.de,Anna\n", ['{"Wer": "name"}', "title it name"]),
        ("a@x.de,Anna\nb@x.de,Bo\n", ["first line", "email,name,company"]),
        ('"email,name\na@x.de,Anna\n', ["line 1", "never closed"]),
        (b"PK\x03\x04\x14\x00rest", ["workbook", "CSV"]),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", ["no text"]),
        ("email,name".encode("utf-16-le"), ["no text"]),
        ("email,name".encode("utf-16") + b"\xd8", ["UTF-16", "damaged"]),
        (b"email,name\n" + b"x" * LARGEST, ["5 MB", "split"]),
        ("email,name\n" + "ö" * (LARGEST // 2), ["5 MB", "split"]),
        ("email,name\n" + "a\n" * 200_001, ["200,000", "split"]),
    ],
)
def test_a_file_that_cannot_be_understood_is_refused_with_the_way_out(
    data: str | bytes, words: list[str]
) -> None:
    with pytest.raises(Refused) as caught:
        read(data)

    assert caught.value.field == "csv"
    assert all(word in caught.value.message for word in words)
    assert len(caught.value.message) < 500


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("name", "x" * 201, "201 characters; at most 200"),
        ("company", "x" * 201, "at most 200"),
        ("title", "x" * 201, "at most 200"),
        ("notes", "x" * 10_001, "at most 10000"),
        ("timezone", "UTC+1", "Europe/Berlin"),
        ("company", "a\x00b", r"U\+0000"),
        ("notes", "a\x1b[31mb", r"U\+001B"),
        ("name", "a\ud800b", r"U\+D800"),
        ("email", "a" * 300 + "@x.de", "longer than 254"),
        ("name", "x" * 140_000, "far too long"),
    ],
)
def test_a_value_that_does_not_fit_is_shown_short_and_printable(
    column: str, value: str, words: str
) -> None:
    cells = {"email": "a@x.de", "name": "Anna", "company": "", "title": "", "timezone": ""}
    cells |= {"notes": "", column: value}
    data = f"{','.join(cells)}\n{','.join(cells.values())}\nb@x.de,Bo\n"

    sheet = read(data)

    (failure,) = sheet.failures
    assert emails(sheet) == ["b@x.de"]
    assert (failure.line, failure.column) == (2, None if len(value) > 131_072 else column)
    assert failure.value is not None
    assert len(failure.value) <= 80
    assert failure.value.isprintable()
    with pytest.raises(Refused, match=words):
        raise Refused(failure.reason)


def test_a_formula_is_kept_as_the_text_it_is() -> None:
    sheet = read("email,name,notes\na@x.de,=cmd|' /C calc'!A0,+49 170 1\n")

    assert (sheet.rows[0].name, sheet.rows[0].notes) == ("=cmd|' /C calc'!A0", "+49 170 1")


def test_a_short_line_leaves_its_last_fields_blank_and_blank_extra_cells_do_no_harm() -> None:
    sheet = read("email,name,company\na@x.de,Anna\nb@x.de,Bo,Firm,,\n")

    assert [row.company for row in sheet.rows] == [None, "Firm"]


def test_an_address_counts_as_taken_only_where_it_made_a_contact() -> None:
    sheet = read("email,name,tz\na@x.de,Anna,nowhere\nA@x.de,Anna,UTC\na@X.de,Anna,UTC\n")

    assert [row.line for row in sheet.rows] == [3]
    assert [each.line for each in sheet.failures] == [2, 4]
    assert "line 3 already" in sheet.failures[1].reason


def test_an_open_quote_costs_its_own_line_even_when_a_later_quote_closes_it() -> None:
    sheet = read('email,name\na@x.de,"Anna\nb@x.de,Bo\nc@x.de,"Cleo"\nd@x.de,Dan\n')

    assert emails(sheet) == ["b@x.de", "c@x.de", "d@x.de"]
    assert [each.line for each in sheet.failures] == [2]


def test_a_file_made_to_be_read_again_and_again_is_given_up_in_bounded_time() -> None:
    sheet = read("email,name\n" + 'a","b\n' * 800_000)

    assert len(sheet.failures) < 20
    assert "All up to line 800001 was left out." in sheet.failures[-1].reason


_CELL = st.text(st.characters(codec="utf-8"), max_size=20)


@settings(deadline=None)
@given(
    st.lists(st.tuples(_CELL, _CELL), max_size=8),
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_whatever_a_csv_writer_wrote_is_read_with_the_right_line_numbers(
    cells: list[tuple[str, str]], delimiter: str, line_end: str, encoding: str
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    writer.writerow(["Email", "Name", "Notes"])
    lines = []
    for number, (name, notes) in enumerate(cells):
        before = out.getvalue().replace("\r\n", "\n").replace("\r", "\n")
        lines.append(before.count("\n") + 1)
        writer.writerow([f"a{number}@x.de", f"N {name}", notes])

    sheet = read(out.getvalue().encode(encoding))

    assert sorted([row.line for row in sheet.rows] + [f.line for f in sheet.failures]) == lines
    assert all(failure.column in ("Name", "Notes") for failure in sheet.failures)


@settings(deadline=None)
@given(st.one_of(st.text(), st.binary(), st.text('",;\n\r\ta@').map(lambda t: f"email,name\n{t}")))
@example('email,name\n"\n""\n"\n')
def test_any_input_is_read_or_refused_and_nothing_else(data: str | bytes) -> None:
    try:
        sheet = read(data)
    except Refused as refused:
        message = refused.message
    else:
        message = " ".join(failure.reason for failure in sheet.failures)

    assert "\x00" not in message
