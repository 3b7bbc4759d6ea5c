"""The report as a whole: what it says, for whom, and in which forms."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest

from sightline.core.errors import InputProblem
from sightline.engine.report import data, html, pdf, word
from sightline.engine.report.chapters import chapters, declared_figures
from sightline.engine.report.declared import read_chapters
from sightline.engine.report.figures import Figure
from sightline.engine.report.model import Document, Notice, Paragraph, Picture, Section, Table, Words
from sightline.engine.report.passages import Passage
from sightline.engine.report.settings import Settings

Make = Callable[..., Document]
KENT = "E10000016"


def section(report: Document, id: str) -> Section:
    return next(one for one in report.sections if one.id == id)


def text_of(one: Section) -> str:
    return " ".join("".join(run.text for run in block.runs) for block in one.blocks if isinstance(block, Paragraph))


def by_id(report: Document) -> dict[str, Figure]:
    return {figure.id: figure for figure in report.figures}


def test_every_declared_figure_is_in_the_report_once(report: Document) -> None:
    ids = [figure.id for figure in report.figures]
    assert len(ids) == len(set(ids))
    assert set(declared_figures(chapters())) <= set(ids)


def test_no_two_figures_answer_the_same_printed_figure(report: Document) -> None:
    answered = [ledger for figure in report.figures for ledger in figure.ledger_ids]
    assert len(answered) == len(set(answered))


def test_the_same_quantity_is_one_figure_wherever_it_is_told(report: Document) -> None:
    started = by_id(report)["lac.started"]
    assert {"looked_after", "independent_chairs"} <= set(started.chapters)
    assert "ic.lac.started" in started.ledger_ids


def test_a_change_is_taken_from_unrounded_values(report: Document) -> None:
    figures = by_id(report)
    now, then = figures["cin.rate"], figures["cin.rate.prior"]
    assert figures["cin.rate.change"].value == pytest.approx(now.value - then.value)


def test_rows_are_what_the_figures_list_holds(report: Document) -> None:
    figures = by_id(report)
    assert figures["contacts.total"].rows == figures["contacts.total"].numerator
    assert figures["referrals.nfa.pct"].rows == figures["referrals.nfa.pct"].numerator
    assert figures["cp.rate"].rows == figures["cp.rate"].numerator
    assert figures["court.duration_weeks"].rows == figures["court.duration_weeks"].denominator
    for id in ("contacts.change_pct", "cp.rate.england", "fsm.primary", "court.limit_weeks", "ic.lac.min"):
        assert figures[id].rows is None, id


def test_limits_come_from_the_clocks(report: Document) -> None:
    figures = by_id(report)
    assert [
        figures[id].printed
        for id in ("assessments.timeliness.limit_days", "cp.over_15m.report.per_year", "referrals.rereferral.window")
    ] == [
        "45",
        "6",
        "1",
    ]


def test_comparators_name_their_source_and_their_period(report: Document) -> None:
    england = by_id(report)["cp.rate.england"]
    assert (england.printed, england.period, england.area) == ("43.1", "2015-16", "E92000001")
    assert england.source.startswith("As printed")


def test_another_area_gets_its_own_name_and_published_comparators(make: Make) -> None:
    kent = make(KENT)
    page = html.page(kent)
    assert "About Kent’s children" in page
    assert "Staffordshire" not in page
    assert by_id(kent)["cp.rate.england"].source.startswith("DfE")
    assert by_id(kent)["cin.rate"].denominator != 168824


def test_a_chapter_that_the_records_do_not_cover_says_so_and_invents_nothing(make: Make) -> None:
    court = section(make(without=frozenset({"court."})), "care_proceedings")
    notices = [block.text for block in court.blocks if isinstance(block, Notice)]
    assert notices == ["Not covered: the records held do not answer for this chapter in 2016-17."]
    assert not [block for block in court.blocks if isinstance(block, (Table, Picture))]
    assert "orders" not in text_of(court)


def test_a_chapter_that_is_covered_in_part_tells_the_rest(make: Make) -> None:
    front_door = section(make(without=frozenset({"referrals.nfa"})), "contacts_and_referrals")
    assert "referrals with no further action" in str([b.text for b in front_door.blocks if isinstance(b, Notice)])
    assert "Social workers received" in text_of(front_door)


def test_a_report_without_any_records_has_no_numbers_of_its_own(make: Make) -> None:
    empty = make(KENT, without=frozenset({""}))
    assert not [figure for figure in empty.figures if figure.sort == "measure" and figure.value is not None]
    assert {figure.printed for figure in empty.figures if figure.sort == "measure"} == {"not covered"}
    assert "not covered" not in text_of(section(empty, "child_protection"))


def test_statements_stand_in_their_chapter_with_their_author_and_true_figures(make: Make) -> None:
    passage = Passage(
        "adoption",
        "cause",
        1,
        "With {adoption.total} adopted, it {adoption.total.change|rose}.",
        "Panel",
        "Chair",
        "1 July 2017",
    )
    report = make(passages=(passage,))
    (words,) = [block for block in section(report, "adoption").blocks if isinstance(block, Words)]
    ((blocks, answered),) = words.passages
    assert words.title == "Causes"
    assert answered == "Panel. Signed off by Chair, 1 July 2017."
    adopted = by_id(report)["adoption.total"].printed
    assert "".join(run.text for run in blocks[0].runs).startswith(f"With {adopted} adopted, it ")


def test_a_statement_that_nobody_signed_is_called_a_draft(make: Make) -> None:
    report = make(passages=(Passage("adoption", "plan", 1, "We will see.", "Panel"),))
    assert "Draft, not signed off" in html.page(report)


def test_a_figure_that_nobody_declares_is_refused_by_name(make: Make) -> None:
    with pytest.raises(InputProblem, match=r"no chapter declares the figure 'adoption\.totl'"):
        make(passages=(Passage("adoption", "plan", 1, "{adoption.totl}", "Panel"),))


def test_a_chapter_file_names_what_is_wrong_with_it(tmp_path: Path) -> None:
    file = tmp_path / "chapter.md"
    file.write_text("---\nid: x\norder: 1\ntitle: X\nfigures:\n  a: {aspect: doubled}\n---\ntext\n")
    with pytest.raises(InputProblem, match="'a' is not declared rightly"):
        read_chapters(file)
    file.write_text("---\nid: x\norder: 1\ntitle: X\ncolour: red\n---\ntext\n")
    with pytest.raises(InputProblem, match="unknown: colour"):
        read_chapters(file)


def test_the_page_needs_no_other_file_and_its_links_lead_somewhere(report: Document) -> None:
    page = html.page(report)
    assert not re.findall(r'(?:src|href)="(?!data:|#)', page)
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= ids
    assert len(re.findall(r'\bid="([^"]+)"', page)) == len(ids), "an id is used twice"


class Outline(HTMLParser):
    """Headings, pictures and heads of tables of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.alternatives: list[str] = []
        self.scopes = 0
        self.heads = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag == "img":
            self.alternatives.append(given.get("alt") or "")
        if tag == "th":
            self.heads += 1
            self.scopes += "scope" in given


def test_the_page_has_an_outline_and_every_picture_its_words(report: Document) -> None:
    outline = Outline()
    outline.feed(html.page(report))
    assert outline.levels[0] == 1 and outline.levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(outline.levels, outline.levels[1:], strict=False))
    assert len(outline.alternatives) >= 10 and all(len(words) > 40 for words in outline.alternatives)
    assert outline.heads == outline.scopes


def test_the_web_gets_chapters_whose_figures_lead_where_it_says(report: Document) -> None:
    fragments = html.fragments(
        report, lambda figure: f"/figures/{figure.id}" if figure.rows is not None else None, level=3
    )
    contacts = next(one for one in fragments if one.id == "contacts_and_referrals")
    assert 'href="/figures/contacts.total"' in contacts.html
    assert 'href="/figures/contacts.change_pct"' not in contacts.html
    assert contacts.html.startswith('<section class="chapter') and "<h3" in contacts.html and "<h2" not in contacts.html


def test_figures_are_written_as_json_and_csv_with_the_same_content(report: Document) -> None:
    objects = json.loads(data.as_json(report.figures))
    lines = list(csv.DictReader(io.StringIO(data.as_csv(report.figures))))
    assert [one["id"] for one in objects] == [line["id"] for line in lines]
    needed = {
        "id", "ledger_ids", "value", "printed", "numerator", "denominator", "unit", "period", "area", "breakdown", "measure", "definition",
        "source", "snapshot", "rows",
    }  # fmt: skip
    assert all(needed <= set(one) for one in objects)
    assert all(one["printed"] for one in objects)


def test_word_has_real_headings_tables_with_heads_and_pictures_with_words(report: Document) -> None:
    document = docx.Document(io.BytesIO(word.write(report)))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert len(headings) == len(report.sections)
    assert all(table.rows[0]._tr.xpath("./w:trPr/w:tblHeader") for table in document.tables)
    pictures = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert len(pictures) >= 10 and all(pictures)


def test_the_pdf_is_tagged_and_says_that_it_is_accessible(make: Make, tmp_path: Path) -> None:
    """An area with few records: the whole report is laid out by the long tests."""
    page = html.page(make(KENT, without=frozenset({""})))
    pdf.write(page, tmp_path / "report.pdf")
    reader = pypdf.PdfReader(tmp_path / "report.pdf")
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en-GB"
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert len(reader.outline[1]) > 10, "the chapters are bookmarks below the title"


def test_the_published_edition_shows_no_small_number(make: Make) -> None:
    internal, published = make(scale=0.02), make(edition="published", scale=0.02)
    exact = by_id(internal)
    small = {id for id, figure in exact.items() if any(0 < number < 5 for _, number in figure.behind)}
    assert small, "the example has small numbers"
    assert all(by_id(published)[id].printed == "c" for id in small)
    assert "This is the published edition" in html.page(published)


def test_the_published_edition_of_large_numbers_withholds_nothing(make: Make) -> None:
    withheld = [figure.id for figure in make(edition="published", scale=40).figures if figure.suppressed]
    assert withheld == [] or len(withheld) < 20


def test_the_internal_edition_warns_its_reader(report: Document) -> None:
    assert "do not pass it on" in html.page(report)


def test_settings_that_there_are_not_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sightline.engine.report.settings import settings_for
    from sightline.standards.periods import year

    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "2030-31.yaml").write_text(
        "areas:\n  E10000016: {colour: red}\n  E10000028: {comparators: guessed}\n"
    )
    monkeypatch.setenv("SIGHTLINE_LOCAL", str(tmp_path))
    with pytest.raises(InputProblem, match="colour"):
        settings_for(year(2030), KENT)
    with pytest.raises(InputProblem, match="guessed"):
        settings_for(year(2030), "E10000028")
    assert settings_for(year(2031), KENT) == Settings()
