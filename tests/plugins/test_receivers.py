"""What a plugin's receiver leaves for the commit fails alone, as the receiver itself does."""

import pytest
from django.db import transaction
from django.dispatch import Signal

from cms.contract import receiver
from cms.registry.models import PluginFault

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.plugin("factcheck")]


@pytest.fixture
def saved() -> Signal:
    """A signal with a receiver of the plugin that asks for something impossible after the commit."""
    signal = Signal()

    def divide_later(**kwargs: object) -> None:
        transaction.on_commit(lambda: 1 // 0)

    divide_later.__module__ = "plugins.factcheck.models"
    receiver(signal)(divide_later)
    return signal


def test_a_callback_of_a_receiver_that_fails_on_commit_takes_no_other_with_it(saved: Signal) -> None:
    heard: list[str] = []

    with transaction.atomic():
        transaction.on_commit(lambda: heard.append("before"))
        saved.send(None)
        transaction.on_commit(lambda: heard.append("after"))

    assert heard == ["before", "after"]
    fault = PluginFault.objects.get(label="factcheck")
    assert fault.hook.startswith("signal receiver divide_later")
    assert fault.error.startswith("ZeroDivisionError")


def test_nor_outside_of_a_transaction(saved: Signal) -> None:
    saved.send(None)

    assert PluginFault.objects.get(label="factcheck").error.startswith("ZeroDivisionError")
