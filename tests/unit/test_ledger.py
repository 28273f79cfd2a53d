"""The ledger: only ever added to, and the same whatever order, and however often, the news arrives in."""

import itertools
import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from cms.campaigns import services
from cms.campaigns.gateways import GatewayError, SignatureError
from cms.campaigns.models import Campaign, Donation, LedgerEntry, Progress, WebhookEvent
from cms.campaigns.models.ledger import AppendOnlyError
from cms.campaigns.money import NotMoneyError, format_money, parse_major, percent, to_major
from cms.campaigns.statuses import Facts, Status, status_of
from cms.content.models import OutboxEvent
from tests.support.campaigns import event, ledger, make_campaign, make_donation, receive, register_gateway, translate


@pytest.fixture
def gateway(monkeypatch):
    return register_gateway(monkeypatch)


@pytest.fixture
def campaign(db, gateway):
    return make_campaign().campaign


def apply_all() -> None:
    for pk in WebhookEvent.objects.order_by("pk").values_list("pk", flat=True):
        services.apply_event(pk)


def state_of(campaign: Campaign, donation: Donation) -> tuple:
    progress = Progress.objects.get(campaign=campaign)
    donation.refresh_from_db()
    facts = (donation.status, donation.attention, donation.paid_at, donation.declined_at, donation.expired_at)
    return ledger(campaign), progress.raised, progress.donors, facts


# --- any order, any number of times -------------------------------------------------------------------------


STORIES = {
    "paid after a decline": [("declined", "d1", 0), ("payment", "c1", 250_00)],
    "paid, part of it refunded": [("payment", "c1", 250_00), ("refund", "r1", 100_00)],
    "paid and refunded in two parts": [("payment", "c1", 250_00), ("refund", "r1", 100_00), ("refund", "r2", 150_00)],
    "charged back and won": [
        ("payment", "c1", 250_00), ("chargeback", "b1", 250_00), ("chargeback_reversal", "v1", 250_00),
    ],
    "late payment, then refund": [("expired", "x1", 0), ("payment", "c1", 250_00), ("refund", "r1", 250_00)],
    "paid twice by mistake": [("authorized", "a1", 0), ("payment", "c1", 250_00), ("payment", "c2", 250_00)],
}  # fmt: skip
EXPECTED = {
    "paid after a decline": (250_00, 1, Status.PAID),
    "paid, part of it refunded": (150_00, 1, Status.PAID),
    "paid and refunded in two parts": (0, 0, Status.REFUNDED),
    "charged back and won": (250_00, 1, Status.PAID),
    "late payment, then refund": (0, 0, Status.REFUNDED),
    "paid twice by mistake": (500_00, 1, Status.PAID),
}


@pytest.mark.parametrize("story", STORIES)
def test_every_order_with_duplicates_comes_to_the_same_ledger(campaign, story):
    events = STORIES[story]
    donation = make_donation(campaign)
    results = []
    for order in itertools.permutations(range(len(events))):
        for doubled in (False, True):
            with transaction.atomic():
                for index in order:
                    kind, movement, amount = events[index]
                    for _delivery in range(2 if doubled else 1):
                        receive(event(kind, donation, movement, amount))
                        apply_all()  # also everything that came before, once more
                        assert Progress.objects.get(campaign=campaign).raised >= 0
                        assert services.verify_progress() == []
                results.append(state_of(campaign, donation))
                transaction.set_rollback(True)
    assert all(result == results[0] for result in results)
    entries, raised, donors, (status, *_rest) = results[0]
    assert (raised, donors, status) == EXPECTED[story]
    assert sum(entry[1] for entry in entries) == raised


def test_two_reports_of_one_payment_are_one_entry(campaign):
    donation = make_donation(campaign)
    receive(event("payment", donation, "c1", 250_00, id="charge.created"))
    receive(event("payment", donation, "c1", 250_00, id="charge.succeeded"))
    apply_all()
    assert Progress.objects.get(campaign=campaign).raised == 250_00
    assert set(WebhookEvent.objects.values_list("state", flat=True)) == {"applied"}


def test_a_contradiction_is_kept_for_a_person_and_changes_nothing(campaign):
    donation = make_donation(campaign)
    receive(event("payment", donation, "c1", 250_00, id="one"))
    apply_all()
    receive(event("payment", donation, "c1", 999_00, id="two"))
    apply_all()
    assert Progress.objects.get(campaign=campaign).raised == 250_00
    assert WebhookEvent.objects.get(event_id="two").state == "conflict"


def test_what_was_paid_is_what_counts(campaign):
    donation = make_donation(campaign, 250_00)
    receive(event("payment", donation, "c1", 300_00))
    apply_all()
    donation.refresh_from_db()
    assert Progress.objects.get(campaign=campaign).raised == 300_00
    assert "250" in donation.attention and "300" in donation.attention


def test_money_in_another_currency_is_kept_and_not_added_up(campaign):
    donation = make_donation(campaign)
    receive(event("payment", donation, "c1", 10_00, currency="EUR"))
    apply_all()
    donation.refresh_from_db()
    assert LedgerEntry.objects.get(campaign=campaign).currency == "EUR"
    assert Progress.objects.get(campaign=campaign).raised == 0
    assert donation.status == Status.PAID
    assert "UAH" in donation.attention and "EUR" in donation.attention


def test_a_webhook_for_an_unknown_donation_waits_and_is_tried_again(campaign):
    donation = make_donation(campaign)
    stranger = event("payment", donation, "c1", 250_00, reference="elsewhere-7")
    receive(stranger)
    apply_all()
    waiting = WebhookEvent.objects.get()
    assert (waiting.state, waiting.donation) == ("waiting", None)
    assert services.due_events() == []  # not before its time
    Donation.objects.filter(pk=donation.pk).update(reference="elsewhere-7")
    WebhookEvent.objects.update(next_attempt_at=timezone.now())
    assert services.due_events() == [waiting.pk]
    services.apply_event(waiting.pk)
    assert Progress.objects.get(campaign=campaign).raised == 250_00


def test_no_gateway_speaks_for_another(campaign):
    donation = make_donation(campaign)
    Donation.objects.filter(pk=donation.pk).update(gateway="other")
    receive(event("payment", donation, "c1", 250_00))
    apply_all()
    assert WebhookEvent.objects.get().state == "waiting"


def test_a_gateway_that_fails_is_contained(campaign, gateway, caplog):
    donation = make_donation(campaign)
    receive(event("payment", donation, "c1", 250_00))
    right = gateway.parse

    def broken(event):
        raise KeyError("surprise")

    gateway.parse = broken
    apply_all()
    failed = WebhookEvent.objects.get()
    assert failed.state == "failed"
    assert "surprise" in failed.note
    assert "Fault of plugin fake in gateway fake, broken" in caplog.text
    gateway.parse = right
    services.apply_event(failed.pk)
    assert Progress.objects.get(campaign=campaign).raised == 250_00


def test_what_is_not_signed_is_not_stored(campaign):
    with pytest.raises(SignatureError):
        services.receive_webhook("fake", {}, b"[]")
    assert not WebhookEvent.objects.exists()


def test_a_webhook_is_taken_while_its_gateway_is_not_available(campaign, gateway):
    donation = make_donation(campaign)

    def fail():
        raise ConnectionError("Redis is away")

    for number, available in enumerate([lambda: False, fail]):
        gateway.available = available
        assert receive(event("payment", donation, f"c{number}", 250_00)) == 1
    apply_all()
    assert Progress.objects.get(campaign=campaign).raised == 500_00


def test_a_webhook_that_cannot_be_verified_now_is_to_be_sent_again(client, campaign, gateway):
    def verify(headers, raw_body):
        raise GatewayError("No key is configured.")

    gateway.verify = verify
    answer = client.post("/api/v1/gateways/fake/webhook/", b"[]", content_type="application/json")
    assert answer.status_code == 503
    assert not WebhookEvent.objects.exists()
    assert client.post("/api/v1/gateways/none/webhook/", b"[]", content_type="application/json").status_code == 404


def test_a_second_delivery_is_taken_and_changes_nothing(campaign):
    donation = make_donation(campaign)
    assert receive(event("payment", donation, "c1", 250_00)) == 1
    assert receive(event("payment", donation, "c1", 250_00)) == 0
    assert OutboxEvent.objects.filter(name="webhook.received").count() == 1
    apply_all()
    apply_all()
    assert OutboxEvent.objects.filter(name="donation.settled").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_applying_at_once(gateway):
    campaign = make_campaign().campaign
    donations = [make_donation(campaign, 100_00) for _each in range(6)]
    for number, donation in enumerate(donations):
        receive(event("payment", donation, f"c{number}", 100_00))
        receive(event("refund", donation, f"r{number}", 40_00))
    events = list(WebhookEvent.objects.values_list("pk", flat=True))
    start, faults = threading.Barrier(4), []

    def work(order):
        try:
            start.wait()
            for pk in order:
                services.apply_event(pk)
        except Exception as error:
            faults.append(error)
        finally:
            connections.close_all()

    orders = [events, events[::-1], events[6:] + events[:6], events]
    threads = [threading.Thread(target=work, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for pk in events:
        services.apply_event(pk)
    assert faults == []
    progress = Progress.objects.get(campaign=campaign)
    assert (progress.raised, progress.donors) == (6 * 60_00, 6)
    assert LedgerEntry.objects.filter(campaign=campaign).count() == 12
    assert services.verify_progress() == []


# --- append-only --------------------------------------------------------------------------------------------


def test_the_database_refuses_to_change_or_remove_an_entry(campaign):
    donation = make_donation(campaign)
    receive(event("payment", donation, "c1", 250_00))
    apply_all()
    for statement in ("UPDATE campaigns_ledgerentry SET amount = 1", "DELETE FROM campaigns_ledgerentry"):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert LedgerEntry.objects.get().amount == 250_00


def test_the_models_refuse_too(campaign):
    pk = services.record_offline(campaign.pk, amount=100, reason="Cash", recorded_by="Olena")
    entry = LedgerEntry.objects.get(pk=pk)
    entry.amount = 5
    for attempt in (
        entry.save,
        entry.delete,
        LedgerEntry.objects.all().delete,
        lambda: LedgerEntry.objects.update(amount=1),
    ):
        with pytest.raises(AppendOnlyError):
            attempt()


@pytest.mark.parametrize(
    ("kind", "amount"), [("payment", -1), ("payment", 0), ("refund", 1), ("chargeback", 5), ("offline", -5)]
)
def test_the_sign_follows_from_the_kind(campaign, kind, amount):
    with pytest.raises(DatabaseError), transaction.atomic():
        LedgerEntry.objects.create(
            campaign=campaign, donation=make_donation(campaign), kind=kind, amount=amount, currency="UAH", gateway="x",
            external_id="1", occurred_at=timezone.now(), reason="r", recorded_by="r",
        )  # fmt: skip


# --- by hand ------------------------------------------------------------------------------------------------


def test_offline_donation_and_its_correction(campaign):
    entry = services.record_offline(
        campaign.pk, amount=5_000_00, reason="Bank transfer of 3 May", recorded_by="Olena", external_id="BT-17"
    )
    services.record_offline(campaign.pk, amount=5_000_00, reason="Sponsor", recorded_by="Olena", kind="match")
    progress = Progress.objects.get(campaign=campaign)
    assert (progress.raised, progress.donors) == (10_000_00, 1)
    with pytest.raises(ValidationError) as refused:
        services.record_offline(campaign.pk, amount=1, reason="Again", recorded_by="Petro", external_id="BT-17")
    assert list(refused.value.message_dict) == ["external_id"]
    services.correct_entry(entry, reason="Entered for the wrong campaign", recorded_by="Petro")
    progress.refresh_from_db()
    assert (progress.raised, progress.donors) == (5_000_00, 0)
    with pytest.raises(ValidationError):
        services.correct_entry(entry, reason="Once more", recorded_by="Petro")
    assert services.verify_progress() == []


@pytest.mark.parametrize(
    "wrong",
    [{"amount": 0}, {"amount": -5}, {"reason": " "}, {"recorded_by": ""}, {"kind": "payment"},
     {"occurred_at": timezone.now() + timedelta(days=2)}],
)  # fmt: skip
def test_an_entry_by_hand_must_be_in_order(campaign, wrong):
    with pytest.raises(ValidationError):
        services.record_offline(campaign.pk, **{"amount": 100, "reason": "Cash", "recorded_by": "Olena", **wrong})
    assert not LedgerEntry.objects.exists()


def test_a_wrong_total_is_noticed_and_can_be_put_right(campaign):
    services.record_offline(campaign.pk, amount=100_00, reason="Cash", recorded_by="Olena")
    Progress.objects.update(raised=1, donors=9)
    assert "its ledger adds up to 10000 from 1" in services.verify_progress()[0]
    assert services.recompute(campaign.pk) is True
    assert services.recompute(campaign.pk) is False
    assert services.verify_progress() == []


# --- one purse for all languages ----------------------------------------------------------------------------


def test_translations_share_one_purse_and_its_terms(campaign):
    uk = make_campaign(slug="tryb", goal=100_00)
    en = translate(uk, "en", title="The tribune", goal=999_00)
    assert en.slug == "tryb-en"
    assert en.campaign == uk.campaign
    assert en.goal == 100_00  # the terms are edited on the page published first
    uk.goal = 200_00
    uk.save_revision().publish()
    en.refresh_from_db()
    assert (en.goal, en.campaign.goal) == (200_00, 200_00)
    assert en.get_latest_revision_as_object().goal == 200_00


def test_a_draft_changes_no_terms(campaign):
    page = make_campaign(goal=100_00)
    page.goal = 777_00
    page.save_revision()
    assert page.campaign.goal == 100_00


def test_the_currency_stays_once_money_came(campaign):
    page = make_campaign()
    page.currency = "EUR"
    page.save_revision().publish()
    services.record_offline(page.campaign.pk, amount=100_00, reason="Cash", recorded_by="Olena")
    page.currency = "USD"
    with pytest.raises(ValidationError, match="EUR"):
        page.full_clean()


def test_slugs_are_unique_among_campaigns_of_all_languages(campaign):
    make_campaign(slug="svoi")
    other = make_campaign("en", slug="svoi")
    assert other.slug == "svoi-2"
    other.slug = "svoi"
    with pytest.raises(ValidationError, match="svoi"):
        other.full_clean()


@pytest.mark.parametrize(
    "wrong",
    [{"goal": 0}, {"goal": -1}, {"suggested_amounts": [1]}, {"suggested_amounts": [100_00, 100_00]},
     {"suggested_amounts": [100_00 + n for n in range(7)]},
     {"starts_at": timezone.now(), "ends_at": timezone.now() - timedelta(days=1)}],
)  # fmt: skip
def test_terms_must_make_sense(campaign, wrong):
    with pytest.raises(ValidationError):
        make_campaign(**wrong)


# --- figures ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "minor"),
    [("1", 100), ("99,50", 9950), ("99.5", 9950), ("1 500", 150000), ("1 500,05", 150005), ("0,07", 7),
     ("1234567890123.45", 123456789012345)],
)  # fmt: skip
def test_major_units_are_read_exactly(text, minor):
    assert parse_major(text) == minor
    assert parse_major(to_major(minor)) == minor


@pytest.mark.parametrize("text", ["", "1.234", "-5", "5e3", "1.000,50", "двісті", "١٢", "NaN", "1,5,0", "9" * 30])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(NotMoneyError):
        parse_major(text)


def test_figures_are_written_as_readers_do():
    nb = "\u00a0"
    assert format_money(1_250_000, "UAH", "uk") == f"12{nb}500{nb}₴"
    assert format_money(1_250_050, "EUR", "ru") == f"12{nb}500,50{nb}€"
    assert format_money(1_250_050, "UAH", "en") == "₴12,500.50"
    assert (percent(99_99, 100_00), percent(250, 100), percent(-5, 100)) == (99, 250, 0)


#: Which status one more fact may lead to. A payment that comes after a decline or an expiry is still money: it is
#: taken. A second payment, or a dispute that the newsroom won, brings the money back.
FOLLOWING = {
    Status.PENDING: {Status.FAILED, Status.EXPIRED, Status.DECLINED, Status.PAID},
    Status.FAILED: {Status.EXPIRED, Status.DECLINED, Status.PAID},
    Status.EXPIRED: {Status.DECLINED, Status.PAID},
    Status.DECLINED: {Status.PAID},
    Status.PAID: {Status.REFUNDED, Status.CHARGED_BACK},
    Status.REFUNDED: {Status.PAID, Status.CHARGED_BACK},
    Status.CHARGED_BACK: {Status.PAID, Status.REFUNDED},
}


def test_every_status_reached_by_one_more_fact_may_follow():
    steps = [
        {"declined": True}, {"expired": True}, {"failed": True}, {"paid": 100}, {"refunded": 100},
        {"charged_back": 100}, {"paid": 200},
    ]  # fmt: skip
    for order in itertools.permutations(steps, 4):
        known: dict = {}
        for step in order:
            before = status_of(Facts(**known))
            if ("refunded" in step or "charged_back" in step) and not known.get("paid"):
                continue  # waits in the inbox
            known.update(step)
            after = status_of(Facts(**known))
            assert after == before or after in FOLLOWING[before], (order, known)
