"""What pages of both types are filled with in tests, where the types of their fields don't tell."""

from typing import Any

examples: dict[str, dict[str, Any]] = {
    "podcast": {
        "owner_name": "Редакція",
        "owner_email": "podcast@example.org",
        "category": "News / Daily News",
        "second_category": "Society & Culture / Documentary",
        "funding_url": "https://example.org/support",
    },
    "episode": {
        "audio_url": "https://audio.example.org/harbour/1.mp3",
        "duration": "42:10",
        "audio_size": 40_480_000,
        "mime_type": "audio/mpeg",
        "season": 1,
        "episode": 1,
        "captions": "WEBVTT\n\n00:00:00.000 --> 00:00:02.500\n<v Олена>Доброго ранку, це порт.\n",
        "chapters": [
            {"start": "0:00", "title": "Вступ"},
            {"start": "2:30", "title": "Кран", "url": "https://example.org/crane"},
        ],
        "people": [{"name": "Гість ефіру", "role": "guest"}],
    },
}
