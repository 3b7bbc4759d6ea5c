"""`sightline users`"""

from __future__ import annotations

import argparse
import json

NAME = "users"
HELP = "list users, add one, or make the sign-ins of the demonstration"


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
    parts.add_parser("demo", help="make a user for each role of an invented partnership, with new passwords")


def run(args: argparse.Namespace) -> int:
    """Does the chosen part."""
    if args.part == "list":
        return _list(args.format)
    return _add(args) if args.part == "add" else _demo()


def _list(how: str) -> int:
    from sightline.core.access.models import User

    users = [
        {"username": user.username, "role": user.role, "worker": user.worker_id, "active": user.is_active}
        for user in User.objects.order_by("username")
    ]
    if how == "json":
        print(json.dumps(users, indent=1))
    else:
        for user in users:
            print(f"{user['username']:<24}{user['role']:<24}{'' if user['active'] else 'not active'}".rstrip())
    return 0


def _add(args: argparse.Namespace) -> int:
    from sightline.core.access.models import User
    from sightline.core.access.roles import ROLES
    from sightline.core.access.sign_in import make_user
    from sightline.core.errors import InputProblem
    from sightline.core.organisations.models import Worker

    if args.role not in ROLES:
        raise InputProblem(f"there is no role '{args.role}'", "--role", f"one of {', '.join(ROLES)}")
    if User.objects.filter(username=args.username).exists():
        raise InputProblem(f"there is a user '{args.username}' already", "username", "choose another name")
    worker = Worker.objects.filter(pk=args.worker).first() if args.worker else None
    if args.worker and worker is None:
        raise InputProblem(f"there is no worker {args.worker}", "--worker")
    print(f"{args.username}: first password {make_user(args.username, args.role, worker)}")
    return 0


def _demo() -> int:
    from sightline.core.access.demo import make_demo_users, write

    made = make_demo_users()
    print(f"{len(made)} sign-ins, one for each role, are in {write(made)}")
    return 0
