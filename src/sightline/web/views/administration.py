"""What an administrator keeps: agencies, teams, workers, settings, and the systems of partner agencies. None of it shows a child."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from sightline.core.access.roles import Permission
from sightline.core.audit.record import What, note
from sightline.core.errors import InputProblem
from sightline.core.options.declared import OPTIONS, choose, chosen
from sightline.core.organisations.models import Organisation, Team, TeamMembership, Worker
from sightline.core.partners.clients import OVERLAP, SCOPES, new_secret, revoke
from sightline.core.partners.models import Client
from sightline.core.records import fields as f
from sightline.engine.actions.belonging import said
from sightline.engine.actions.declarations import Action, Input, actions
from sightline.engine.actions.engine import perform, version
from sightline.engine.administration import save_agency
from sightline.engine.clients import new_client
from sightline.standards.codes import codeset
from sightline.web.administering import (
    BECAUSE,
    SECTION,
    TITLE,
    Form,
    Question,
    crumbs,
    form_of,
    form_page,
    tried,
    would_be_done,
)
from sightline.web.doors import needs, user_of
from sightline.web.pages import page
from sightline.web.paging import whole_number
from sightline.web.sessions import recently_authenticated

_ORGANISATIONS = "organisations"
#: What ends something, and is asked once more.
_ENDS = frozenset({"organisations.leave_team", "organisations.close_team", "organisations.leave"})


@needs(Permission.ADMINISTER)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What there is to keep."""
    return page(request, "administration/index.html", title=TITLE, section=SECTION)


@needs(Permission.ADMINISTER)
@require_GET
def teams(request: HttpRequest) -> HttpResponse:
    """Every team, with who belongs to it now."""
    held: dict[int, list[TeamMembership]] = {}
    for member in TeamMembership.objects.filter(end_date=None).select_related("worker").order_by("worker__name", "id"):
        held.setdefault(member.team_id, []).append(member)
    found = Team.objects.select_related("agency").order_by("agency__name", "name", "id")
    note(user_of(request).get_username(), What.LIST, "teams", records=[each.pk for each in found])
    rows = [(each, codeset("service").display(each.service), held.get(each.pk, [])) for each in found]
    return page(request, "administration/teams.html", title="Teams", section=SECTION, crumbs=crumbs(), rows=rows)


@needs(Permission.ADMINISTER)
@require_GET
def workers(request: HttpRequest) -> HttpResponse:
    """Every worker."""
    found = Worker.objects.select_related("agency").order_by("name", "id")
    note(user_of(request).get_username(), What.LIST, "workers", records=[each.pk for each in found])
    rows = [(each, codeset("worker_job").display(each.job)) for each in found]
    return page(request, "administration/workers.html", title="Workers", section=SECTION, crumbs=crumbs(), rows=rows)


@needs(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def organise(request: HttpRequest, action: str, id: int = 0) -> HttpResponse:
    """One action on teams and workers, as a form."""
    chosen_action = actions().get(f"{_ORGANISATIONS}.{action.replace('-', '_')}")
    if chosen_action is None:
        raise Http404("There is no such action.")
    record = _record(chosen_action, id)
    questions = [_question(each) for each in chosen_action.inputs] + [BECAUSE]
    initial = {each.name: _shown(record, each) for each in chosen_action.inputs} if record else request.GET.dict()
    form = form_of(request, questions, initial)
    back = ("Workers", reverse("administration-workers"))
    if "team" in action:
        back = ("Teams", reverse("administration-teams"))

    def act() -> None:
        values = {name: value for name, value in form.typed.items() if name != "because"}
        seen = whole_number(request.POST.get("seen", "")) or 0
        because = form.typed["because"]
        perform(
            chosen_action,
            by=user_of(request),
            because=because,
            values=values,
            record=record,
            seen=seen if record else None,
        )

    step = request.POST.get("step", "")
    follows = _follows(record) if chosen_action.id in _ENDS else ()
    if request.method == "POST" and follows and step != "confirm":
        if step != "change" and would_be_done(request, form, act):
            return _once_more(request, chosen_action, record, form, follows, back)
    elif request.method == "POST" and tried(request, form, act):
        return HttpResponseRedirect(back[1])
    return page(
        request,
        "administration/form.html",
        title=chosen_action.title,
        section=SECTION,
        crumbs=crumbs(back),
        form=form,
        button=chosen_action.title,
        about=_called(record),
        seen=version(record) if record else 0,
        status=400 if form.faults else 200,
    )


def _follows(record: Any) -> tuple[str, ...]:
    """What ending it leads to, in sentences, for whoever does it to read before it is done."""
    if isinstance(record, TeamMembership):
        who, team = record.worker.name, record.team.name
        return (
            f"From that day on {who} does not belong to {team}, and sees none of its children because of it.",
            "Cases that are allocated to them stay theirs until somebody else has them.",
        )
    whose = {"team": record} if isinstance(record, Team) else {"worker": record}
    places = TeamMembership.objects.filter(end_date=None, **whose).count()
    ended = f"{places} {'place' if places == 1 else 'places'} in teams {'ends' if places == 1 else 'end'} with it."
    return (
        ended,
        "It cannot be opened again." if isinstance(record, Team) else "Whoever has left can be added to no team.",
    )


def _once_more(
    request: HttpRequest, action: Action, record: Any, form: Form, follows: tuple[str, ...], back: tuple[str, str]
) -> HttpResponse:
    """The page that asks once more before something ends. Nothing has been written."""
    return page(
        request,
        "administration/confirm.html",
        title=action.title,
        section=SECTION,
        crumbs=crumbs(back),
        form=form,
        about=_called(record),
        answers=[(each.title, _said(each, form.typed[each.name])) for each in form.questions],
        follows=follows,
        back=back,
        seen=request.POST.get("seen", ""),
    )


def _said(asked: Question, given: str) -> str:
    return said(date.fromisoformat(given)) if asked.kind == "day" else given


def _record(action: Action, id: int) -> Any:
    """The record that an action amends; none for an action that writes a new one."""
    if not action.amends:
        if id:
            raise Http404("This action is about no record that is there.")
        return None
    model = {"Team": Team, "Worker": Worker, "TeamMembership": TeamMembership}[action.model.partition(".")[2]]
    found = model._default_manager.filter(pk=id).first()
    if found is None:
        raise Http404("There is no such record.")
    return found


def _called(record: Any) -> str:
    if isinstance(record, TeamMembership):
        return f"{record.worker.name}, {record.team.name}"
    return str(record.name) if record is not None else ""


def _question(given: Input) -> Question:
    field = given.definition
    help = str(field.help_text)
    if isinstance(field, models.ForeignKey):
        return Question(given.name, given.title, "choice", help, tuple(_those_of(field.related_model)))
    if isinstance(field, f.Code) and field.codes:
        return Question(given.name, given.title, "choice", help, tuple(codeset(field.codes).choices()))
    return Question(given.name, given.title, "day" if isinstance(field, f.Date) else "line", help)


def _those_of(model: Any) -> list[tuple[str, str]]:
    """What a link can lead to: open teams, workers who have not left, agencies."""
    if model is Organisation:
        return [(str(each.pk), each.name) for each in Organisation.objects.order_by("name", "id")]
    still = {"closed_date": None} if model is Team else {"left_date": None}
    rows = model._default_manager.filter(**still).select_related("agency").order_by("name", "id")
    return [(str(each.pk), _told_apart(each)) for each in rows]


def _told_apart(found: Team | Worker) -> str:
    """A team or a worker with what tells them from others of the name."""
    job = f" ({codeset('worker_job').display(found.job).lower()})" if isinstance(found, Worker) else ""
    return f"{found.name}{job}, {found.agency.name}"


def _shown(record: Any, given: Input) -> str:
    value = getattr(record, given.definition.attname)
    return value.isoformat() if isinstance(value, date) else str(value or "")


@needs(Permission.ADMINISTER)
@require_GET
def agencies(request: HttpRequest) -> HttpResponse:
    """Every agency."""
    found = Organisation.objects.order_by("name", "id")
    rows = [(each, codeset("organisation_kind").display(each.kind)) for each in found]
    return page(request, "administration/agencies.html", title="Agencies", section=SECTION, crumbs=crumbs(), rows=rows)


@needs(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def agency(request: HttpRequest, id: int = 0) -> HttpResponse:
    """Add an agency, or change one."""
    found = Organisation.objects.filter(pk=id).first() if id else None
    if id and found is None:
        raise Http404("There is no such agency.")
    questions = (
        Question("name", "Name", "line"),
        Question("kind", "Kind", "choice", choices=tuple(codeset("organisation_kind").choices())),
        BECAUSE,
    )
    initial = {"name": found.name, "kind": found.kind} if found else {}
    form = form_of(request, questions, initial)
    by = user_of(request)
    if request.method == "POST" and tried(request, form, lambda: _done(save_agency(by, **form.typed, found=found))):
        return HttpResponseRedirect(reverse("administration-agencies"))
    title = f"Change {found.name}" if found else "Add an agency"
    return form_page(request, title, form, "Save", ("Agencies", reverse("administration-agencies")))


def _done(_made: object) -> None:
    """An act of which nothing is needed afterwards."""


@needs(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def options(request: HttpRequest) -> HttpResponse:
    """What is chosen for the whole installation. A change holds at once, in every server."""
    questions = [
        *(Question(each.id, each.title, "choice", each.help, each.values) for each in OPTIONS.values()),
        BECAUSE,
    ]
    now = {id: chosen(id) for id in OPTIONS}
    form = form_of(request, questions, now)

    def act() -> None:
        changed = [id for id in OPTIONS if form.typed[id] != now[id]]
        for id in changed:
            choose(id, form.typed[id], user_of(request), form.typed["because"])

    if request.method == "POST" and tried(request, form, act):
        return HttpResponseRedirect(reverse("administration-options"))
    return form_page(request, "Settings", form, "Save settings", (TITLE, reverse("administration")))


@needs(Permission.ADMINISTER)
@require_GET
def clients(request: HttpRequest) -> HttpResponse:
    """The systems of partner agencies that may call."""
    found = Client.objects.select_related("agency", "team").order_by("agency__name", "name")
    return page(
        request,
        "administration/clients.html",
        title="Systems of partner agencies",
        section=SECTION,
        crumbs=crumbs(),
        rows=found,
    )


@needs(Permission.ADMINISTER)
@recently_authenticated
@require_http_methods(["GET", "POST"])
def client_new(request: HttpRequest) -> HttpResponse:
    """Let a system in. Its secret is on the answer, and nowhere else."""
    questions = (
        Question("name", "Name of the system", "line"),
        Question("agency", "Agency", "choice", choices=_partners()),
        Question("team", "Team that handles the contacts it sends", "choice", choices=tuple(_those_of(Team))),
        Question(
            "source",
            "Source of the contacts it sends",
            "choice",
            choices=tuple(codeset("cin_referral_source").choices()),
        ),
        Question("scopes", "What it may do", "several", choices=tuple(SCOPES.items())),
        Question("expires_on", "Last day", "day", "Leave empty where no end is agreed."),
    )
    form = form_of(request, questions, {})
    made: list[tuple[Client, str]] = []
    if request.method == "POST" and tried(request, form, lambda: made.append(_made(request, form.typed))):
        return _secret(request, *made[0])
    return form_page(request, "Let in a system", form, "Let it in", ("Systems", reverse("administration-clients")))


def _partners() -> tuple[tuple[str, str], ...]:
    rows = Organisation.objects.exclude(kind="local_authority").order_by("name", "id")
    return tuple((str(each.pk), each.name) for each in rows)


def _made(request: HttpRequest, typed: dict[str, Any]) -> tuple[Client, str]:
    agency_id, team_id = typed["agency"], typed["team"]
    agency = Organisation.objects.filter(pk=whole_number(agency_id) or 0).first()
    team = Team.objects.filter(pk=team_id).select_related("agency").first() if team_id.isdecimal() else None
    if agency is None or team is None:
        raise InputProblem("Choose one of the list.", "agency" if agency is None else "team", "choose")
    try:
        last = date.fromisoformat(typed["expires_on"]) if typed["expires_on"] else None
    except ValueError as error:
        raise InputProblem("This is no day: give day, month and year.", "expires_on", "write it so") from error
    return new_client(
        user_of(request), name=typed["name"], agency=agency, team=team, source=typed["source"],
        scopes=typed["scopes"], expires_on=last,
    )  # fmt: skip


def _secret(request: HttpRequest, client: Client, secret: str) -> HttpResponse:
    answer = page(
        request,
        "administration/secret.html",
        title=f"Secret of {client.name}",
        section=SECTION,
        crumbs=crumbs(("Systems", reverse("administration-clients"))),
        client=client,
        secret=secret,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@needs(Permission.ADMINISTER)
@recently_authenticated
@require_http_methods(["GET", "POST"])
def client_secret(request: HttpRequest, id: int) -> HttpResponse:
    """Give a system a new secret; the old one holds on for some days, or not at all."""
    client = Client.objects.filter(pk=id, revoked_at=None).first()
    if client is None:
        raise Http404("There is no such system.")
    ways = (
        ("overlap", f"Hold on for {OVERLAP.days} days, while the system is changed over"),
        ("at_once", "End at once: it may have become known"),
    )
    questions = (Question("old", "The secret that it has now", "choice", choices=ways),)
    form = form_of(request, questions, {"old": "overlap"})
    if request.method == "POST":
        if form.typed["old"] in dict(ways):
            overlap = OVERLAP if form.typed["old"] == "overlap" else timedelta()
            return _secret(request, client, new_secret(client, user_of(request).get_username(), overlap))
        form.faults["old"] = "Choose one."
    return form_page(
        request, f"New secret for {client.name}", form, "Make a secret", ("Systems", reverse("administration-clients"))
    )


@needs(Permission.ADMINISTER)
@recently_authenticated
@require_http_methods(["GET", "POST"])
def client_revoke(request: HttpRequest, id: int) -> HttpResponse:
    """Let a system in no more, from this moment."""
    client = Client.objects.filter(pk=id, revoked_at=None).first()
    if client is None:
        raise Http404("There is no such system.")
    form = form_of(request, (BECAUSE,), {})
    if request.method == "POST":
        if form.typed["because"]:
            revoke(client, user_of(request).get_username(), form.typed["because"])
            messages.success(request, f"{client.name} is let in no more.")
            return HttpResponseRedirect(reverse("administration-clients"))
        form.faults["because"] = "Say why."
    return form_page(
        request,
        f"Let {client.name} in no more",
        form,
        "Let it in no more",
        ("Systems", reverse("administration-clients")),
    )


ADDRESSES = (
    path("administration", index, name="administration"),
    path("administration/teams", teams, name="administration-teams"),
    path("administration/workers", workers, name="administration-workers"),
    path("administration/organisations/<slug:action>", organise, name="administration-add"),
    path("administration/organisations/<slug:action>/<int:id>", organise, name="administration-change"),
    path("administration/agencies", agencies, name="administration-agencies"),
    path("administration/agencies/new", agency, name="administration-agency-new"),
    path("administration/agencies/<int:id>", agency, name="administration-agency"),
    path("administration/options", options, name="administration-options"),
    path("administration/systems", clients, name="administration-clients"),
    path("administration/systems/new", client_new, name="administration-client-new"),
    path("administration/systems/<int:id>/secret", client_secret, name="administration-client-secret"),
    path("administration/systems/<int:id>/revoke", client_revoke, name="administration-client-revoke"),
)
