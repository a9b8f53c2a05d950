"""Make a new API token for a user."""

from __future__ import annotations

import argparse

NAME = "token"
HELP = "print a new API token of a user; it is shown this once and kept as a hash"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--business", required=True, metavar="SLUG", help="the business's web address")
    parser.add_argument("--user", required=True, metavar="USERNAME")


def run(args: argparse.Namespace) -> int:
    from daybook.ops import runtime
    from daybook.ops.errors import CommandProblem

    runtime.ready(args)
    from django.utils import timezone

    from daybook.people.actors import issue_token
    from daybook.people.models import User
    from daybook.tenancy.actor import COMMAND
    from daybook.tenancy.scope import BusinessNotFound, open_scope

    try:
        with open_scope(slug=args.business, actor=COMMAND, verb="issue_token"):
            user = User.objects.filter(username__iexact=args.user).first()
            if user is None:
                raise CommandProblem(f"There is no user {args.user!r} in the business {args.business!r}.")
            if not user.is_active:
                raise CommandProblem(f"{user.name} is {user.status}: only active users can use the API.")
            token = issue_token(user_id=user.pk, now=timezone.now(), name="Command line")
    except BusinessNotFound as error:
        raise CommandProblem(f"There is no business {args.business!r}.") from error
    print(token)
    return 0
