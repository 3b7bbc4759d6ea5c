"""Likely duplicates, two records side by side before they are merged, and what a merge did, to be undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_GET, require_http_methods

from sightline.core.access.models import User
from sightline.core.access.roles import Permission
from sightline.core.access.standing import standing
from sightline.core.access.visibility import visible_rows
from sightline.core.audit.record import What
from sightline.core.finding.find import addresses, born, open_work
from sightline.core.finding.guards import are_apart, is_restricted
from sightline.core.finding.suspects import suspects
from sightline.core.people import merging
from sightline.core.people.models import (
    ContactPoint,
    Disability,
    Identifier,
    Merge,
    Person,
    PersonName,
    Relationship,
    Role,
)
from sightline.engine.actions.engine import Done, perform, version
from sightline.engine.actions.refusals import Refused
from sightline.standards.codes import codeset
from sightline.web.acting import acted
from sightline.web.doors import needs, user_of
from sightline.web.pages import page
from sightline.web.paging import whole_number
from sightline.web.reading import audited_read
from sightline.web.templating import in_words


@dataclass(frozen=True)
class Side:
    """One of two records, as it stands beside the other."""

    person: Any
    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Compared:
    """Two records side by side, line by line."""

    titles: tuple[str, ...]
    kept: Side
    gone: Side

    @property
    def lines(self) -> list[tuple[str, str, str, bool]]:
        """Title, what the kept record says, what the other says, and whether both say something and it differs."""
        both = zip(self.titles, self.kept.cells, self.gone.cells, strict=True)
        return [(title, one, other, bool(one and other and one != other)) for title, one, other in both]


@needs(Permission.MERGE)
@require_GET
def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs who may be one person, the likest first, and merges that wait for a second person."""
    user = user_of(request)
    found = suspects(user)
    waiting = visible_rows(user, Merge).filter(merged_at=None, withdrawn_at=None).order_by("id")
    shown = [person for one in found for person in (one.one, one.other)]
    people = [*shown, *(one.person_id for one in waiting)]
    audited_read(request, What.LIST, "duplicates", people=people)
    return page(
        request,
        "people/merge_suspects.html",
        title="Likely duplicates",
        section="search",
        crumbs=(("Find a person", reverse("search")),),
        suspects=found,
        waiting=waiting,
    )


@needs(Permission.MERGE)
@require_http_methods(["GET", "POST"])
def compare(request: HttpRequest, kept: int, gone: int) -> HttpResponse:
    """Two records side by side: what a merge would do, and the button that does it."""
    user = user_of(request)
    one, other = _pair(user, kept, gone)
    if request.method == "POST" and request.POST.get("two") == "1":
        return _done(
            request, "people.judge_two", {"person": kept, "other": gone}, reverse("duplicates"), "Kept as two people."
        )
    trial = merging.plan(one, other, user.get_username())
    fault = ""
    if request.method == "POST":
        reason = request.POST.get("reason", "").strip()
        values = {"person": kept, "gone": gone, "reason": reason}
        done, faults = acted(lambda: perform("people.merge", by=user, because=reason or "Merge", values=values))
        fault = " ".join(each.what for each in faults)
        if done is not None:
            words = "Merged." if done.record.merged_at else "Asked for. It waits for a second person."
            messages.success(request, words)
            return HttpResponseRedirect(reverse("merge", args=[done.record.pk]))
    audited_read(request, What.READ, "people.merge", people=[kept, gone])
    return page(
        request,
        "people/merge_compare.html",
        title="Two records of one person?",
        section="search",
        crumbs=(("Find a person", reverse("search")), ("Likely duplicates", reverse("duplicates"))),
        status=422 if fault else 200,
        compared=compared(user, one, other),
        trial=trial,
        moved=trial.counts(set_aside=False),
        aside=trial.counts(set_aside=True),
        two_people=is_restricted((kept, gone)),
        reason=request.POST.get("reason", ""),
        fault=fault,
        here=reverse("merge-compare", args=[kept, gone]),
    )


@needs(Permission.MERGE)
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, id: int) -> HttpResponse:
    """What a merge did; to confirm one that was asked for, to withdraw it, or to take the two apart again."""
    user = user_of(request)
    found = visible_rows(user, Merge).filter(pk=id).select_related("person", "gone").first()
    if found is None:
        raise Http404("There is no such merge, or you may not see it.")
    fault = ""
    if request.method == "POST":
        done, faults = acted(lambda: _perform_on(request, user, found))
        fault = " ".join(each.what for each in faults)
        if done is not None:
            messages.success(request, "Done.")
            return HttpResponseRedirect(reverse("merge", args=[id]))
    found.refresh_from_db()
    audited_read(request, What.READ, "people_merge", people=[found.person_id, found.gone_id], records=[id])
    moves = list(merging.merge_moves(found))
    shown = merging.Plan([merging.Moved(m.table_name, m.row_id, m.column_name, m.set_aside) for m in moves])
    state = _state(found)
    return page(
        request,
        "people/merge.html",
        title=f"Merge {id}",
        section="search",
        crumbs=(("Find a person", reverse("search")), ("Likely duplicates", reverse("duplicates"))),
        status=422 if fault else 200,
        merge=found,
        state=state,
        moved=shown.counts(set_aside=False),
        aside=shown.counts(set_aside=True),
        later=merging.written_since(found) if state == "merged" else [],
        seen=version(found),
        fault=fault,
        reason=request.POST.get("undone_reason", ""),
        mine=found.requested_by == user.get_username(),
    )


_ACTS = ("people.confirm_merge", "people.withdraw_merge", "people.unmerge")


def _perform_on(request: HttpRequest, user: User, found: Any) -> Done:
    act = request.POST.get("act", "")
    if act not in _ACTS:
        raise Http404("There is nothing of that name to do.")
    seen = request.POST.get("seen", "")
    number = whole_number(seen) or 0
    values = _unmerging(request) if act == "people.unmerge" else {}
    because = values.get("undone_reason") or found.reason
    return perform(act, by=user, because=because, values=values, record=found, seen=number)


def _unmerging(request: HttpRequest) -> dict[str, Any]:
    later = [given.partition("/") for given in request.POST.getlist("later")]
    return {
        "undone_reason": request.POST.get("undone_reason", "").strip(),
        "later": [{"table_name": table, "row_id": row} for table, _, row in later],
    }


def _state(found: Any) -> str:
    if found.undone_at:
        return "un-merged"
    if found.withdrawn_at:
        return "withdrawn"
    return "merged" if found.merged_at else "requested"


def _done(request: HttpRequest, action: str, values: dict[str, Any], to: str, words: str) -> HttpResponse:
    try:
        with transaction.atomic():
            perform(action, by=user_of(request), because="Looked through likely duplicates", values=values)
    except Refused as refusal:
        raise PermissionDenied(refusal.what) from refusal
    messages.success(request, words)
    return HttpResponseRedirect(to)


def _pair(user: User, kept: int, gone: int) -> tuple[Person, Person]:
    """The two people, both of whom the user sees. An adopted child's identities are never shown beside each other: as if one were not there."""
    held = {one.pk: one for one in visible_rows(user, Person).filter(pk__in=(kept, gone))}
    if len(held) != 2 or are_apart(kept, gone):
        raise Http404("There are no such two people, or you may not see both.")
    return held[kept], held[gone]


_TITLES = (
    *("Record number", "Names", "Born", "Sex", "Ethnicity", "Died", "Known as", "Numbers", "Lives at", "Reached by"),
    *("Related to", "Disabilities", "Open", "Recorded"),
)


def compared(user: User, kept: Any, gone: Any) -> Compared:
    """Two people side by side, as far as the user may see."""
    pair = (kept.pk, gone.pk)
    day = standing().day
    lives, is_open = addresses(user, pair, day), open_work(user, pair, day)
    names = _told(user, PersonName, pair, lambda one: f"{one.forename} {one.surname}".strip() + _kind(one))
    told = (
        _told(user, Role, pair, lambda one: codeset("person_role").display(one.role)),
        _told(user, Identifier, pair, lambda one: f"{codeset('identifier_scheme').display(one.scheme)} {one.value}"),
        _told(user, ContactPoint, pair, lambda one: one.value),
        _told(
            user,
            Relationship,
            pair,
            lambda one: f"{codeset('relationship').display(one.kind)} of record {one.other_id}",
        ),
        _told(user, Disability, pair, lambda one: codeset("disability").display(one.disability)),
    )
    sides = []
    for one in (kept, gone):
        roles, numbers, reached, related, disabilities = (each.get(one.pk, "") for each in told)
        cells = (
            str(one.pk),
            names.get(one.pk, ""),
            born(one.birth_date, one.expected_birth_date, day),
            codeset("sex").display(one.sex),
            codeset("ethnicity").display(one.ethnicity),
            in_words(one.death_date),
            *(roles, numbers, lives.get(one.pk, ""), reached, related, disabilities),
            "; ".join(is_open.get(one.pk, [])),
            f"{in_words(one.recorded_at.date())}, {one.source_system}",
        )
        sides.append(Side(one, names.get(one.pk, "").partition(";")[0] or "No name recorded", cells))
    return Compared(_TITLES, sides[0], sides[1])


def _kind(name: Any) -> str:
    return "" if name.kind == "legal" else f" ({codeset('name_kind').display(name.kind).lower()})"


def _told(user: User, model: Any, pair: Sequence[int], words: Callable[[Any], str]) -> dict[int, str]:
    """What the rows of one record type say of each of two people."""
    found: dict[int, list[str]] = {}
    for row in visible_rows(user, model).filter(person__in=pair).order_by("id"):
        found.setdefault(row.person_id, []).append(capfirst(words(row)))
    return {person: "; ".join(dict.fromkeys(each)) for person, each in found.items()}


ADDRESSES = (
    path("people/duplicates", duplicates, name="duplicates"),
    path("people/compare/<int:kept>/<int:gone>", compare, name="merge-compare"),
    path("people/merges/<int:id>", merge, name="merge"),
)
