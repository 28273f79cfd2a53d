"""Structured data for search engines."""

from typing import Any

from plugins.podcast.documents import audio_of
from plugins.podcast.models import EpisodePage, PodcastShowPage
from plugins.podcast.pictures import artwork_of
from plugins.podcast.timecode import iso_duration

Json = dict[str, Any]


def podcast_series(page: PodcastShowPage, common: Json) -> Json:
    """https://schema.org/PodcastSeries"""
    cover = artwork_of(page.artwork)
    return {
        "@context": common["@context"],
        "@type": "PodcastSeries",
        "mainEntityOfPage": common["mainEntityOfPage"],
        "name": page.title,
        "description": common["description"],
        "url": page.public_url,
        "inLanguage": common["inLanguage"],
        "webFeed": page.feed_url,
        "author": {"@type": "Organization", "name": page.author} if page.author else common["author"],
        **({"image": cover["url"]} if cover else {}),
    }


def podcast_episode(page: EpisodePage, common: Json) -> Json:
    """https://schema.org/PodcastEpisode. Of the show only its address: its name may be a draft's."""
    audio = audio_of(page)
    found: Json = {
        **{key: value for key, value in common.items() if key not in ("headline", "articleSection")},
        "@type": "PodcastEpisode",
        "name": page.title,
        "url": page.public_url,
    }
    if audio:
        length = iso_duration(audio["duration"])
        found["timeRequired"] = length
        found["associatedMedia"] = {
            "@type": "AudioObject",
            "contentUrl": audio["url"],
            "encodingFormat": audio["mime"],
            "contentSize": str(audio["size"]),
            "duration": length,
        }
    if page.episode:
        found["episodeNumber"] = page.episode
    if page.season:
        found["partOfSeason"] = {"@type": "PodcastSeason", "seasonNumber": page.season}
    if page.show:
        found["partOfSeries"] = {"@type": "PodcastSeries", "url": page.show.public_url}
    return found
