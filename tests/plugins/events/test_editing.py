"""An event through the editor's own form: what is taken, what is refused, and in whose time."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from wagtail.users.models import UserProfile

from cms.content.importing import import_lines
from tests.plugins.events.newsroom import add, edit, make_event, stored
from tests.support.content import api, headlines, make_editor, problem

pytestmark = [pytest.mark.django_db, pytest.mark.plugin("events")]

ADDRESS = "/content/event/vechir-poezii/"


def test_an_editor_publishes_an_event_in_the_form_and_readers_see_it(client: Client, editor: Client) -> None:
    assert add(editor, lede="Читають троє").status_code == 302

    document = api(client, ADDRESS)
    assert document["type"] == "event"
    assert (document["starts_at"], document["ends_at"]) == ("2027-05-14T15:30:00Z", "2027-05-14T17:30:00Z")
    assert (document["starts_on"], document["ends_on"], document["all_day"]) == ("2027-05-14", "2027-05-14", False)
    assert document["time_zone"] == "Europe/Kyiv"
    assert document["event_status"] == "scheduled"
    assert document["place"] == {
        "name": "Будинок культури",
        "address": "вул. Портова, 5; Осокорів",
        "latitude": 46.482526,
        "longitude": 30.723309,
    }
    assert document["organizer"] == {"name": "Міська бібліотека", "url": "https://library.example/"}
    assert (document["is_free"], document["price"]) == (False, "100 гривень")
    assert document["registration_url"] == "https://library.example/reg?a=1&b=2"
    assert document["online_url"] == ""
    assert document["calendar"]["url"].endswith("/feeds/events/vechir-poezii.ics?locale=uk")


def test_the_teaser_is_the_common_one_with_when_and_where(client: Client) -> None:
    make_event(place_name="Порт")

    (teaser,) = api(client, "/content/", type="event")["results"]
    document = api(client, ADDRESS)

    assert teaser == {key: document[key] for key in teaser}
    assert {"starts_at", "ends_at", "all_day", "starts_on", "ends_on", "event_status", "place"} <= set(teaser)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"starts_at": ""}, "starts_at"),
        ({"starts_at": "післязавтра"}, "starts_at"),
        ({"ends_at": "2027-05-14 18:29"}, "ends_at"),
        ({"starts_at": "2027-05-14 18:00", "ends_at": "2027-05-13 23:00", "all_day": "on"}, "ends_at"),
        ({"latitude": ""}, "latitude"),
        ({"longitude": ""}, "longitude"),
        ({"latitude": "90.5"}, "latitude"),
        ({"longitude": "-180.000001"}, "longitude"),
        ({"latitude": "північ"}, "latitude"),
        ({"status": "maybe"}, "status"),
        ({"status": "moved_online"}, "online_url"),
        ({"is_free": "on"}, "price"),
        ({"online_url": "javascript:alert(1)"}, "online_url"),
        ({"registration_url": "library"}, "registration_url"),
        ({"slug": "calendar"}, "slug"),
        ({"starts_at": "0001-01-01 00:00"}, "starts_at"),
        ({"starts_at": "0001-01-01 00:00", "all_day": "on"}, "starts_at"),
        ({"starts_at": "1899-12-31 23:59"}, "starts_at"),
        ({"starts_at": "1900-01-01 02:30", "all_day": "on"}, "starts_at"),
        ({"ends_at": "9999-12-31 23:59"}, "ends_at"),
        ({"ends_at": "9999-12-31 00:00", "all_day": "on"}, "ends_at"),
        ({"ends_at": "2201-01-01 01:00", "all_day": "on"}, "ends_at"),
    ],
)
def test_a_wrong_value_is_refused_and_nothing_is_published(
    client: Client, editor: Client, wrong: dict[str, Any], field: str
) -> None:
    response = add(editor, **wrong)

    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert headlines(client, type="event") == []


def test_a_time_that_the_clocks_skip_is_refused(editor: Client) -> None:
    response = add(editor, starts_at="2027-03-28 03:30", ends_at="")

    assert response.status_code == 200
    assert "Europe/Kyiv" in str(response.context["form"].errors["starts_at"])


def test_of_a_time_that_the_clocks_show_twice_the_first_is_taken(client: Client, editor: Client) -> None:
    assert add(editor, starts_at="2027-10-31 03:30", ends_at="2027-10-31 04:00").status_code == 302

    document = api(client, ADDRESS)
    assert (document["starts_at"], document["ends_at"]) == ("2027-10-31T00:30:00Z", "2027-10-31T02:00:00Z")


@pytest.mark.parametrize("moment", ["2027-10-31T00:30:45+00:00", "2027-10-31T01:30:45+00:00"])
def test_a_time_that_nobody_touches_stays_to_the_second(client: Client, editor: Client, moment: str) -> None:
    page = make_event(starts_at=moment)

    assert edit(editor, page, starts_at="2027-10-31 03:30", ends_at="", lede="Інше").status_code == 302

    document = api(client, ADDRESS)
    assert (document["starts_at"], document["lede"]) == (moment.replace("+00:00", "Z"), "Інше")


def test_times_are_the_newsrooms_whatever_the_editors_zone(client: Client, editor: Client) -> None:
    traveller = make_editor()
    UserProfile.objects.create(user=traveller, current_time_zone="Asia/Tokyo")
    editor.force_login(traveller)
    add(editor)
    page = stored().get()

    shown = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    again = edit(editor, page)

    assert 'value="2027-05-14 18:30"' in shown
    assert again.status_code == 302
    assert api(client, ADDRESS)["starts_at"] == "2027-05-14T15:30:00Z"


def test_an_event_of_whole_days_stays_on_its_days_however_often_it_is_saved(client: Client, editor: Client) -> None:
    traveller = make_editor()
    UserProfile.objects.create(user=traveller, current_time_zone="America/Los_Angeles")
    editor.force_login(traveller)
    whole = {"all_day": "on", "starts_at": "2027-03-27 10:00", "ends_at": "2027-03-28 09:00"}
    assert add(editor, **whole).status_code == 302
    page = stored().get()

    for _time in range(3):
        form = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).context["form"]
        times = {name: form[name].value().strftime("%Y-%m-%d %H:%M") for name in ("starts_at", "ends_at")}
        assert edit(editor, page, all_day="on", **times).status_code == 302
        document = api(client, ADDRESS)
        assert (document["starts_on"], document["ends_on"]) == ("2027-03-27", "2027-03-28")
        # The clocks go forward on the 28th.
        assert (document["starts_at"], document["ends_at"]) == ("2027-03-26T22:00:00Z", "2027-03-28T20:59:59Z")


def test_a_whole_day_needs_no_end(client: Client, editor: Client) -> None:
    add(editor, all_day="on", ends_at="")

    document = api(client, ADDRESS)
    assert (document["starts_on"], document["ends_on"]) == ("2027-05-14", "2027-05-14")
    assert document["ends_at"] == "2027-05-14T20:59:59Z"


def test_a_draft_of_an_event_is_not_public(client: Client, editor: Client) -> None:
    assert add(editor, action="").status_code == 302

    problem(client, ADDRESS, 404)
    assert client.get("/feeds/events/vechir-poezii.ics").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"ends_at": datetime(2020, 1, 1, tzinfo=UTC)}, "an_event_ends_after_it_starts"),
        ({"ends_at": datetime(9999, 12, 31, tzinfo=UTC)}, "an_event_is_in_our_centuries"),
        ({"starts_at": datetime(1, 1, 2, tzinfo=UTC)}, "an_event_is_in_our_centuries"),
        ({"latitude": Decimal(1)}, "an_event_is_at_a_point_or_nowhere"),
        ({"latitude": Decimal(91), "longitude": Decimal(0)}, "an_event_is_on_earth"),
        ({"latitude": Decimal(0), "longitude": Decimal(181)}, "an_event_is_on_earth"),
    ],
)
def test_the_database_refuses_what_no_form_would_let_through(wrong: dict[str, Any], constraint: str) -> None:
    page = make_event()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        stored().filter(pk=page.pk).update(**wrong)


def test_an_import_names_an_event_of_no_century_of_ours(tmp_path: Path) -> None:
    line = {"id": "e-1", "type": "event", "headline": "Вічна", "starts_at": "9999-12-31T00:00:00+00:00"}

    report = import_lines([json.dumps(line)], tmp_path)

    assert report.failed == 1
    assert "starts_at" in report.as_text()


def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "events", "--check", "--dry-run", verbosity=0)
