"""`sightline users`"""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from sightline.core.errors import InputProblem

if TYPE_CHECKING:
    from sightline.core.access.models import User
    from sightline.core.organisations.models import Worker

NAME = "users"
HELP = "list users, add one, change or disable one, let one back in, or make the sign-ins of the demonstration"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sub-commands."""
    parts = parser.add_subparsers(dest="part", metavar="WHAT", required=True)
    listed = parts.add_parser("list", help="print the users and their roles")
    listed.add_argument(
        "--format", choices=["text", "json"], default="text", help="how to print (default: %(default)s)"
    )
    added = parts.add_parser("add", help="add a user with a random first password, which is printed once")
    added.add_argument("username")
    added.add_argument("--role", required=True, help="id of a role, for example performance_analyst")
    added.add_argument("--worker", type=int, metavar="ID", help="record number of the worker whom the user is")
    added.add_argument(
        "--provider", action="store_true", help="no password: the user signs in with the identity provider"
    )
    changed = parts.add_parser(
        "role", help="give a user another role, or say which worker they are; ends their sessions"
    )
    changed.add_argument("username")
    changed.add_argument("--role", help="id of a role")
    changed.add_argument("--worker", type=int, metavar="ID", help="record number of the worker whom the user is")
    reset = parts.add_parser("reset", help="print a link, once, by which a user gets back in")
    reset.add_argument("username")
    reset.add_argument("--second-factor", action="store_true", help="the second factor was lost, not the password")
    reset.add_argument(
        "--address", default="", help="the address of the application, for example https://sightline.example"
    )
    parts.add_parser("disable", help="let a user in no more; ends their sessions").add_argument("username")
    parts.add_parser("enable", help="let a disabled user in again").add_argument("username")
    parts.add_parser("demo", help="make a user for each role of an invented partnership, with new passwords")


def run(args: argparse.Namespace) -> int:
    """Does the chosen part."""
    parts = {
        "list": _list,
        "add": _add,
        "role": _role,
        "reset": _reset,
        "disable": _disable,
        "enable": _enable,
        "demo": _demo,
    }
    return parts[args.part](args)


def _list(args: argparse.Namespace) -> int:
    from sightline.core.access.models import User

    users = [
        {"username": user.username, "role": user.role, "worker": user.worker_id, "active": user.is_active}
        for user in User.objects.order_by("username")
    ]
    if args.format == "json":
        print(json.dumps(users, indent=1))
    else:
        for user in users:
            print(f"{user['username']:<24}{user['role']:<24}{'' if user['active'] else 'not active'}".rstrip())
    return 0


def _add(args: argparse.Namespace) -> int:
    from sightline.core.access.factors import needed
    from sightline.core.access.models import User
    from sightline.core.access.roles import ROLES
    from sightline.core.access.sign_in import make_provider_user, make_user

    if args.role not in ROLES:
        raise InputProblem(f"there is no role '{args.role}'", "--role", f"one of {', '.join(ROLES)}")
    if User.objects.filter(username=args.username).exists():
        raise InputProblem(f"there is a user '{args.username}' already", "username", "choose another name")
    worker = _worker(args.worker)
    if args.provider:
        make_provider_user(args.username, args.role, worker)
        print(f"{args.username}: signs in with the identity provider, under this name the first time")
    else:
        print(f"{args.username}: first password {make_user(args.username, args.role, worker)}")
        if needed(_user(args.username)):
            print("The first time, Sightline has them set up a second step: an authenticator app or a passkey.")
    return 0


def _role(args: argparse.Namespace) -> int:
    from sightline.core.access.accounts import change_role, tie_to_worker

    user = _user(args.username)
    if args.role is None and args.worker is None:
        raise InputProblem("nothing to change", "users role", "give --role, --worker or both")
    worker = _worker(args.worker)
    if args.role is not None:
        change_role(user, args.role, by=None)
    if worker is not None:
        tie_to_worker(user, worker, by=None)
    print(f"{user.username}: {user.role}{f', worker {user.worker_id}' if user.worker_id else ''}")
    return 0


def _reset(args: argparse.Namespace) -> int:
    from django.conf import settings
    from django.urls import reverse

    from sightline.core.access.recovery import LINK_LASTS, Kind, make_token

    user = _user(args.username)
    kind = Kind.SECOND_FACTOR if args.second_factor else Kind.PASSWORD
    token = make_token(kind, user, by=None)
    site = args.address or next(iter(settings.CSRF_TRUSTED_ORIGINS), "http://127.0.0.1:8000")
    print(f"{site.rstrip('/')}{reverse('recover', args=(kind, user.pk, token))}")
    print(f"It works once, for {LINK_LASTS.seconds // 60} minutes. Hand it to {user.username} and nobody else.")
    return 0


def _disable(args: argparse.Namespace) -> int:
    from sightline.core.access.accounts import disable

    user = _user(args.username)
    disable(user, by=None)
    print(f"{user.username}: not active")
    return 0


def _enable(args: argparse.Namespace) -> int:
    from sightline.core.access.accounts import enable

    user = _user(args.username)
    enable(user, by=None)
    print(f"{user.username}: active")
    return 0


def _demo(args: argparse.Namespace) -> int:
    from sightline.core.access.demo import make_demo_users, write

    del args
    made = make_demo_users()
    print(f"{len(made)} sign-ins, one for each role, are in {write(made)}")
    return 0


def _user(username: str) -> User:
    from sightline.core.access.models import User

    user = User.objects.filter(username=username).first()
    if user is None:
        raise InputProblem(f"there is no user '{username}'", "username", "`./sightline users list` prints them")
    return user


def _worker(id: int | None) -> Worker | None:
    from sightline.core.organisations.models import Worker

    worker = Worker.objects.filter(pk=id).first() if id is not None else None
    if id is not None and worker is None:
        raise InputProblem(f"there is no worker {id}", "--worker")
    return worker
