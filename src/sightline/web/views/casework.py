"""The form of every action: opened on a child's page or a record's, kept as a draft while it is filled in, sent once.

One view serves all actions, because each action declares what it asks. What was typed is never lost: a refusal shows it again, a conflict shows
it beside the other version, and a session that ended meanwhile parks it until its writer has signed in.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods, require_POST

from sightline.core.access.models import User
from sightline.core.access.roles import Permission
from sightline.core.access.standing import standing
from sightline.core.access.visibility import visible, visible_rows
from sightline.core.audit.record import What
from sightline.core.errors import InputProblem, Problem
from sightline.core.finding.guards import may_name, registered_by
from sightline.core.notes import files
from sightline.core.options.declared import chosen
from sightline.core.people.models import Person
from sightline.core.records.models import Record
from sightline.engine.actions.declarations import Action, actions, rules_of
from sightline.engine.actions.engine import Done, people_of, perform, refused, relatives, version
from sightline.engine.actions.refusals import Conflict, Fault, Invalid, NotNow, NotPermitted
from sightline.engine.return_issues import preview
from sightline.engine.return_issues.preview import Warned
from sightline.engine.screens import drafts, forms, repeats, words
from sightline.engine.screens.beside import beside
from sightline.engine.screens.forms import Form
from sightline.engine.screens.questions import KEPT_FILE, Context, family_of
from sightline.web.doors import signed_in, user_of
from sightline.web.own_pages import own_page
from sightline.web.pages import page
from sightline.web.paging import whole_number
from sightline.web.previewed import ACCEPTED, BETWEEN, foreseen, previewed
from sightline.web.reading import audited_read
from sightline.web.views.people import seen_person, seen_record

SEEN = "seen"
#: People added to a form by their number, separated by commas.
BESIDE = "beside"
#: Parameters of the address that are not links of the new record.
_NOT_LINKS = frozenset({"person", BESIDE, "parked", "fresh"})
#: Acts with a page of their own, which asks first what has to be known before.
ELSEWHERE = {"people.register": "register-person", "people.merge": "duplicates"}


@dataclass(frozen=True)
class Asked:
    """Which form is asked for: of which action, about whom, on which record."""

    action: Action
    context: Context
    key: str

    @property
    def back(self) -> str:
        """Where the form came from."""
        record, person = self.context.record, self.context.person
        if record is not None and (own := own_page(self.context.user, record)):
            return own
        if record is not None:
            return reverse("record", args=[record._meta.db_table, record.pk])
        if person is None:
            return reverse("home")
        if person.pk in self.context.named:
            return f"{reverse('search')}?{urlencode({'q': f'#{person.pk}'})}"
        return reverse("person", args=[person.pk])

    @property
    def child(self) -> str:
        """The child that the form is about, as the form calls it: nothing but the number of one who is not seen."""
        person = self.context.person
        if person is None:
            return ""
        return f"Record {person.pk}" if person.pk in self.context.named else words.called(person)

    def beside(self, people: Sequence[int]) -> Asked:
        """The same form with these people added: those whom the user sees, or may name."""
        seen, named = _nameable(self.context.user, self.action, people)
        added = tuple(id for id in dict.fromkeys(people) if id in seen | named)
        context = replace(self.context, beside=added, named=self.context.named | named)
        return replace(self, context=context)


@signed_in
@require_http_methods(["GET", "POST"])
def do(request: HttpRequest, action: str, record: int | None = None) -> HttpResponse:
    """An action's form, and what comes of sending it."""
    if action in ELSEWHERE:
        return HttpResponseRedirect(reverse(ELSEWHERE[action]))
    asked = _asked(request, action, record)
    if request.method == "POST":
        return _sent(request, asked)
    draft = _draft(request, asked)
    if draft is not None:
        given = _one_each(draft.content)
        asked = asked.beside(_numbers(given.get(BESIDE, "")))
        form = forms.sent(asked.action, asked.context, given)
        return _page(request, asked, form, seen=given.get(SEEN), draft=draft.saved_at)
    return _page(request, asked, forms.blank(asked.action, asked.context))


do.keeps_what_was_typed = True  # type: ignore[attr-defined]  # a mark for `ParkedForms`, as `door` is for the doorkeeper


@signed_in
@require_POST
def keep(request: HttpRequest, action: str, record: int | None = None) -> HttpResponse:
    """Keeps what was typed so far. Answers the page's script, and the button of those without scripts."""
    asked = _asked(request, action, record)
    kept = drafts.save(user_of(request), asked.key, _content(request.POST))
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"saved": f"{timezone.localtime(kept.saved_at):%H:%M}" if kept else ""})
    messages.success(request, "Draft saved." if kept else "The draft is too long to be saved.")
    return HttpResponseRedirect(_address(request, "do", action, record))


@signed_in
@require_POST
def foresee(request: HttpRequest, action: str, record: int | None = None) -> HttpResponse:
    """What the rules of returns would find in the draft as it is kept. Asked by the page's script once a draft is kept, which never waits for it."""
    asked = _asked(request, action, record)
    draft = drafts.held(user_of(request), asked.key) if _foreseeable(asked.action) else None
    found = _foreseen(asked, _one_each(draft.content)) if draft is not None else []
    if found and (people := _concerned(asked.context)):
        audited_read(request, What.READ, asked.action.id, people=people, records=_amended(asked))
    return JsonResponse({"found": found})


def _foreseeable(action: Action) -> bool:
    """Whether the rules of a return may have something to say of what an action records."""
    models = {action.model, *(each.model for each in action.inputs)}
    models |= {each.model for group in action.groups for each in group.inputs}
    return chosen("return_previews") == "on" and preview.feeds(apps.get_model(model) for model in models)


def _foreseen(asked: Asked, given: dict[str, str]) -> list[dict[str, Any]]:
    """What would newly fail, with the questions that it is about; nothing where the act cannot be done as far as it is filled in."""
    asked = asked.beside(_numbers(given.get(BESIDE, "")))
    form = forms.sent(asked.action, asked.context, given)
    values, _places = form.values()
    user, record, seen = asked.context.user, asked.context.record, _seen(given, asked)

    def done() -> Done:
        # Why it is corrected is often said last, and no rule asks it.
        why = form.why or asked.action.title
        return perform(asked.action, by=user, because=why, values=values, record=record, seen=seen)

    try:
        warned = foreseen(done)
    except Problem:
        return []
    return [_beside_its_questions(each, form) for each in warned]


def _beside_its_questions(warned: Warned, form: Form) -> dict[str, Any]:
    taken = (row for rows in form.groups for row in rows.rows if row.taken)
    questions = (*form.questions, *(each for row in taken for each in row.questions))
    return {
        "rule": f"Rule {warned.listed.code}, {warned.collection.declared.title} {warned.collection.label}",
        "message": warned.listed.message,
        "fields": f"{warned.table}: {', '.join(warned.fields)}",
        "questions": [
            {"name": each.name, "anchor": each.anchor, "title": each.title}
            for each in questions
            if warned.concerns(each.input.definition)
        ],
    }


@signed_in
@require_POST
def discard(request: HttpRequest, action: str, record: int | None = None) -> HttpResponse:
    """Throws the draft away and opens the form as new."""
    asked = _asked(request, action, record)
    drafts.discard(user_of(request), asked.key)
    return HttpResponseRedirect(_address(request, "do", action, record))


def _asked(request: HttpRequest, id: str, record: int | None) -> Asked:
    action = actions().get(id)
    if action is None or action.amends != (record is not None):
        raise Http404("There is nothing of that name to do.")
    user = user_of(request)
    if refusal := refused(action, by=user):
        raise PermissionDenied(refusal.what)
    held = _held(user, action, record)
    concerned = people_of(held) if held is not None else set()
    person, named = _person(request, action, user, held, concerned)
    context = Context(
        user=user,
        day=standing().day,
        person=person,
        record=held,
        several=tuple(sorted(concerned)) if len(concerned) > 1 else (),
        named=frozenset({person.pk} if person is not None and named else ()),
        relatives=_relatives(user, action, concerned or ({person.pk} if person is not None else set())),
        links=_links(request),
    )
    # Links tell forms apart: a visit to this plan is not a visit to that one.
    about = urlencode(sorted((*context.links.items(), ("person", person.pk if person else 0))))
    asked = Asked(action, context, f"{id}/{record or ''}?{about}"[:200])
    return asked.beside(_numbers(request.POST.get(BESIDE) or request.GET.get(BESIDE, "")))


def _relatives(user: User, action: Action, children: set[int]) -> frozenset[int]:
    """The family of the children whom the form may name though the user sees nothing of them."""
    told = relatives(user, action, children)
    return frozenset(told - visible(user, Person, told))


def _links(request: HttpRequest) -> dict[str, int]:
    """Records that the address names, by the input that they answer."""
    given = request.GET.dict()
    numbers = {name: whole_number(str(value)) for name, value in given.items() if name not in _NOT_LINKS}
    return {name: number for name, number in numbers.items() if number is not None}


def _held(user: User, action: Action, id: int | None) -> Any:
    """The record to amend, if the user may see it."""
    return None if id is None else seen_record(user, apps.get_model(action.model)._meta.db_table, id)


def _person(
    request: HttpRequest, action: Action, user: User, held: Any, concerned: set[int]
) -> tuple[Person | None, bool]:
    """The child that the form is about, the record's own or the one whose page it was opened on; and whether the user names them unseen."""
    if isinstance(held, Person):
        return held, False
    if held is not None:
        return (Person.objects.get(pk=min(concerned)) if len(concerned) == 1 else None), False
    given = whole_number(request.GET.get("person", ""))
    if given is None:
        return None, False
    if action.any_child and given in _nameable(user, action, [given])[1]:
        return Person.objects.get(pk=given), True
    return seen_person(user, given), False


def _nameable(user: User, action: Action, people: Iterable[int]) -> tuple[set[int], set[int]]:
    """Of these people those whom the user sees, and those whom they may name unseen in an act that opens the door."""
    wanted = list(people)
    seen = visible(user, Person, wanted)
    unseen = [id for id in wanted if id not in seen]
    if action.any_child:
        return seen, may_name(user, unseen) if unseen else set()
    return seen, registered_by(user, unseen) if action.newcomers else set()


def _numbers(text: str) -> list[int]:
    numbers = (whole_number(part) for part in text.split(","))
    return [number for number in numbers if number is not None][:20]


def _draft(request: HttpRequest, asked: Asked) -> Any:
    user = user_of(request)
    parked = drafts.claim(user, request.GET.get("parked", ""), asked.key)
    return parked or drafts.held(user, asked.key)


def _sent(request: HttpRequest, asked: Asked) -> HttpResponse:
    """What comes of a form that was sent: done once, however often the same is sent."""
    user, content = user_of(request), _content(request.POST)
    mark = repeats.mark_of(content, _files(request))
    if not repeats.led_to(user, mark):
        try:
            return _tried(request, asked, content, mark)
        except IntegrityError:
            # The same form may have come twice at a time, and the other was done first.
            if not repeats.led_to(user, mark):
                raise
    messages.info(request, "This form was saved already, just as it is. It was not saved a second time.")
    return HttpResponseRedirect(repeats.led_to(user, mark))


def _files(request: HttpRequest) -> list[tuple[str, int]]:
    """Name and size of each file that came with a form."""
    sent = (each for name in request.FILES for each in request.FILES.getlist(name))
    return [(each.name or "", each.size or 0) for each in sent if isinstance(each, UploadedFile)]


def _tried(request: HttpRequest, asked: Asked, content: dict[str, list[str]], mark: str) -> HttpResponse:
    given = _one_each(content)
    received, faults = _received(request, asked.action)
    given |= received
    if (added := given.get("add", "")) and f"{added}.number" in given:
        asked, given, faults = _with_another(asked, given, added, faults)
    form = forms.sent(asked.action, asked.context, given, add=added)
    if added or faults:
        form = forms.with_faults(form, faults, {})
        return _page(request, asked, form, seen=given.get(SEEN), status=422 if faults else 200)
    values, places = form.values()
    user, record = user_of(request), asked.context.record

    def saved() -> Done:
        done = perform(asked.action, by=user, because=form.why, values=values, record=record, seen=_seen(given, asked))
        drafts.discard(user, asked.key)
        repeats.keep(user, mark, _after(user, asked, done))
        return done

    try:
        # Within a transaction of its own: a refusal undoes it and leaves the rest of the request as it was.
        done, warned = previewed(saved, user, request.POST.get(ACCEPTED, ""))
    except Invalid as refusal:
        drafts.save(user, asked.key, content)
        return _page(request, asked, forms.with_faults(form, refusal.faults, places), seen=given.get(SEEN), status=422)
    except Conflict as conflict:
        drafts.save(user, asked.key, content)
        return _page(request, asked, form, conflict=conflict, status=409)
    except NotNow as refusal:
        return page(
            request,
            "casework/not_now.html",
            title=asked.action.title,
            why=refusal.what,
            back=asked.back,
            asked=asked,
            form=form,
            status=409,
        )
    except NotPermitted as refusal:
        raise PermissionDenied(refusal.what) from refusal
    if done is None:
        drafts.save(user, asked.key, content)
        return _page(request, asked, form, seen=given.get(SEEN), warned=warned, status=422)
    messages.success(request, _said(asked.action, done))
    return HttpResponseRedirect(_after(user, asked, done))


def _with_another(
    asked: Asked, given: dict[str, str], group: str, faults: list[Fault]
) -> tuple[Asked, dict[str, str], list[Fault]]:
    """The form with one person more, by the record number that was typed; else with what is wrong with the number."""
    number = whole_number(given[f"{group}.number"].strip().removeprefix("#"))
    more = asked.beside([*asked.context.beside, number or 0])
    if number not in (family := family_of(more.context)):
        wrong = (
            "There is no such record, or you may not add it. Search for the person to find the number of their record."
        )
        return asked, given, [*faults, Fault(group, wrong)]
    alone = {each.name for each in asked.action.inputs}
    chosen = group if group in alone else f"{group}.{family.index(number)}.take"
    return more, given | {chosen: str(number)}, faults


def _received(request: HttpRequest, action: Action) -> tuple[dict[str, str], list[Fault]]:
    """Files that came with the form, kept under names of their own, and what is wrong with those that were not taken."""
    names: dict[str, str] = {}
    faults: list[Fault] = []
    for each in action.inputs:
        sent = request.FILES.get(f"{each.name}-file")
        if each.field == KEPT_FILE and isinstance(sent, UploadedFile):
            try:
                names[each.name] = files.keep(sent.chunks()).stored_as
            except InputProblem as problem:
                faults.append(Fault(each.name, str(capfirst(f"{problem.what}. {capfirst(problem.next)}."))))
    return names, faults


def _seen(given: Mapping[str, str], asked: Asked) -> int | None:
    if not asked.action.amends:
        return None
    seen = whole_number(given.get(SEEN, ""))
    return version(asked.context.record) if seen is None else seen


def _said(action: Action, done: Done) -> str:
    state = rules_of(type(done.record)).state(done.record)
    what = words.title_of(type(done.record))
    return f"{action.title}: done." + (f" {what} is now {state}." if state and action.amends else "")


def _after(user: User, asked: Asked, done: Done) -> str:
    """The page to go on with: the record's, the child's, or where the form came from, whichever the user may see."""
    record = done.record
    if isinstance(record, Person) and visible_rows(user, Person).filter(pk=record.pk).exists():
        return reverse("person", args=[record.pk])
    if isinstance(record, Record) and visible_rows(user, type(record)).filter(pk=record.pk).exists():
        return own_page(user, record) or reverse("record", args=[record._meta.db_table, record.pk])
    return asked.back


def _content(sent: QueryDict) -> dict[str, list[str]]:
    """What the form sent, without the token that only this session knows."""
    return {name: values for name, values in sent.lists() if name not in ("csrfmiddlewaretoken", ACCEPTED)}


def _one_each(content: Mapping[str, list[str]]) -> dict[str, str]:
    return {name: values[-1] for name, values in content.items() if values}


def _address(request: HttpRequest, name: str, action: str, record: int | None) -> str:
    kept = {key: value for key, value in request.GET.items() if key not in ("parked", "fresh")}
    return f"{reverse(name, args=[action, *([record] if record else [])])}{'?' + urlencode(kept) if kept else ''}"


def _page(
    request: HttpRequest,
    asked: Asked,
    form: Form,
    *,
    seen: str | None = None,
    draft: Any = None,
    conflict: Conflict | None = None,
    warned: Sequence[Warned] = (),
    status: int = 200,
) -> HttpResponse:
    action, context = asked.action, asked.context
    record = context.record
    if people := _concerned(context):
        audited_read(request, What.READ, action.id, people=people, records=_amended(asked))
    now = version(record) if record is not None and (seen is None or conflict) else seen
    return page(
        request,
        "casework/form.html",
        title=action.title,
        crumbs=_crumbs(asked),
        status=status,
        form=form,
        asked=asked,
        seen=now,
        once=secrets.token_urlsafe(12),
        draft=draft,
        conflict=conflict,
        warned=warned,
        accepts=BETWEEN.join(
            dict.fromkeys(
                (*filter(None, request.POST.get(ACCEPTED, "").split(BETWEEN)), *(each.code for each in warned))
            )
        ),
        versions=_versions(asked, conflict) if conflict else (),
        beside=beside(action.id, record) if record is not None else (),
        about=words.line(record) if record is not None and not isinstance(record, Person) else "",
        child=asked.child,
        beside_them=",".join(map(str, context.beside)),
        here=_address(request, "do", action.id, record.pk if record is not None else None),
        keep=_address(request, "draft-keep", action.id, record.pk if record is not None else None),
        discard=_address(request, "draft-discard", action.id, record.pk if record is not None else None),
        foresee=_address(request, "draft-foresee", action.id, record.pk if record is not None else None)
        if _foreseeable(action)
        else "",
    )


def _amended(asked: Asked) -> list[int]:
    return [asked.context.record.pk] if asked.context.record is not None else []


def _concerned(context: Context) -> set[int]:
    """Whom a form shows, the family whom it offers by name among them. Of somebody named unseen it shows nothing."""
    if context.record is not None:
        return people_of(context.record) | context.relatives
    return ({context.person.pk} - context.named if context.person is not None else set()) | context.relatives


def _versions(asked: Asked, conflict: Conflict) -> list[dict[str, str]]:
    """Each field whose versions differ, in all three, as it is read."""
    by_name = {each.name: each.definition for each in asked.action.inputs}
    found = [
        {
            "title": each.title,
            "seen": words.as_kept(by_name[each.field], each.seen),
            "theirs": words.as_kept(by_name[each.field], each.theirs),
            "yours": words.as_kept(by_name[each.field], getattr(each.yours, "pk", each.yours)),
        }
        for each in conflict.versions
    ]
    return [each for each in found if not each["seen"] == each["theirs"] == each["yours"]]


def _crumbs(asked: Asked) -> tuple[tuple[str, str], ...]:
    found = []
    context = asked.context
    opens = context.user.may(Permission.SEE_OWN_CHILDREN)
    if context.person is not None and opens and context.person.pk not in context.named:
        found.append((asked.child, reverse("person", args=[context.person.pk])))
    record = context.record
    if record is not None and not isinstance(record, Person):
        own = own_page(context.user, record)
        if own or opens:
            address = own or reverse("record", args=[record._meta.db_table, record.pk])
            found.append((words.title_of(type(record)), address))
    return tuple(found)


ADDRESSES = (
    path("do/<str:action>", do, name="do"),
    path("do/<str:action>/<int:record>", do, name="do"),
    path("drafts/<str:action>", keep, name="draft-keep"),
    path("drafts/<str:action>/<int:record>", keep, name="draft-keep"),
    path("drafts/<str:action>/foresee", foresee, name="draft-foresee"),
    path("drafts/<str:action>/<int:record>/foresee", foresee, name="draft-foresee"),
    path("drafts/<str:action>/discard", discard, name="draft-discard"),
    path("drafts/<str:action>/<int:record>/discard", discard, name="draft-discard"),
)
