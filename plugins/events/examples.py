"""What the conformance suite fills a page and a block with."""

from typing import Any

examples: dict[str, dict[str, Any]] = {
    "event": {
        "starts_at": "2027-05-14T18:30:00+03:00",
        "ends_at": "2027-05-14T20:30:00+03:00",
        "status": "scheduled",
        "place_name": "Будинок культури",
        "address": "вул. Портова, 5, Осокорів",
        "latitude": "46.482526",
        "longitude": "30.723309",
        "organizer": "Міська бібліотека",
        "organizer_url": "https://library.example.org/",
        "price": "100 гривень",
        "registration_url": "https://library.example.org/reg/",
    }
}
blocks: dict[str, Any] = {"events_upcoming": {"heading": "Куди піти", "limit": 3}}
