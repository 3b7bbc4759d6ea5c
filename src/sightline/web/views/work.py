"""Knowing what is due: my work, my team's, the contact queue, the manager's board and its lists of drift, and the daily digest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sightline.core.access.models import User
from sightline.core.access.roles import PARTNERS, Permission
from sightline.core.access.standing import standing
from sightline.core.audit.record import What
from sightline.engine.actions.engine import may, perform
from sightline.engine.actions.refusals import Fault
from sightline.engine.return_issues import lists as return_issues
from sightline.engine.screens import words as said
from sightline.engine.work import alerts, board, drift, lists, scope
from sightline.engine.work.declarations import DriftList, drift_lists
from sightline.engine.work.lists import Doing, Filters, Item, WorkList, work_list
from sightline.engine.work.scope import Scope
from sightline.engine.work.words import TITLES, Status
from sightline.pathways.front_door import queues as queue
from sightline.web import paging
from sightline.web.acting import acted
from sightline.web.doors import needs, user_of
from sightline.web.downloads import as_csv
from sightline.web.marked import mark
from sightline.web.pages import page
from sightline.web.reading import audited_read
from sightline.web.sending import unread_of

PAGE = lists.PAGE


# --- Work lists ---


@needs(Permission.SEE_OWN_CHILDREN)
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What is due from the reader, and what waits for their decision."""
    user, day = user_of(request), standing().day
    inbox = board.inbox(user, day)
    _audit_inbox(request, inbox)
    whose = scope.own(user, day)
    issues = (
        return_issues.IssueList(whose, return_issues.Filters()).counts["open"]
        if user.may(Permission.ANSWER_ISSUES)
        else 0
    )
    more = _checks(request, user) if user.role in PARTNERS else {}
    return _list(request, whose, "work", "My work", inbox=inbox, unread=unread_of(user, day), issues=issues, **more)


def _checks(request: HttpRequest, user: User) -> dict[str, Any]:
    """What the reader's agency was asked and has not answered: how many, and the first page of them."""
    waiting = queue.to_answer(user)
    held = queue.checks(user, waiting[:PAGE])
    people = {id for one in held for id in one.people}
    audited_read(request, What.LIST, "checks asked of the agency", people=people, records=[one.id for one in held])
    return {"checks": held, "checks_total": waiting.count(), "checks_boundary": queue.ASKED}


@needs(Permission.MANAGE_TEAM)
@require_GET
def team(request: HttpRequest) -> HttpResponse:
    """What is due from the reader's teams."""
    return _list(request, scope.team(user_of(request), standing().day), "work-team", "My team's work")


@needs(Permission.SEE_OWN_CHILDREN)
@require_POST
def mine_file(request: HttpRequest) -> HttpResponse:
    """My work as a file."""
    return _list_file(request, scope.own(user_of(request), standing().day), "my-work")


@needs(Permission.MANAGE_TEAM)
@require_POST
def team_file(request: HttpRequest) -> HttpResponse:
    """My team's work as a file."""
    return _list_file(request, scope.team(user_of(request), standing().day), "team-work")


def _list(request: HttpRequest, whose: Scope, name: str, title: str, **more: Any) -> HttpResponse:
    chosen = _filters(request, whose)
    found = work_list(whose, chosen)
    leaf = paging.leaf(request, found.total, PAGE)
    held = found.page(leaf.first, leaf.end)
    _audit_items(request, What.LIST, name, held, page=leaf.number)
    return page(
        request,
        "work/list.html",
        title=title,
        section=name,
        crumbs=((title, reverse(name)),),
        name=name,
        found=found,
        chosen=chosen,
        leaf=leaf,
        rows=[(item, _do(item.doing, item.person), _explain(item)) for item in held],
        counts_of=[(status, TITLES[status], found.counts[status]) for status in Status],
        titles=TITLES,
        choices=_choices(found),
        workers=_workers(whose) if name == "work-team" else [],
        here=_here(chosen),
        without_status=_here(chosen, status=""),
        words_of_clock=said.of_clock,
        boundary=whose.boundary,
        day=whose.day,
        **more,
    )


def _list_file(request: HttpRequest, whose: Scope, name: str) -> HttpResponse:
    found = work_list(whose, _filters(request, whose))
    held = found.page()
    _audit_items(request, What.EXPORT, name, held)
    header = ("due", "when", "status", "what", "limit", "person", "name", "held by", "late reason", "record")
    rows = [
        (
            *(item.due or "", item.when, item.status_title, item.what, item.detail, item.person or "", item.name),
            *("; ".join(filter(None, item.holders)), item.reason, f"{item.table} {item.record}"),
        )
        for item in held
    ]
    return _marked_csv(request, name, header, rows)


def _filters(request: HttpRequest, whose: Scope) -> Filters:
    """How the address narrows the list. Raises Http404 for a status that there is not."""
    given = {name: request.GET.get(name, "").strip()[:60] for name in ("status", "process", "clock", "stream")}
    if given["status"] and given["status"] not in list(Status):
        raise Http404("There is no such status.")
    worker = request.GET.get("worker", "")
    number = paging.whole_number(worker)
    return Filters(**given, worker=number if whose.teams else None)


def _here(chosen: Filters, **other: str) -> str:
    given = {name: getattr(chosen, name) for name in ("status", "process", "clock", "stream", "worker")} | other
    return urlencode({name: value for name, value in given.items() if value})


def _choices(found: WorkList) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """What can be chosen besides the status: (name, label, [(value, text)])."""
    return [
        ("process", "Process", [(one, one[:1].upper() + one[1:]) for one in found.processes]),
        ("clock", "Clock", [(one, one) for one in found.clocks]),
        ("stream", "Stream", [(one, one.replace("_", " ").capitalize()) for one in found.streams]),
    ]


def _workers(whose: Scope) -> list[tuple[int, str]]:
    found = {one.id: one.name for held in whose.holders.values() for one in held if one is not None}
    return sorted(found.items(), key=lambda each: each[1])


def _do(doing: Doing | None, person: int | None) -> tuple[str, str] | None:
    """The form that would stop a clock, and its title."""
    if doing is None:
        return None
    if not doing.new:
        return reverse("do", args=[doing.action, doing.record]), doing.title
    asked = ({"person": person} if person else {}) | ({doing.link: doing.record} if doing.link else {})
    return f"{reverse('do', args=[doing.action])}?{urlencode(asked)}", doing.title


def _explain(item: Item) -> str:
    return f"{reverse('do', args=['deadlines.explain'])}?{urlencode(item.late)}" if item.late else ""


def _audit_inbox(request: HttpRequest, inbox: Iterable[board.Waiting]) -> None:
    """What waits, where anything does: it names children, too."""
    shown = [row for waiting in inbox for row in waiting.rows]
    if shown:
        people = {person for row in shown for person in row.people}
        audited_read(request, What.LIST, "inbox", people=people, records=[row.id for row in shown])


def _audit_items(request: HttpRequest, what: What, about: str, held: Sequence[Item], **more: Any) -> None:
    people = [item.person for item in held if item.person]
    audited_read(request, what, about, people=people, records=[item.record for item in held], **more)


def _marked_csv(request: HttpRequest, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A file whose first line says who took it and when."""
    answer = as_csv(name, (mark(user_of(request)),), (tuple(header), *rows))
    answer["Cache-Control"] = "no-store"
    return answer


# --- The contact queue ---


@needs(Permission.RECORD_CONTACT)
@require_GET
def contacts(request: HttpRequest) -> HttpResponse:
    """Contacts that wait for a decision, the most urgent and the longest waiting first."""
    user = user_of(request)
    waiting = queue.undecided(user)
    leaf = paging.leaf(request, waiting.count(), PAGE)
    held = queue.lines(user, waiting[leaf.first : leaf.end])
    unsent = queue.feedback_unsent(user)
    told = queue.lines(user, unsent[:PAGE])
    _audit_contacts(request, What.LIST, (*held, *told))
    return page(
        request,
        "work/contacts.html",
        title="Contact queue",
        section="work",
        crumbs=(("My work", reverse("work")),),
        held=held,
        told=told,
        unsent=unsent.count(),
        leaf=leaf,
        here="",
        boundary=queue.BOUNDARY,
        unsent_boundary=queue.UNSENT,
        decides=may("front_door.decide_contacts", by=user),
        tells=may("front_door.send_feedback", by=user),
    )


@needs(Permission.RECORD_CONTACT)
@require_POST
def contacts_file(request: HttpRequest) -> HttpResponse:
    """The queue as a file."""
    user = user_of(request)
    held = queue.lines(user, queue.undecided(user))
    _audit_contacts(request, What.EXPORT, held)
    header = ("contact", "priority", "received", "waiting", "source", "children")
    rows = [(one.id, one.priority, one.received, one.waiting, one.source, "; ".join(one.names)) for one in held]
    return _marked_csv(request, "contact-queue", header, rows)


def _audit_contacts(request: HttpRequest, what: What, held: Iterable[queue.Line]) -> None:
    shown = list(held)
    people = {id for one in shown for id in one.people}
    audited_read(request, what, "contact queue", people=people, records=[one.id for one in shown])


# --- The manager's board ---


@needs(Permission.MANAGE_TEAM)
@require_GET
def manager(request: HttpRequest) -> HttpResponse:
    """What nobody holds, what each worker holds, what waits for a decision, and what drifts."""
    user, day = user_of(request), standing().day
    shown = board.unallocated(user, day, PAGE)
    kinds, loads = board.caseloads(user, day)
    inbox = board.inbox(user, day)
    audited_read(request, What.LIST, "manager's board", people=[one.person for one in shown])
    _audit_inbox(request, inbox)
    return page(
        request,
        "work/board.html",
        title="Manager's board",
        section="work-team",
        crumbs=(("My team's work", reverse("work-team")),),
        nobody=shown,
        nobody_total=board.unallocated_count(user, day),
        kinds=kinds,
        loads=loads,
        inbox=inbox,
        drift=[(which, drift.rows(user, which, day).count()) for which in drift_lists().values()],
        boundaries={"unallocated": board.UNALLOCATED, "caseloads": board.CASELOADS, "inbox": board.INBOX},
        allocates=may("cases.allocate", by=user),
        day=day,
    )


@needs(Permission.MANAGE_TEAM)
@require_GET
def drift_page(request: HttpRequest, id: str) -> HttpResponse:
    """One list of drift, with its rule, and what has become of those listed when it was last issued."""
    return _drift(request, _which(id))


def _drift(request: HttpRequest, which: DriftList, faults: Sequence[Fault] = ()) -> HttpResponse:
    user, day = user_of(request), standing().day
    found = drift.rows(user, which, day)
    leaf = paging.leaf(request, found.count(), PAGE)
    held = drift.lines(user, which, found[leaf.first : leaf.end], day)
    told = drift.outcomes(user, which, day)
    _audit_lines(request, What.LIST, which, held, page=leaf.number)
    return page(
        request,
        "work/drift.html",
        title=which.title,
        section="work-team",
        crumbs=(("Manager's board", reverse("work-board")),),
        which=which,
        rows=[(line, _do(line.doing, line.person)) for line in held],
        leaf=leaf,
        here="",
        told=told,
        next_issue=drift.next_issue(which, told),
        agrees=bool(which.effect and which.effect.agreed),
        day=day,
        faults=faults,
        status=422 if faults else 200,
    )


@needs(Permission.MANAGE_TEAM)
@require_POST
def drift_file(request: HttpRequest, id: str) -> HttpResponse:
    """A list of drift as a file, its rule in the second line."""
    which, user, day = _which(id), user_of(request), standing().day
    held = drift.lines(user, which, drift.rows(user, which, day), day)
    _audit_lines(request, What.EXPORT, which, held)
    header = ("person", "name", "held by", which.heading.lower(), "about", "last review", "record")
    rows = [
        (
            *(line.person, line.name, "; ".join(line.holders), line.since, line.about),
            *(line.review.day if line.review else "", f"{line.table} {line.record}"),
        )
        for line in held
    ]
    return _marked_csv(request, which.id, (which.boundary,), (header, *rows))


@needs(Permission.MANAGE_TEAM)
@require_POST
def drift_issue(request: HttpRequest, id: str) -> HttpResponse:
    """Issue a list: what stands on it now is kept, so that its effect can be told."""
    which = _which(id)
    if which.effect is None:
        raise Http404("This list is not issued.")
    by, values = user_of(request), {"drift_list": which.id}
    done, faults = acted(lambda: perform("work.issue_list", by=by, because="issued", values=values))
    if done is None:
        return _drift(request, which, faults)
    count = len(done.written) - 1
    messages.success(request, f"The list is issued, with {count} {'record' if count == 1 else 'records'}.")
    return HttpResponseRedirect(reverse("work-drift", args=[which.id]))


def _which(id: str) -> DriftList:
    found = drift_lists().get(id)
    if found is None:
        raise Http404("There is no such list.")
    return found


def _audit_lines(request: HttpRequest, what: What, which: DriftList, held: Sequence[drift.Line], **more: Any) -> None:
    people = [line.person for line in held]
    audited_read(request, what, f"list {which.id}", people=people, records=[line.record for line in held], **more)


# --- The daily digest ---


@needs(Permission.SEE_OWN_CHILDREN)
@require_http_methods(["GET", "POST"])
def digest(request: HttpRequest) -> HttpResponse:
    """Whether the reader wants the daily digest by e-mail."""
    user: User = user_of(request)
    if request.method == "POST":
        wanted = request.POST.get("wanted") == "yes"
        alerts.choose(user, wanted)
        messages.success(request, "You get the daily digest." if wanted else "You get no digest.")
        return HttpResponseRedirect(reverse("work-digest"))
    return page(
        request,
        "work/digest.html",
        title="Daily digest by e-mail",
        crumbs=(("My work", reverse("work")),),
        wanted=alerts.wanted(user),
        sent=alerts.are_sent(),
        address=user.email,
        told=alerts.words(alerts.figures(user, standing().day)),
    )


def today_of(user: User, day: date) -> dict[str, Any]:
    """The part of the first page that says what is due: counts, the next five, and who is shown."""
    found = work_list(scope.own(user, day))
    held = found.page(0, 5)
    return {
        "counts": [(status, TITLES[status], found.counts[status]) for status in Status],
        "rows": [(item, _do(item.doing, item.person), _explain(item)) for item in held],
        "items": held,
        "boundary": found.scope.boundary,
    }


ADDRESSES = (
    path("work", mine, name="work"),
    path("work/csv", mine_file, name="work-csv"),
    path("work/team", team, name="work-team"),
    path("work/team/csv", team_file, name="work-team-csv"),
    path("work/contacts", contacts, name="work-contacts"),
    path("work/contacts/csv", contacts_file, name="work-contacts-csv"),
    path("work/board", manager, name="work-board"),
    path("work/lists/<str:id>", drift_page, name="work-drift"),
    path("work/lists/<str:id>/csv", drift_file, name="work-drift-csv"),
    path("work/lists/<str:id>/issue", drift_issue, name="work-drift-issue"),
    path("work/digest", digest, name="work-digest"),
)
