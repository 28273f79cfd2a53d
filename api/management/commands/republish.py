from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Q

from api.publications import reconcile, writer
from cms.content.models import ContentPage, FrontPage
from cms.content.pictures import renditions


class Command(BaseCommand):
    help = (
        "Make publications what the live pages are: those that differ, or with --all every one. "
        "Pictures get the sizes and formats that they lack."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="write every publication anew, also those that agree")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Pictures finished: {renditions.finish_all()}.")
        found = reconcile.reconcile()
        missing, stale, surplus = len(found.missing), len(found.stale), len(found.surplus)
        self.stdout.write(f"Publications repaired: {missing} missing, {stale} stale, {surplus} surplus.")
        if options["all"]:
            self._rewrite_all()

    def _rewrite_all(self) -> None:
        # Pages before the teasers and front pages that show them, so that each finds what it refers to.
        ids = [
            *ContentPage.objects.filter(Q(live=True)).order_by("pk").values_list("pk", flat=True),
            *FrontPage.objects.filter(live=True).values_list("pk", flat=True),
        ]
        for done in range(0, len(ids), writer.AT_ONCE):
            writer.rewrite(ids[done : done + writer.AT_ONCE])
            self.stdout.write(f"{min(done + writer.AT_ONCE, len(ids))} of {len(ids)} pages written")
