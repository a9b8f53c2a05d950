"""Make the demo business of a size, or say how to sign in to the one that is there."""

from __future__ import annotations

import argparse
import sys
import time

NAME = "demo"
HELP = "make a demo business with sessions, payments and invoices around today"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", choices=("small", "large", "huge"), default="small", help="default: %(default)s")
    parser.add_argument("--replace", action="store_true", help="remove the demo business of that size first")
    parser.add_argument("--seed", type=int, default=None, help="another seed gives other data; the same one the same")


def run(args: argparse.Namespace) -> int:
    from daybook.ops import runtime

    runtime.ready(args)
    from django.utils import timezone

    from daybook.ops.demo.make import UNFINISHED, is_stale, make_demo
    from daybook.ops.demo.remove import remove_demo
    from daybook.ops.demo.shapes import SEED, SHAPES
    from daybook.ops.errors import CommandProblem
    from daybook.tenancy.models import Business

    shape = SHAPES[args.size]
    now = timezone.now()
    there = Business.objects.filter(slug=shape.slug).first()
    if there and not there.is_demo:
        raise CommandProblem(
            f"The business {there.name} has the address {shape.slug}, and it is no demo. It was left alone."
        )
    if there and not args.replace:
        hint = (
            " It was made a while ago: --replace makes a new one around today." if is_stale(there, now.date()) else ""
        )
        print(f"daybook: The demo business is already there.{hint}", file=sys.stderr)
    else:
        if there:
            remove_demo(shape.slug)
        remove_demo(shape.slug + UNFINISHED)
        started = time.monotonic()
        make_demo(shape, seed=SEED if args.seed is None else args.seed, now=now, progress=_progress)
        print(f"daybook: The demo business was made in {time.monotonic() - started:.1f} s.", file=sys.stderr)
    _print_logins(shape.slug)
    return 0


def _progress(done: int, of: int) -> None:
    if of >= 50_000:
        print(f"daybook: {done:,} of {of:,} sessions", file=sys.stderr, flush=True)


def _print_logins(slug: str) -> None:
    from daybook.ops.demo.shapes import PASSWORD
    from daybook.people.models import User
    from daybook.tenancy.scope import open_scope

    with open_scope(slug=slug) as business:
        users = User.objects.filter(username__isnull=False).order_by("created_at", "id")
        print(f"{business.name}: sign in at /b/{slug}/sign-in/ with the password {PASSWORD}")
        for user in sorted(users, key=lambda user: _ORDER.index(user.username) if user.username in _ORDER else 99):
            what = "client, costs hidden" if user.username == "client-no-costs" else user.role
            print(f"  {user.username:<16} {user.name} ({what})")


_ORDER = ("admin", "staff", "practitioner", "client", "client-no-costs", "agent")
