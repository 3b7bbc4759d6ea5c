"""The rule of visibility, put together from what the apps declare: whom a user sees, from whom they are barred, and which rows that shows.

`visibility` asks it, by way of the texts that `prepared` keeps. Whatever is said here of a user holds for everybody of the same standing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Model, Q
from django.db.models.expressions import RawSQL

from sightline.core.access.models import User
from sightline.core.access.queries import any_of, but_not, everybody_but, within
from sightline.core.access.reasons import declared_bars, reasons_of
from sightline.core.access.roles import Permission
from sightline.core.access.rules import ByPerson, Rule, person_links, rule_for


@dataclass(frozen=True)
class Known:
    """What the rows of every record type are judged by: questions whose answers are ids of people."""

    #: Whom the user sees whole. Where a page is about certain people, those of them; and for a role that opens every list, those not barred.
    people: RawSQL
    #: From whom the user is barred.
    barred: RawSQL
    #: Where a page is about certain people only: who they are.
    about: RawSQL | None = None


def barred(user: User, day: date) -> RawSQL:
    """The people from whom the user is barred."""
    return any_of(bar.people(user, day) for bar in declared_bars())


def with_a_reason(user: User, day: date) -> RawSQL:
    """The people for whose whole record the user has a reason, barred or not."""
    return any_of(reason.people(user, day) for reason in reasons_of(user) if reason.whole(user))


def condition(model: type[Model], user: User, day: date, known: Known) -> Q:
    """The rows of a record type that follows children, for a user who sees children."""
    rule = rule_for(model)
    if user.may(Permission.SEE_ALL_CHILDREN):
        found = _of_everybody(rule, known)
    elif user.may(Permission.SEE_OWN_CHILDREN):
        found = _of_own(rule, model, user, day, known)
    else:
        return Q(pk__in=[])
    for link in person_links(model):
        found &= ~Q(**{f"{link}__in": known.barred})
    return found


def _of_everybody(rule: Rule, known: Known) -> Q:
    if known.about is not None:
        return rule.condition(known.people)
    if isinstance(rule, ByPerson):
        return ~Q(**{f"{rule.link}__in": known.barred})
    # A meeting about two children, one of them sealed, is seen by way of the other.
    return ~rule.condition(known.barred) | rule.condition(everybody_but(known.barred))


def _of_own(rule: Rule, model: type[Model], user: User, day: date, known: Known) -> Q:
    found, parts = rule.condition(known.people), []
    for reason in reasons_of(user):
        if (shown := reason.shown(user, day, model)) is not None:
            parts.append(shown)
        if reason.rows is not None and (one_by_one := reason.rows(user, day, model)) is not None:
            found |= one_by_one & _not_barred(rule, model, known)
    if parts:
        people = but_not(any_of(parts), known.barred)
        found |= rule.condition(people if known.about is None else within(people, known.about))
    return found


def _not_barred(rule: Rule, model: type[Model], known: Known) -> Q:
    """A row that is about a person, by its rule or by a link of that name, as a deadline is, stays shut with that person."""
    link = rule.link if isinstance(rule, ByPerson) else "person"
    about_one = any(field.name == link for field in model._meta.concrete_fields)
    found = ~Q(**{f"{link}__in": known.barred}) if about_one or isinstance(rule, ByPerson) else Q()
    return found if known.about is None else found & rule.condition(known.about)
