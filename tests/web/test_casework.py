"""Casework pages: a form for every action, a child's page, a record's page, a chronology. Nothing typed is lost, nothing is shown to strangers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from sightline.core.access.models import User
from sightline.core.access.standing import standing
from sightline.core.access.visibility import own_children
from sightline.core.audit.models import Entry
from sightline.core.people.models import Person, Relationship
from sightline.core.records.writing import writing
from sightline.engine.actions.declarations import actions
from sightline.engine.actions.engine import version
from sightline.engine.screens import drafts, forms, repeats, words
from sightline.engine.screens.chronology import chronology, kinds, streams
from sightline.engine.screens.lifeline import lifeline
from sightline.engine.screens.models import Draft
from sightline.engine.screens.questions import Context, as_typed, question, read
from sightline.standards.codes import codeset

pytestmark = pytest.mark.django_db

Visit = Callable[[str], Client]


def seen_by(role: str) -> list[int]:
    user = User.objects.get(role=role)
    return sorted(own_children(user, standing().day).values_list("pk", flat=True))


@pytest.fixture
def plan(partnership: Any, db: None) -> Any:
    """A plan that is active, of a child whom the team manager sees."""
    model = apps.get_model("child_protection.Plan")
    found = model.objects.filter(person__in=seen_by("team_manager"), end_date=None).order_by("pk").first()
    assert found is not None
    return found


@pytest.fixture
def stranger(partnership: Any, db: None) -> int:
    return int(Person.objects.exclude(pk__in=seen_by("team_manager")).values_list("pk", flat=True)[0])


def visit_of(plan: Any, day: date, **more: str) -> dict[str, str]:
    when = {"visit_date-day": str(day.day), "visit_date-month": str(day.month), "visit_date-year": str(day.year)}
    return {"plan": str(plan.pk), **when, **more}


class TestAChildsPage:
    def test_shows_who_it_is_what_is_open_and_what_can_be_recorded(self, visit: Visit, plan: Any) -> None:
        answer = visit("team_manager").get(reverse("person", args=[plan.person_id]))
        text = answer.content.decode()
        assert answer.status_code == 200
        assert reverse("record", args=["child_protection_plan", plan.pk]) in text
        assert f"{reverse('do', args=['child_protection.record_visit'])}?person={plan.person_id}" in text

    def test_is_audited_with_the_child(self, visit: Visit, plan: Any) -> None:
        visit("team_manager").get(reverse("person", args=[plan.person_id]))
        assert Entry.objects.get(what="read").details["people"] == [plan.person_id]

    def test_of_somebody_else_is_not_there(self, visit: Visit, stranger: int) -> None:
        manager = visit("team_manager")
        for address in ("person", "chronology", "chronology-pdf"):
            assert manager.get(reverse(address, args=[stranger])).status_code == 404
        assert not Entry.objects.filter(what="read").exists()

    def test_takes_few_questions_to_the_database(
        self, visit: Visit, plan: Any, django_assert_max_num_queries: Any
    ) -> None:
        manager = visit("team_manager")
        manager.get(reverse("person", args=[plan.person_id]))
        with django_assert_max_num_queries(60):
            manager.get(reverse("person", args=[plan.person_id]))

    def test_offers_what_to_record_in_words_of_the_work(self, visit: Visit, plan: Any) -> None:
        page = visit("team_manager").get(reverse("person", args=[plan.person_id])).content.decode()
        assert "Missed deadlines" in page
        assert "Case and transfer" in page
        assert ">Deadlines<" not in page
        assert ">Cases<" not in page

    def test_registering_somebody_asks_telephone_and_email_each_in_its_own_words(self) -> None:
        asked = {each.name: each.help for each in actions()["people.register"].inputs}
        assert asked["phone"] != asked["email"]


class TestAChronology:
    def test_holds_every_record_that_happened_to_the_child(self, visit: Visit, plan: Any) -> None:
        user = User.objects.get(role="team_manager")
        found = {(event.table, event.id) for event in chronology(user, plan.person)}
        for model in kinds():
            for record in model._default_manager.filter(person=plan.person):
                assert (model._meta.db_table, record.pk) in found

    def test_can_be_narrowed_to_a_stream(self, visit: Visit, plan: Any) -> None:
        user = User.objects.get(role="team_manager")
        only = chronology(user, plan.person, ["child_protection"])
        assert {event.table.startswith("child_protection_") for event in only} == {True}

    def test_offers_no_stream_that_holds_nothing_of_the_child(self, visit: Visit, plan: Any) -> None:
        user = User.objects.get(role="team_manager")
        shown = visit("team_manager").get(reverse("chronology", args=[plan.person_id])).content.decode()
        offered = {folder for folder, _title in streams() if f'id="stream-{folder}"' in shown}
        held = {event.stream for event in chronology(user, plan.person)}
        assert {title for folder, title in streams() if folder in offered} == held
        assert len(offered) < len(streams())

    def test_is_a_pdf_to_take_away_and_that_is_audited(self, visit: Visit, plan: Any) -> None:
        answer = visit("team_manager").get(reverse("chronology-pdf", args=[plan.person_id]))
        assert answer.content.startswith(b"%PDF")
        assert Entry.objects.get(what="download").details["people"] == [plan.person_id]

    def test_lifeline_lies_within_its_picture(self, visit: Visit, plan: Any) -> None:
        user = User.objects.get(role="team_manager")
        drawn = lifeline(chronology(user, plan.person), standing().day)
        assert drawn is not None
        assert any(bar.is_open for band in drawn.bands for bar in band.bars)
        assert all(0 <= bar.left <= 100 and bar.left + bar.width <= 100.7 for band in drawn.bands for bar in band.bars)


class TestAForm:
    def test_is_there_for_every_action(self, partnership: Any, db: None) -> None:
        user = User.objects.get(role="team_manager")
        person = Person.objects.get(pk=seen_by("team_manager")[0])
        for action in actions().values():
            form = forms.blank(action, Context(user, standing().day, person=person))
            named = [each.name for each in form.everything]
            assert len(named) == len(set(named)), action.id
            assert all(each.choices for each in form.everything if each.kind == "radios"), action.id

    def test_that_is_sent_writes_the_record_and_leads_to_it(self, visit: Visit, plan: Any) -> None:
        address = reverse("do", args=["child_protection.record_visit"])
        sent = visit_of(plan, plan.start_date, seen="True")
        answer = visit("team_manager").post(f"{address}?person={plan.person_id}", sent)
        assert answer.status_code == 302, answer.content.decode()
        made = apps.get_model("child_protection.Visit").objects.get(plan=plan, visit_date=plan.start_date)
        assert answer["Location"] == reverse("record", args=["child_protection_visit", made.pk])
        assert made.seen

    def test_with_a_fault_says_where_and_keeps_what_was_typed(self, visit: Visit, plan: Any) -> None:
        address = f"{reverse('do', args=['child_protection.record_visit'])}?person={plan.person_id}"
        sent = {"plan": str(plan.pk), "visit_date-day": "31", "visit_date-month": "2", "visit_date-year": "2017"}
        answer = visit("team_manager").post(address, sent)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "There is a problem" in text and 'href="#visit_date-day"' in text
        assert 'value="31"' in text
        assert not apps.get_model("child_protection.Visit").objects.filter(plan=plan, visit_date__month=2).exists()

    @pytest.mark.parametrize(
        ("day", "month", "said"), [("31", "2", "there is no such day"), ("x", "2", "this is no day that can be read")]
    )
    def test_says_in_plain_words_that_a_day_is_none(
        self, visit: Visit, plan: Any, day: str, month: str, said: str
    ) -> None:
        address = f"{reverse('do', args=['child_protection.record_visit'])}?person={plan.person_id}"
        sent = {"plan": str(plan.pk), "visit_date-day": day, "visit_date-month": month, "visit_date-year": "2017"}
        text = visit("team_manager").post(address, sent).content.decode()
        assert f"Visited: {said}" in text
        assert "YYYY" not in text

    def test_refuses_a_character_that_cannot_be_kept_and_keeps_the_rest(self, visit: Visit, plan: Any) -> None:
        address = f"{reverse('do', args=['child_protection.record_visit'])}?person={plan.person_id}"
        sent = visit_of(plan, plan.start_date, seen="True", summary="All well.\0 Seen.")
        manager = visit("team_manager")
        answer = manager.post(address, sent)
        assert answer.status_code == 422
        assert "a character that cannot be kept" in answer.content.decode()
        assert "All well. Seen." in manager.get(address).content.decode()
        assert manager.post(reverse("draft-keep", args=["child_protection.record_visit"]), sent).status_code == 302

    def test_shows_hostile_text_as_text(self, visit: Visit, plan: Any) -> None:
        address = f"{reverse('do', args=['child_protection.record_visit'])}?person={plan.person_id}"
        hostile = "<script>alert(1)</script>"
        text = visit("team_manager").post(address, {"visit_date-day": hostile}).content.decode()
        assert hostile not in text and "&lt;script&gt;" in text

    def test_of_a_child_one_may_not_see_is_not_there(self, visit: Visit, stranger: int) -> None:
        address = f"{reverse('do', args=['child_protection.record_visit'])}?person={stranger}"
        assert visit("team_manager").get(address).status_code == 404

    def test_of_something_ones_role_does_not_do_is_refused(self, visit: Visit, plan: Any) -> None:
        answer = visit("social_worker").get(reverse("do", args=["child_protection.end_plan", plan.pk]))
        assert answer.status_code == 403

    def test_chooses_the_one_plan_that_is_open_before_those_that_ended(self, visit: Visit, plan: Any) -> None:
        with writing("test", by="tester", because="a test of choices"):
            ended = {"start_date": plan.start_date.replace(year=2010), "end_date": plan.start_date.replace(year=2011)}
            codes = {"initial_category": "NEG", "latest_category": "NEG", "end_reason": ""}
            type(plan).objects.create(agency=plan.agency, person=plan.person, case=plan.case, **ended, **codes)
        address = f"{reverse('do', args=['child_protection.record_visit'])}?person={plan.person_id}"
        text = visit("team_manager").get(address).content.decode()
        assert text.count("Child protection plan,") == 2
        assert f'<option value="{plan.pk}" selected>' in text

    def test_offers_the_open_record_where_only_one_can_be_meant(self, visit: Visit, plan: Any) -> None:
        address = f"{reverse('do', args=['child_protection.record_visit'])}?person={plan.person_id}&plan={plan.pk}"
        text = visit("team_manager").get(address).content.decode()
        assert f'<option value="{plan.pk}" selected>' in text


def test_the_first_page_says_why_nothing_is_there_for_a_sign_in_that_is_nobodys(visit: Visit, partnership: Any) -> None:
    User.objects.filter(role="service_manager").update(worker=None)
    assert "tied to no worker" in visit("service_manager").get("/").content.decode()
    assert "tied to no worker" not in visit("team_manager").get("/").content.decode()


class TestACodeThatStandsForNoAnswer:
    """In 2017 no code said that a sex is unknown: then one of the others has to be chosen, and nobody reads of a code they never gave."""

    def test_is_asked_for_where_it_is_not_in_force(self, visit: Visit, partnership: Any) -> None:
        address = f"{reverse('register-person')}?q=theo+pebblemock"
        manager = visit("team_manager")
        assert "Sex (optional)" not in manager.get(address).content.decode()
        typed = {"forename": "Theo", "surname": "Pebblemock", "birth_date-day": "1"}
        born = {"birth_date-month": "2", "birth_date-year": "2010"}
        text = manager.post(address, typed | born).content.decode()
        assert "Sex is missing: choose one." in text
        assert "code &#39;U&#39;" not in text and "2017-" not in text


class TestAFormThatIsSentTwice:
    """A second click, or the way back and *Save* again, as people do who are not sure whether it worked."""

    def test_is_done_once_and_leads_to_what_it_wrote(self, visit: Visit, plan: Any) -> None:
        address = f"{reverse('do', args=['child_protection.record_visit'])}?person={plan.person_id}"
        manager = visit("team_manager")
        token = re.search(r'name="once" value="([^"]+)"', manager.get(address).content.decode())
        assert token is not None
        sent = visit_of(plan, plan.start_date, seen="True", once=token[1])
        visits = apps.get_model("child_protection.Visit").objects.filter(plan=plan, visit_date=plan.start_date)
        before = visits.count()
        first, second = manager.post(address, sent), manager.post(address, sent)
        assert (first.status_code, second.status_code) == (302, 302)
        assert first["Location"] == second["Location"]
        assert visits.count() == before + 1
        assert "was saved already" in manager.get(second["Location"]).content.decode()

    def test_and_changed_in_between_is_another(self, visit: Visit, plan: Any) -> None:
        address = f"{reverse('do', args=['child_protection.record_visit'])}?person={plan.person_id}"
        manager, visits = visit("team_manager"), apps.get_model("child_protection.Visit").objects.filter(plan=plan)
        before = visits.count()
        for summary in ("In the morning.", "In the evening."):
            sent = visit_of(plan, plan.start_date, seen="True", summary=summary, once="the same page")
            assert manager.post(address, sent).status_code == 302
        assert visits.count() == before + 2

    def test_by_somebody_else_is_theirs(self, visit: Visit, plan: Any) -> None:
        content = {"once": ["the same page"], "plan": ["1"]}
        repeats.keep(User.objects.get(role="team_manager"), repeats.mark_of(content), "/work")
        assert repeats.led_to(User.objects.get(role="social_worker"), repeats.mark_of(content)) == ""

    def test_is_told_apart_by_its_files(self) -> None:
        content = {"once": ["the same page"]}
        assert repeats.mark_of(content, [("a.pdf", 10)]) != repeats.mark_of(content, [("b.pdf", 10)])
        assert repeats.mark_of({"plan": ["1"]}) == ""


class TestWhoIsNamed:
    def test_a_form_that_shows_a_record_is_a_reading_of_it(self, visit: Visit, plan: Any) -> None:
        visit("team_manager").get(reverse("do", args=["child_protection.add_actions", plan.pk]))
        read = Entry.objects.get(what="read")
        assert (read.details["people"], read.details["records"]) == ([plan.person_id], [plan.pk])

    def test_a_person_whom_the_reader_may_not_see_is_numbered_where_a_record_names_them(
        self, visit: Visit, plan: Any, stranger: int
    ) -> None:
        with writing("test", by="tester", because="a test of names"):
            # Over, so that the child's page does not name them as family either.
            spell = {"start_date": "2010-01-01", "end_date": "2011-01-01"}
            kind = next(iter(codeset("relationship"))).code
            related = Relationship.objects.create(
                agency=plan.agency, person=plan.person, other_id=stranger, kind=kind, **spell
            )
        name = words.called(Person.objects.get(pk=stranger))
        text = visit("team_manager").get(reverse("record", args=["people_relationship", related.pk])).content.decode()
        assert f"Person {stranger}" in text
        assert name not in text and reverse("person", args=[stranger]) not in text


class TestNumbersInAddresses:
    @pytest.mark.parametrize("number", ["²", "9" * 30, "٣٤", "-1", "1e3"])
    def test_that_are_none_are_a_page_that_is_not_there_and_never_a_fault(self, visit: Visit, number: str) -> None:
        manager, auditor = visit("team_manager"), visit("auditor")
        assert manager.get(reverse("list", args=["cp.open"]), {"page": number}).status_code == 404
        assert manager.get(reverse("work"), {"page": number}).status_code == 404
        assert manager.get(reverse("search"), {"q": "smith", "page": number}).status_code == 404
        assert auditor.get(reverse("audit"), {"page": number}).status_code == 404
        assert auditor.get(reverse("audit"), {"person": number}).status_code == 404
        form = manager.get(reverse("do", args=["child_protection.record_visit"]), {"person": number, "plan": number})
        assert form.status_code == 200


class TestADraft:
    def test_is_kept_while_typing_and_opened_again(self, visit: Visit, plan: Any) -> None:
        manager = visit("team_manager")
        about = f"?person={plan.person_id}"
        sent = visit_of(plan, date(2017, 1, 2))
        answer = manager.post(
            reverse("draft-keep", args=["child_protection.record_visit"]) + about, sent, HTTP_ACCEPT="application/json"
        )
        assert answer.json()["saved"]
        text = manager.get(reverse("do", args=["child_protection.record_visit"]) + about).content.decode()
        assert "This is your draft" in text and 'value="2017"' in text

    def test_is_nobody_elses(self, visit: Visit, plan: Any) -> None:
        about = f"?person={plan.person_id}"
        keep = reverse("draft-keep", args=["child_protection.record_visit"]) + about
        visit("team_manager").post(keep, visit_of(plan, date(2017, 1, 2)))
        other = User.objects.get(role="service_manager")
        assert drafts.of(other) == []

    def test_is_gone_once_it_was_sent(self, visit: Visit, plan: Any) -> None:
        manager, about = visit("team_manager"), f"?person={plan.person_id}"
        sent = visit_of(plan, plan.start_date)
        manager.post(reverse("draft-keep", args=["child_protection.record_visit"]) + about, sent)
        manager.post(reverse("do", args=["child_protection.record_visit"]) + about, sent)
        assert not Draft.objects.exists()

    def test_of_a_refused_form_is_kept(self, visit: Visit, plan: Any) -> None:
        address = f"{reverse('do', args=['child_protection.record_visit'])}?person={plan.person_id}"
        visit("team_manager").post(address, {"visit_date-day": "99"})
        assert Draft.objects.get().content["visit_date-day"] == ["99"]

    def test_can_be_thrown_away(self, visit: Visit, plan: Any) -> None:
        manager, about = visit("team_manager"), f"?person={plan.person_id}"
        manager.post(reverse("draft-keep", args=["child_protection.record_visit"]) + about, {"seen": "True"})
        manager.post(reverse("draft-discard", args=["child_protection.record_visit"]) + about)
        assert not Draft.objects.exists()

    def test_survives_a_session_that_ended(self, visit: Visit, plan: Any) -> None:
        manager = visit("team_manager")
        address = f"{reverse('do', args=['child_protection.record_visit'])}?person={plan.person_id}"
        page = manager.get(address).content.decode()
        key = page.partition('name="form-key" value="')[2].partition('"')[0].replace("&amp;", "&")
        manager.logout()
        answer = manager.post(address, visit_of(plan, date(2017, 1, 2)) | {"form-key": key})
        assert answer.status_code == 302 and answer["Location"].startswith(reverse("sign-in"))
        parked = Draft.objects.get(user=None)
        again = visit("team_manager")
        text = again.get(f"{address}&parked={parked.parked}").content.decode()
        assert "This is your draft" in text and 'value="2017"' in text
        assert not Draft.objects.filter(user=None).exists()

    def test_that_is_parked_opens_for_no_other_form(self, partnership: Any, db: None) -> None:
        token = drafts.park("one", {"a": ["b"]})
        assert drafts.claim(User.objects.get(role="team_manager"), token, "another") is None
        assert drafts.claim(User.objects.get(role="team_manager"), "", "one") is None


class TestTwoPeopleAtOnce:
    def test_the_second_sees_both_versions_and_loses_nothing(self, visit: Visit, plan: Any) -> None:
        assessment = apps.get_model("assessment.Assessment").objects.filter(person__in=seen_by("team_manager")).first()
        assert assessment is not None
        manager = visit("team_manager")
        address = reverse("do", args=["assessment.correct", assessment.pk])
        seen = version(assessment)

        def sent(day: int, why: str) -> dict[str, str]:
            user = User.objects.get(role="team_manager")
            form = forms.blank(
                actions()["assessment.correct"], Context(user, standing().day, assessment.person, assessment)
            )
            typed = {
                f"{each.name}-{part}" if part else each.name: text
                for each in form.everything
                for part, text in each.typed.items()
            }
            point = dict(zip(("day", "month", "year"), (str(day), "1", "2014"), strict=True))
            return (
                typed
                | {f"review_point_date-{part}": text for part, text in point.items()}
                | {
                    "seen": str(seen),
                    "because": why,
                }
            )

        first = manager.post(address, sent(20, "the first"))
        second = manager.post(address, sent(21, "the second"))
        text = second.content.decode()
        assert (first.status_code, second.status_code) in ((302, 409), (422, 422)), text
        if second.status_code == 409:
            assert "Somebody else changed this" in text
            assert "Only what differs is listed" in text
            assert "20 January 2014" in text and "21 January 2014" in text
            assert 'value="21"' in text


class TestAFile:
    PDF = b"%PDF-1.4 a letter"

    def send(self, client: Client, person: int, content: bytes, name: str = "letter.pdf") -> Any:
        kind = next(iter(codeset("document_kind"))).code
        about = {"record_table": "people_person", "record_id": str(person)}
        sent = {"kind": kind, "name": "A letter", **about, "stored_as-file": SimpleUploadedFile(name, content)}
        return client.post(f"{reverse('do', args=['notes.add_document'])}?person={person}", sent)

    def test_is_kept_with_the_record_and_only_ever_taken_away(self, visit: Visit, plan: Any) -> None:
        manager = visit("team_manager")
        answer = self.send(manager, plan.person_id, self.PDF)
        assert answer.status_code == 302, answer.content.decode()
        document = apps.get_model("notes.Document").objects.get()
        file = manager.get(reverse("document-file", args=[document.pk]))
        assert b"".join(file.streaming_content) == self.PDF
        assert file["Content-Disposition"] == 'attachment; filename="A letter.pdf"'
        assert file["Content-Type"] == "application/octet-stream"
        assert Entry.objects.filter(what="download").latest("id").details["people"] == [plan.person_id]

    @pytest.mark.parametrize("content", [b"", b"MZ\x90\x00 a program", b"PK\x03\x04 an archive"])
    def test_of_the_wrong_kind_is_refused_in_words_and_not_kept(self, visit: Visit, plan: Any, content: bytes) -> None:
        answer = self.send(visit("team_manager"), plan.person_id, content)
        assert answer.status_code == 422
        assert 'href="#stored_as"' in answer.content.decode()
        assert not apps.get_model("notes.Document").objects.exists()

    def test_of_a_stranger_is_not_there(self, visit: Visit, plan: Any) -> None:
        self.send(visit("team_manager"), plan.person_id, self.PDF)
        document = apps.get_model("notes.Document").objects.get()
        assert visit("lado").get(reverse("document-file", args=[document.pk])).status_code == 404


class TestQuestions:
    def test_a_value_reads_back_as_it_was_typed(self, partnership: Any, db: None) -> None:
        """What a record holds, put into the boxes and read again, is what the action would be given."""
        user = User.objects.get(role="team_manager")
        for action in actions().values():
            if not action.amends:
                continue
            model = apps.get_model(action.model)
            record = model._default_manager.first()
            if record is None:
                continue
            context = Context(user, standing().day, record=record)
            for asked in action.inputs:
                if asked.model != action.model or asked.definition.is_relation:
                    continue
                each = question(action, asked, context)
                held = getattr(record, asked.field)
                typed = as_typed(each, held)
                boxes = {f"{each.name}-{part}" if part else each.name: text for part, text in typed.items()}
                text = read(each, boxes)[1]
                expected = asked.definition.to_python(text) if text else None
                assert (held if held != "" else None) == expected, f"{action.id} {asked.name}"
