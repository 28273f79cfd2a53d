"""``ostriv load_demo``: fill an empty installation with the demo newsroom."""

from typing import Any

from django.core.management.base import BaseCommand

from cms.demo.loader import load


class Command(BaseCommand):
    help = (
        "Load the demo newsroom: articles in three languages, a front page, a campaign, a newsletter and logins. "
        "Only a database without content takes it; on any other the command says so and changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        load(self.stdout.write)
