"""Make a business with its first administrator."""

from __future__ import annotations

import argparse
import json

NAME = "create-business"
HELP = "make a business with its first administrator; prints {business, slug, token} as JSON"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", required=True, help="the business's name")
    parser.add_argument("--slug", required=True, help="its web address: small letters, digits and hyphens")
    parser.add_argument("--currency", required=True, metavar="EUR", help="an ISO 4217 code")
    parser.add_argument("--time-zone", required=True, metavar="Europe/Berlin", help="an IANA time zone")
    parser.add_argument("--plan", default="trial", choices=["trial", "standard", "enterprise"])
    parser.add_argument("--locale", default="en", help="how dates and amounts are written (default: en)")
    parser.add_argument("--admin-username", required=True)
    parser.add_argument("--admin-password", required=True)
    parser.add_argument("--admin-email", default="")


def run(args: argparse.Namespace) -> int:
    from daybook.ops import runtime

    runtime.ready(args)
    from django.db import transaction
    from django.utils import timezone

    from daybook.people.actors import issue_token
    from daybook.tenancy.scope import open_scope
    from daybook.workflows.create_business import create_business

    now = timezone.now()
    with transaction.atomic():
        business, administrator = create_business(
            name=args.name,
            slug=args.slug,
            currency=args.currency,
            time_zone=args.time_zone,
            plan=args.plan,
            locale=args.locale,
            admin_username=args.admin_username,
            admin_password=args.admin_password,
            admin_email=args.admin_email,
            now=now,
        )
        with open_scope(business.pk):
            token = issue_token(user_id=administrator.pk, now=now, name="Command line")
    print(json.dumps({"business": business.public_id, "slug": business.slug, "token": token}))
    return 0
