"""Guessing passwords of the admin."""

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.urls import reverse
from redis.exceptions import ConnectionError as RedisConnectionError

from cms.project.login import FAILURES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def people():
    cache.clear()
    for name in ("olena", "petro"):
        User.objects.create_superuser(name, f"{name}@example.org", "right")


def log_in(client, name="olena", password="wrong", address="192.0.2.1"):
    form = {"username": name, "password": password}
    return client.post(reverse("wagtailadmin_login"), form, REMOTE_ADDR=address, headers={"Accept-Language": "uk"})


def test_one_address_guesses_so_often_only(client):
    for number in range(FAILURES):
        assert "Забагато" not in log_in(client, name=f"user{number}").content.decode()
    refused = log_in(client, password="right")
    assert "Забагато невдалих спроб" in refused.content.decode()
    assert log_in(client, password="right", address="192.0.2.2").status_code == 302


def test_one_name_is_guessed_at_so_often_only(client):
    for number in range(FAILURES):
        log_in(client, name=("olena", "Olena ")[number % 2], address=f"192.0.2.{number}")
    assert "Забагато" in log_in(client, password="right", address="192.0.2.99").content.decode()
    assert log_in(client, name="petro", password="right", address="192.0.2.99").status_code == 302


def test_who_gets_in_starts_anew(client):
    for number in range(FAILURES - 1):
        log_in(client, address=f"192.0.2.{number}")
    assert log_in(client, password="right", address="192.0.2.98").status_code == 302
    client.logout()
    log_in(client, address="192.0.2.99")
    assert log_in(client, password="right", address="192.0.2.99").status_code == 302


def test_without_redis_nobody_is_kept_out(client, monkeypatch):
    def down(*args, **kwargs):
        raise RedisConnectionError

    for method in ("get_many", "add", "incr", "delete"):
        monkeypatch.setattr(f"cms.project.login.cache.{method}", down, raising=False)
    assert log_in(client).status_code == 200
    assert log_in(client, password="right").status_code == 302


def test_one_subscriber_guesses_so_often_only_whatever_the_address(client):
    for number in range(FAILURES):
        log_in(client, name=f"user{number}", address=f"2001:db8:1:2::{number}")
    assert "Забагато" in log_in(client, password="right", address="2001:db8:1:2:ffff::9").content.decode()
    assert log_in(client, password="right", address="2001:db8:1:3::9").status_code == 302
