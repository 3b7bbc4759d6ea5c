"""Issues of returns: one's own, one's team's, and the page of one, from which it is mended or answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from sightline.core.access.models import User
from sightline.core.access.roles import Permission
from sightline.core.access.standing import standing
from sightline.core.access.visibility import model_of, visible_rows
from sightline.core.audit.record import What
from sightline.core.people.models import Person
from sightline.engine.exchange.rules.registry import returns
from sightline.engine.return_issues.checking import check_children
from sightline.engine.return_issues.collections import collection
from sightline.engine.return_issues.lists import PAGE, STATES, Filters, IssueList, Line, rule_of
from sightline.engine.return_issues.models import Issue, IssueNote
from sightline.engine.screens import offers, words
from sightline.engine.work import scope
from sightline.engine.work.scope import Scope, holder_names
from sightline.web import paging
from sightline.web.doors import needs, user_of
from sightline.web.downloads import as_csv
from sightline.web.marked import mark
from sightline.web.pages import page
from sightline.web.reading import audited_read

TITLE, TEAM = "Issues of returns", "My team's issues of returns"
MINE = "return-issues"


@needs(Permission.ANSWER_ISSUES)
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """The issues of the reader's own children; for those who hold no cases, of every child whom they may see."""
    return _list(request, scope.own(user_of(request), standing().day), MINE, TITLE)


@needs(Permission.MANAGE_TEAM)
@require_GET
def team(request: HttpRequest) -> HttpResponse:
    """The issues of the children of the reader's teams."""
    return _list(request, scope.team(user_of(request), standing().day), f"{MINE}-team", TEAM)


def _list(request: HttpRequest, whose: Scope, name: str, title: str) -> HttpResponse:
    found = IssueList(whose, _chosen(request))
    leaf = paging.leaf(request, found.rows.count(), PAGE)
    lines = found.lines(leaf.first, leaf.end)
    _audit(request, name, lines, leaf.number)
    return page(
        request,
        "returns/issues.html",
        title=title,
        section=name,
        name=name,
        lines=lines,
        leaf=leaf,
        chosen=found.chosen,
        counts=found.counts,
        states=STATES,
        collections=[(one, called(one)) for one in found.collections()],
        rules=found.rules(),
        called=called,
        here=_here(found.chosen),
        holds=whose.people is not None,
        day=whose.day,
    )


@needs(Permission.ANSWER_ISSUES)
@require_POST
def mine_file(request: HttpRequest) -> HttpResponse:
    """The issues of the reader's own children as a file."""
    return _file(request, scope.own(user_of(request), standing().day), MINE)


@needs(Permission.MANAGE_TEAM)
@require_POST
def team_file(request: HttpRequest) -> HttpResponse:
    """The issues of the reader's teams as a file."""
    return _file(request, scope.team(user_of(request), standing().day), f"{MINE}-team")


def _file(request: HttpRequest, whose: Scope, name: str) -> HttpResponse:
    """A list as a file whose first line says who took it and when."""
    found = IssueList(whose, _chosen(request))
    lines = found.lines(0, found.rows.count())
    people = {line.issue.person_id for line in lines}
    audited_read(request, What.EXPORT, name, people=people, records=[line.issue.pk for line in lines])
    header = (
        "return",
        "year",
        "rule",
        "message",
        "person",
        "name",
        "table",
        "fields",
        "state",
        "held by",
        "first found",
    )
    rows = [
        (
            *(
                line.issue.return_name,
                line.issue.year,
                line.issue.rule,
                line.listed.message,
                line.issue.person_id,
                line.name,
            ),
            *(line.issue.table, line.issue.fields, line.state, "; ".join(line.holders), line.issue.first_found.date()),
        )
        for line in lines
    ]
    answer = as_csv(name, (mark(user_of(request)),), (header, *rows))
    answer["Cache-Control"] = "no-store"
    return answer


def _chosen(request: HttpRequest) -> Filters:
    """How the address narrows the list. Raises Http404 for a state that there is not."""
    given = {name: request.GET.get(name, "").strip()[:60] for name in ("collection", "rule", "state")}
    if given["state"] and given["state"] not in STATES:
        raise Http404("There is no such state.")
    return Filters(**given)


def _here(chosen: Filters) -> str:
    given = {name: getattr(chosen, name) for name in ("collection", "rule", "state")}
    return urlencode({name: value for name, value in given.items() if value})


def called(one: str) -> str:
    """A return and its year in words: `cin 2025-26` is the children in need census 2025-26."""
    name, _, year = one.partition(" ")
    return f"{returns()[name].title} {year}" if name in returns() else one


def _audit(request: HttpRequest, name: str, lines: Sequence[Line], number: int) -> None:
    people = {line.issue.person_id for line in lines}
    audited_read(request, What.LIST, name, people=people, records=[line.issue.pk for line in lines], page=number)


@needs(Permission.ANSWER_ISSUES)
@require_GET
def issue(request: HttpRequest, id: int) -> HttpResponse:
    """One issue: what the Department says, what to look at, where it is mended, and what was answered. It is checked again first."""
    user = user_of(request)
    found = _seen(user, id)
    if found.resolved_at is None:
        check_children(collection(found.return_name, found.year), [found.person_id], user, [found.rule])
        found = _seen(user, id)
    child = visible_rows(user, Person, about=[found.person_id]).filter(pk=found.person_id).first()
    audited_read(request, What.READ, Issue._meta.db_table, people=[found.person_id], records=[id])
    record = _record(user, found)
    opens = user.may(Permission.SEE_OWN_CHILDREN)
    others = visible_rows(user, Issue, about=[found.person_id]).filter(person=found.person_id, resolved_at=None)
    return page(
        request,
        "returns/issue.html",
        title=f"Rule {found.rule}",
        section=MINE,
        crumbs=((TITLE, reverse(MINE)),),
        issue=found,
        listed=rule_of(found),
        collection=called(f"{found.return_name} {found.year}"),
        state=words.state(found),
        last=found.last.at if hasattr(found, "last") else found.first_found,
        child=child if opens else None,
        child_name=words.called(child) if child is not None else f"Person {found.person_id}",
        holders=holder_names([found.person_id], standing().day).get(found.person_id, ()),
        record=record,
        record_address=_address(record) if record is not None and opens else "",
        record_line=words.choice(record) if record is not None else "",
        cells=words.cells(record) if record is not None else [],
        # What is amiss is corrected more often than carried on, so corrections come first here.
        mends=offers.for_a_record(record, user)[::-1] if record is not None else [],
        adds=offers.next_to(record, user) if record is not None and not isinstance(record, Person) else [],
        answers=offers.for_a_record(found, user),
        notes=list(visible_rows(user, IssueNote, about=[found.person_id]).filter(issue=found).order_by("-id")),
        others=[(one, rule_of(one)) for one in others.exclude(pk=id).order_by("rule", "pk")[:PAGE]],
    )


@needs(Permission.ANSWER_ISSUES)
@require_POST
def check(request: HttpRequest, id: int) -> HttpResponse:
    """Checks the child of an issue again, by every rule of the return."""
    user = user_of(request)
    found = _seen(user, id)
    done = check_children(collection(found.return_name, found.year), [found.person_id], user)
    messages.success(
        request, f"Checked: {done.new} new, {done.still} found still, {done.resolved} resolved for this child."
    )
    return HttpResponseRedirect(reverse("return-issue", args=[id]))


def _seen(user: User, id: int) -> Issue:
    """The issue, if the user may see it; else there is no such page."""
    found = visible_rows(user, Issue).select_related("last").filter(pk=id).first()
    if not isinstance(found, Issue):
        raise Http404("There is no such issue, or you may not see it.")
    return found


def _record(user: User, found: Issue) -> Any:
    """The record that an issue stems from, if it is there still and the user may see it."""
    seen = visible_rows(user, model_of(found.record_table), about=[found.person_id])
    return seen.filter(pk=found.record_id).first()


def _address(record: Any) -> str:
    if isinstance(record, Person):
        return reverse("person", args=[record.pk])
    return reverse("record", args=[record._meta.db_table, record.pk])


ADDRESSES = (
    path("returns/issues/csv", mine_file, name=f"{MINE}-csv"),
    path("returns/issues/team/csv", team_file, name=f"{MINE}-team-csv"),
    path("returns/issues", mine, name=MINE),
    path("returns/issues/team", team, name=f"{MINE}-team"),
    path("returns/issues/<int:id>", issue, name="return-issue"),
    path("returns/issues/<int:id>/check", check, name="return-issue-check"),
)
