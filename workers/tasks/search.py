"""Tasks of search, on the queue ``background``: what is not done in the transaction that publishes."""

from celery import shared_task

from api.search import index, months, vocabulary

#: Entries and pages at a time; what is left waits for the next sweep, other work of the queue in between.
PORTION, PORTIONS = 200, 20


@shared_task(name="search.fill")
def fill_search() -> None:
    """Make the entries that publications miss, or that older rules made."""
    for _portion in range(PORTIONS):
        if index.fill(PORTION) < PORTION:
            break


@shared_task(name="search.learn")
def learn_words() -> None:
    """Read what was published since: its words become completions, and corrections of what is mistyped.

    Then take out those that went with what was withdrawn or edited.
    """
    for step in (vocabulary.learn, vocabulary.forget):
        for _portion in range(PORTIONS):
            if step(PORTION) < PORTION:
                break


@shared_task(name="search.sweep")
def sweep_words() -> None:
    """Have all words looked at again by ``search.learn``, whatever became of notes that it should have had."""
    vocabulary.sweep()


@shared_task(name="search.measure")
def measure_search() -> None:
    """Count how much was published when: how far back a search has to look."""
    months.count()
