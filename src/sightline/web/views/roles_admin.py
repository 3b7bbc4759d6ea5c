"""Which user has which role, and is which worker: changed by an administrator, never one's own, and audited."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from sightline.core.access import accounts
from sightline.core.access.models import User
from sightline.core.access.roles import ROLES, Permission
from sightline.core.audit.record import What, note
from sightline.core.organisations.models import Worker
from sightline.core.partners.models import Client
from sightline.web.doors import needs, user_of
from sightline.web.pages import page
from sightline.web.paging import whole_number
from sightline.web.sessions import recently_authenticated

_LIST = "Users and roles"


@needs(Permission.ADMINISTER)
@require_GET
def user_list(request: HttpRequest) -> HttpResponse:
    """Every user with role and worker; the systems of partner agencies, which sign in by the API alone, apart from the people."""
    users = list(User.objects.select_related("worker__agency").order_by("username"))
    systems = list(Client.objects.select_related("agency", "user").order_by("agency__name", "name"))
    of_systems = {one.user_id for one in systems}
    note(user_of(request).username, What.LIST, "users", records=[each.pk for each in users])
    return page(
        request,
        "restrictions/users.html",
        title=_LIST,
        section="user-list",
        users=[(each, _role(each)) for each in users if each.pk not in of_systems],
        systems=systems,
        own=user_of(request).pk,
    )


def _role(user: User) -> str:
    return ROLES[user.role].name if user.role in ROLES else user.role


@needs(Permission.ADMINISTER)
@recently_authenticated
@require_http_methods(["GET", "POST"])
def user_role(request: HttpRequest, id: int) -> HttpResponse:
    """One user's role and worker."""
    user = user_of(request)
    found = User.objects.select_for_update().filter(pk=id).first()
    if found is None or Client.objects.filter(user=found).exists():
        raise Http404("There is no such user.")
    typed = {"role": found.role, "worker": str(found.worker_id or ""), "because": ""}
    faults: dict[str, str] = {}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "").strip() for name in typed}
        faults = _faults(user, found, typed)
        if not faults:
            _change(user, found, typed)
            messages.success(request, f"{found.username} is now: {ROLES[found.role].name}.")
            return HttpResponseRedirect(reverse("user-list"))
    return page(
        request,
        "restrictions/user_role.html",
        title=f"Role of {found.username}",
        section="user-list",
        crumbs=((_LIST, reverse("user-list")),),
        found=found,
        own=found.pk == user.pk,
        roles=list(ROLES.values()),
        workers=list(Worker.objects.select_related("agency").order_by("name", "id")),
        typed=typed,
        faults=faults,
        status=400 if faults else 200,
    )


def _faults(user: User, found: User, typed: dict[str, str]) -> dict[str, str]:
    faults = {}
    if found.pk == user.pk:
        faults["role"] = "Your own role is changed by another administrator."
    elif typed["role"] not in ROLES:
        faults["role"] = "Choose a role."
    if typed["worker"] and not Worker.objects.filter(pk=whole_number(typed["worker"]) or 0).exists():
        faults["worker"] = "There is no such worker."
    if not typed["because"]:
        faults["because"] = "Say why."
    return faults


def _change(user: User, found: User, typed: dict[str, str]) -> None:
    """Changes what differs. Each change ends the person's sessions, and is audited with the reason."""
    old = {"role": found.role, "worker": found.worker_id}
    worker = Worker.objects.filter(pk=typed["worker"]).first() if typed["worker"] else None
    if typed["role"] != found.role:
        accounts.change_role(found, typed["role"], user)
    if (worker.pk if worker else None) != found.worker_id:
        accounts.tie_to_worker(found, worker, user)
    new = {"role": found.role, "worker": found.worker_id}
    note(user.username, What.USER_CHANGED, found.username, purpose=typed["because"], old=old, new=new)


ADDRESSES = (
    path("administration/users", user_list, name="user-list"),
    path("administration/users/<int:id>", user_role, name="user-role"),
)
