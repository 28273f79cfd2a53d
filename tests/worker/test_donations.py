"""Donations on real parts: a web process, workers, PostgreSQL, Redis, and the sandbox's untidy webhooks over HTTP."""

import json
import uuid

import pytest

from tests.support.campaigns import give_in, publish_in


@pytest.fixture(scope="module")
def slug(stack):
    """A published campaign whose page the worker has built."""
    from tests.support.waiting import poll

    name = f"tryb-{uuid.uuid4().hex[:8]}"
    publish_in(stack, slug=name, title="Тримаємо трибуну")
    poll(lambda: stack.get(f"/donate/{name}/").status == 200, what="the donation page")
    return name


def raised(stack, slug):
    return stack.get(f"/api/v1/campaigns/{slug}/progress/").json()["raised"]


def status(stack, donation):
    return stack.get(f"/api/v1/donations/{donation}/").json()["status"]


@pytest.mark.plugin("sandbox")
def test_every_ending_of_a_checkout(stack, slug, poll):
    """Several of each, so that doubled and reversed webhooks are among them; the sum is exact in the end."""
    before = raised(stack, slug)
    endings = {"pay": "paid", "decline": "declined", "refund": "refunded", "later": "paid"}
    made = [(give_in(stack, slug, 100_00, choice), ending) for choice, ending in endings.items() for _each in range(3)]
    for donation, ending in made:
        poll(lambda d=donation, e=ending: status(stack, d) == e, what=f"{donation} is {ending}")
    assert raised(stack, slug) == before + 6 * 100_00
    entries = stack.sql(
        "SELECT sum(amount), count(*) FROM campaigns_ledgerentry WHERE donation_id = ANY(%s)",
        ([uuid.UUID(donation) for donation, _ending in made],),
    )
    assert entries == [(6 * 100_00, 3 + 3 + 2 * 3)]
    unsettled = "SELECT count(*) FROM campaigns_webhookevent WHERE state NOT IN ('applied', 'ignored')"
    poll(lambda: stack.sql(unsettled) == [(0,)], what="an empty inbox")


@pytest.mark.plugin("sandbox")
def test_the_page_shows_who_gave(stack, slug, poll):
    give_in(stack, slug, 300_00, "pay", name="Марія Коваль")
    give_in(stack, slug, 300_00, "pay", name="Хтось Інший", anonymous=True)
    path = f"/donate/{slug}/"
    poll(lambda: "Марія Коваль" in stack.get(path).text, what="the name on the page")
    assert "Хтось Інший" not in stack.get(path).text


@pytest.mark.plugin("sandbox")
def test_webhooks_that_come_while_no_worker_is_there(stack, slug, poll):
    before = raised(stack, slug)
    stack.kill("worker")
    try:
        donation = give_in(stack, slug, 150_00, "pay")
    finally:
        stack.start("worker")
        stack.wait_ready()
    poll(lambda: status(stack, donation) == "paid", what="the payment")
    assert raised(stack, slug) == before + 150_00


def test_the_page_is_there_with_the_database_stopped(stack, slug, poll):
    with stack.database_stopped():
        page = stack.get(f"/donate/{slug}/", headers={"Cookie": "sessionid=somebody; csrftoken=x"})
        assert page.status == 200
        assert "Тримаємо трибуну" in page.text
        for name in ("card.png", "qr.svg", "progress.json"):
            assert stack.get(f"/donate/{slug}/{name}").status == 200
        assert stack.get("/donate/never-was/").status == 404
        assert json.loads(stack.get(f"/donate/{slug}/progress.json").text)["campaign"] == slug
    poll(lambda: stack.get(f"/api/v1/campaigns/{slug}/progress/").status == 200, what="the API")
    stack.wait_ready()


def test_taken_down_when_it_is_unpublished(stack, poll):
    name = f"short-{uuid.uuid4().hex[:8]}"
    publish_in(stack, slug=name, title="Короткий збір")
    poll(lambda: stack.get(f"/donate/{name}/").status == 200, what="the page")
    code = f"from cms.campaigns.models import CampaignPage; CampaignPage.objects.get(slug={name!r}).unpublish()"
    stack.run("shell", "--no-imports", "-c", code)
    poll(lambda: stack.get(f"/donate/{name}/").status == 410, what="410 Gone")
