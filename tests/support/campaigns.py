"""Campaigns for the tests. Models are imported inside: this module is read before Django is set up."""

import itertools
import json
from datetime import UTC, datetime
from typing import Any

_number = itertools.count(1)

STORY = [
    ("heading", {"text": "На що підуть гроші", "level": "2"}),
    ("paragraph", "<p>Редакція працює двадцять років. <b>Тепер</b> нас тримають лише читачі.</p>"),
    ("quote", {"text": "Ми пишемо про те, про що мовчать інші.", "attribution": "Олена Гнатюк", "role": "редакторка"}),
    (
        "table",
        {
            "data": [["Стаття", "Сума"], ["Зарплати", "320 000 ₴"], ["Відрядження", "80 000 ₴"]],
            "first_row_is_table_header": True,
            "table_caption": "Кошторис",
        },
    ),
    ("pullout", {"title": "Звітуємо щомісяця", "text": "<p>Кожна витрата — на сторінці звітів.</p>"}),
]


def make_campaign(locale: str = "uk", *, live: bool = True, body: Any = STORY, **fields: Any) -> Any:
    """A campaign page below the folder of its language, published like an editor does."""
    from cms.campaigns.models import CampaignPage
    from cms.content.models import FolderPage

    folder = FolderPage.objects.get(slug="campaigns", locale__language_code=locale)
    values = {
        "title": f"Збір номер {next(_number)}",
        "lede": "Гранти нас більше не тримають. Тримаєте ви.",
        "goal": 500_000_00,
        "currency": "UAH",
        "suggested_amounts": [100_00, 250_00, 500_00],
        "locale": folder.locale,
        **fields,
    }
    page = CampaignPage(live=False, body=_stream(body), **values)
    folder.add_child(instance=page)
    revision = page.save_revision()
    if live:
        revision.publish()
    page.refresh_from_db()
    return page


def translate(page: Any, locale: str, **fields: Any) -> Any:
    """A published translation of a campaign page."""
    from wagtail.models import Locale

    copy = page.copy_for_translation(Locale.objects.get(language_code=locale), copy_parents=True, alias=False)
    for name, value in fields.items():
        setattr(copy, name, value)
    copy.save_revision().publish()
    copy.refresh_from_db()
    return copy


def _stream(blocks: Any) -> str:
    return json.dumps([{"type": kind, "value": value} for kind, value in blocks])


def make_donation(campaign: Any, amount: int = 250_00, **fields: Any) -> Any:
    """A pending donation through the gateway of :class:`FakeGateway`."""
    from cms.campaigns.models import Donation

    return Donation.objects.create(
        campaign=campaign, amount=amount, currency=campaign.currency, gateway="fake", **fields
    )


def register_gateway(monkeypatch: Any, **overrides: Any) -> Any:
    """Put a gateway in the place of all others: signed by the header ``signed: yes``, events as plain JSON."""
    from cms.campaigns import gateways

    class FakeGateway(gateways.Gateway):
        label = "fake"
        name = "Fake"

        def create_checkout(self, donation: Any, *, return_url: str, webhook_url: str) -> Any:
            self.asked = {"donation": donation, "return_url": return_url, "webhook_url": webhook_url}
            return gateways.Checkout(url=f"https://pay.example/{donation.id}", reference=f"ref-{donation.id}")

        def verify(self, headers: Any, raw_body: bytes) -> Any:
            if headers.get("signed") != "yes":
                raise gateways.SignatureError("Not signed.")
            return [gateways.VerifiedEvent(event["id"], event) for event in json.loads(raw_body)]

        def parse(self, event: Any) -> Any:
            data = event.data
            if data["kind"] == "authorized":
                return None
            return gateways.LedgerChange(
                kind=gateways.Change(data["kind"]),
                external_id=data["movement"],
                reference=data["reference"],
                amount=data.get("amount", 0),
                currency=data.get("currency", "UAH"),
                occurred_at=datetime.fromtimestamp(data.get("at", 1_790_000_000), UTC),
            )

    gateway = FakeGateway()
    for name, value in overrides.items():
        setattr(gateway, name, value)
    monkeypatch.setattr(gateways, "_declared", lambda: {"fake": (gateway, "fake")})
    return gateway


def event(kind: str, donation: Any, movement: str, amount: int = 0, **fields: Any) -> dict[str, Any]:
    """An event as :func:`register_gateway`'s gateway sends it."""
    return {
        "id": fields.pop("id", f"evt-{kind}-{movement}"),
        "kind": kind,
        "movement": movement,
        "reference": str(donation.pk),
        "amount": amount,
        **fields,
    }


def receive(*events: dict[str, Any]) -> int:
    """Deliver events as one signed webhook."""
    from cms.campaigns.services import receive_webhook

    return receive_webhook("fake", {"Signed": "yes"}, json.dumps(events).encode())


def ledger(campaign: Any) -> list[tuple[Any, ...]]:
    """What the ledger holds, without the order in which it was written."""
    from cms.campaigns.models import LedgerEntry

    columns = ("kind", "amount", "currency", "external_id", "occurred_at", "donation_id")
    return sorted(LedgerEntry.objects.filter(campaign=campaign).values_list(*columns), key=str)


# --- in a whole installation ----------------------------------------------------------------------------------


def publish_in(stack: Any, **fields: Any) -> None:
    """Publish a campaign in the installation of a ``stack`` fixture. Values must be plain ones."""
    code = f"from tests.support.campaigns import make_campaign; make_campaign(**{fields!r})"
    stack.run("shell", "--no-imports", "-c", code)


def post(url: str, data: bytes, content_type: str) -> tuple[int, dict[str, str], bytes]:
    """POST without following redirects."""
    import urllib.error
    import urllib.request

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *args: Any, **kwargs: Any) -> None:
            return None

    opener = urllib.request.build_opener(Stay, urllib.request.ProxyHandler({}))
    request = urllib.request.Request(url, data=data, headers={"Content-Type": content_type}, method="POST")
    try:
        with opener.open(request, timeout=15) as response:
            return response.status, dict(response.headers), response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def give_in(stack: Any, slug: str, amount: int, decision: str, **fields: Any) -> str:
    """Give through the public API and the sandbox's checkout page. Returns the donation's id."""
    body = json.dumps({"amount": amount, "currency": "UAH", "gateway": "sandbox", **fields}).encode()
    status, _headers, answer = post(f"{stack.url}/api/v1/campaigns/{slug}/donations/", body, "application/json")
    assert status == 201, answer
    made = json.loads(answer)
    form = f"decision={decision}".encode()
    status, headers, _body = post(made["checkout_url"], form, "application/x-www-form-urlencoded")
    assert status == 303
    assert made["id"] in headers["location" if "location" in headers else "Location"]
    return str(made["id"])
