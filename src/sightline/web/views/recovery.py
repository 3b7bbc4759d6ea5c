"""For administrators: who signs in, and a link for someone who lost a password or second factor."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from sightline.core.access import factors, sessions
from sightline.core.access.models import User
from sightline.core.access.recovery import LINK_LASTS, Kind, RecoveryRefused, make_token
from sightline.core.access.roles import ROLES, Permission
from sightline.web.doors import needs, user_of
from sightline.web.pages import page
from sightline.web.paging import whole_number
from sightline.web.sessions import recently_authenticated

_A_PAGE = 50
_CRUMBS = (("Help with signing in", "/recovery"),)


@needs(Permission.ADMINISTER)
@never_cache
@require_GET
@recently_authenticated
def people(request: HttpRequest) -> HttpResponse:
    """Finds someone who cannot sign in."""
    return _people(request)


def _people(request: HttpRequest, error: str = "") -> HttpResponse:
    asked = request.GET.get("name", "").strip()
    own = Authenticator.objects.filter(user=OuterRef("pk"), type__in=(factors.APP, factors.PASSKEY))
    found = User.objects.annotate(has_factor=Exists(own)).order_by("username")
    if asked:
        found = found.filter(
            Q(username__icontains=asked) | Q(first_name__icontains=asked) | Q(last_name__icontains=asked)
        )
    shown = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "account/recovery.html",
        title="Help with signing in",
        section="recovery",
        asked=asked,
        shown=shown,
        roles=ROLES,
        error=error,
    )


@needs(Permission.ADMINISTER)
@never_cache
@require_POST
@recently_authenticated
def link(request: HttpRequest) -> HttpResponse:
    """Makes a link and shows it once."""
    wanted, kind = request.POST.get("user", ""), request.POST.get("kind", "")
    user = User.objects.filter(pk=whole_number(wanted) or 0).first()
    if user is None or kind not in [*Kind]:
        return HttpResponseRedirect(reverse("recovery"))
    try:
        token = make_token(Kind(kind), user, user_of(request), sessions.where_from(request))
    except RecoveryRefused as refused:
        return _people(request, error=refused.what)
    address = request.build_absolute_uri(reverse("recover", args=(kind, user.pk, token)))
    return page(
        request,
        "account/recovery_link.html",
        title="A link to get back in",
        section="recovery",
        crumbs=_CRUMBS,
        person=user,
        kind=kind,
        address=address,
        minutes=int(LINK_LASTS.total_seconds() // 60),
    )


ADDRESSES = (
    path("recovery", people, name="recovery"),
    path("recovery/link", link, name="recovery-link"),
)
