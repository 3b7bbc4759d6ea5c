"""Code sets: dated, cited, and the local ones replaceable."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sightline.standards import data, groups
from sightline.standards.codes import Code, UnknownCode, UnknownCodeSet, codeset, codeset_names

BEFORE, AFTER = date(2025, 3, 31), date(2025, 4, 1)


@pytest.mark.parametrize("name", codeset_names())
def test_every_set_loads_and_is_cited(name: str) -> None:
    found = codeset(name)
    assert found.codes and found.title and found.source
    assert found.verified in ("yes", "partly", "no")
    assert found.verification
    assert found.in_force(date(2017, 3, 31)) or found.in_force(date(2026, 3, 31))


def test_a_code_may_change_its_meaning_on_a_day() -> None:
    need = codeset("cin_primary_need")
    assert need.label("N1", BEFORE) == "Abuse or neglect"
    assert need.label("N1", AFTER) == "Abuse, neglect and exploitation"
    assert need.label("N1") == "Abuse, neglect and exploitation"


def test_a_code_is_checked_against_the_day_of_the_event() -> None:
    ceased = codeset("cla_reason_episode_ceased")
    assert ceased.is_valid("E43", date(2018, 3, 31)) and not ceased.is_valid("E43", date(2018, 4, 1))
    assert not ceased.is_valid("E45", date(2018, 3, 31)) and ceased.is_valid("E45", date(2018, 4, 1))
    assert ceased.is_valid("E43") and not ceased.is_valid("E99")
    h5 = codeset("cla_placement_type").find("H5", date(2017, 3, 31))
    assert h5 == Code("H5", h5.label, None, date(2025, 3, 31)) and h5 in list(codeset("cla_placement_type"))


def test_an_unknown_code_is_refused_with_near_ones() -> None:
    with pytest.raises(UnknownCode, match=r"no code 'RC77'\. Near: RC7"):
        codeset("cin_closure_reason").label("RC77")
    with pytest.raises(UnknownCode, match=r"Near: NEG \(Neglect\)"):
        codeset("cp_category_of_abuse").label("neglect")
    with pytest.raises(UnknownCode, match="not in force on 2017-03-31: valid 2022-04-01 to now"):
        codeset("cin_closure_reason").label("RC9", date(2017, 3, 31))
    with pytest.raises(UnknownCodeSet, match="ethnicity"):
        codeset("ethnicitys")


def test_display_never_fails_on_what_an_import_held() -> None:
    assert codeset("cin_closure_reason").display("RC9", date(2017, 3, 31)).startswith("Closed after assessment")
    assert codeset("cin_closure_reason").display("??") == "??"


def test_choices_follow_the_day() -> None:
    assert "24A" not in dict(codeset("cin_assessment_factors").choices(date(2017, 3, 31)))
    assert "24A" in dict(codeset("cin_assessment_factors").choices(date(2026, 3, 31)))


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_an_operator_may_replace_a_local_set(local: Path) -> None:
    write(local / "codesets" / "contact_issue.csv", "code,label,valid_from,valid_to\nA,Our own,,\n")
    found = codeset("contact_issue")
    assert found.overridden and found.label("A") == "Our own" and "NEGLECT" not in found


def test_an_operator_may_not_replace_a_national_set(local: Path) -> None:
    write(local / "codesets" / "ethnicity.csv", "code,label,valid_from,valid_to\nA,Our own,,\n")
    with pytest.raises(data.DataError, match="national code set"):
        codeset("ethnicity")


def test_an_operator_may_add_a_set(local: Path) -> None:
    write(local / "codesets" / "_index.csv", "name,title,source\nteam,Teams,Local\n")
    write(local / "codesets" / "team.csv", "code,label,valid_from,valid_to\nN,North,,\n")
    assert "team" in codeset_names()
    assert codeset("team").local and codeset("team").label("N") == "North"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("A,One,2017-01-01,\nA,Two,2016-01-01,2017-01-01\n", "two rows valid at once"),
        ("A,One,2017-01-01,2016-01-01\n", "ends before it starts"),
        ("A,,,\n", "code and a label"),
        ("A,One,1.4.2016,\n", "line 2: '1.4.2016'"),
        ("", "empty"),
    ],
)
def test_a_faulty_local_set_is_refused(local: Path, rows: str, message: str) -> None:
    write(local / "codesets" / "contact_issue.csv", "code,label,valid_from,valid_to\n" + rows)
    with pytest.raises(data.DataError, match=message):
        codeset("contact_issue")


MAPS = ("sex_map", "ethnicity_group_map", "placement_group_map", "reason_ceased_group_map")


@pytest.mark.parametrize("name", MAPS)
def test_a_map_gives_every_code_exactly_one_group(name: str) -> None:
    found = groups.codemap(name)
    codes = {row.code for source in found.from_sets for row in codeset(source)} - {"X1"}
    assert set(found.groups) == codes
    assert {row.code for row in codeset(found.to_set)} == set(found.groups.values())
    assert all(found.label(code) for code in found.groups)


def test_groups_follow_the_guides() -> None:
    assert [groups.placement_group(code) for code in ("U1", "U6", "A5", "P1", "K2", "K3", "T1")] == [
        "FOSTER",
        "FOSTER",
        "ADOPTION",
        "PARENTS",
        "RESIDENTIAL",
        "INDEPENDENT",
        "TEMPORARY",
    ]
    assert set(groups.codemap("reason_ceased_group_map").codes("SGO")) == {f"E4{n}" for n in range(3, 9)}
    assert set(groups.codemap("reason_ceased_group_map").codes("ADOPTED")) == {"E11", "E12"}
    assert set(groups.codemap("reason_ceased_group_map").codes("HOME")) == {"E4A", "E4B"}
    with pytest.raises(UnknownCode):
        groups.leaving_care_group("X1")
    assert groups.ethnicity_group("CHNE") == "ASIAN" and groups.ethnicity_group("NOBT") == "UNKNOWN"


def test_sex_reads_every_year_and_writes_the_year_asked() -> None:
    assert [groups.sex(code) for code in ("1", "2", "0", "9", "M", "F", "U")] == ["M", "F", "U", "U", "M", "F", "U"]
    assert groups.sex_for_cin("F", date(2017, 3, 31)) == "2"
    assert groups.sex_for_cin("F", date(2025, 3, 31)) == "F"


def test_age_bands_cover_every_age_once() -> None:
    for name, last in (("age_band_lac", 18), ("age_band_dfe", 40)):
        for age in range(last + 1):
            assert sum(band.holds(age) for band in groups.age_bands(name)) == 1
    assert groups.age_band(16) == "16+" and groups.age_band(16, "age_band_lac") == "12-16"
    assert groups.age_band(-1) is None and groups.age_band(19, "age_band_lac") is None


def test_an_operator_may_group_ages_in_another_way_but_not_with_gaps(local: Path) -> None:
    write(local / "codesets" / "age_band_lac.csv", "code,label,valid_from,valid_to\n0-3,0 to 3,,\n5-18,5 to 18,,\n")
    with pytest.raises(data.DataError, match="do not follow on"):
        groups.age_bands("age_band_lac")
