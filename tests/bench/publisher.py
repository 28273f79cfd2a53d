"""Publishes edits, one for each line of its input: ``<page id> <headline>``. Started by ``visible``.

It answers each with the monotonic times (seconds, the machine's) at which it began and was done. A process of its own:
what it takes is what an editor's process takes, and it shares no lock with whoever waits for the result.
"""

import sys
import time

import django
from django.db import connection, transaction


def main() -> None:
    django.setup()
    from wagtail.models import Page

    for line in sys.stdin:
        page_id, headline = line.strip().split(" ", 1)
        page = Page.objects.get(pk=page_id).specific
        began = time.monotonic()
        # One transaction, as around each of the admin's requests.
        with transaction.atomic():
            page.title = headline
            page.save_revision().publish()
        print(began, time.monotonic(), flush=True)
    connection.close()


if __name__ == "__main__":
    main()
