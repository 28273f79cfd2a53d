"""What the conformance suite fills a press review and a digest with, where types don't tell."""

examples = {
    "pressreview": {
        "pieces": [
            {
                "outlet": "Портовий вісник",
                "title": "Кран працює",
                "url": "https://visnyk.example.org/kran",
                "archive_url": "https://archive.example.org/kran",
                "country": "Україна",
                "language": "uk",
                "quote": "Підйом запланували на четвер",
                "comment": "Обережно з числами",
            }
        ]
    }
}
blocks = {
    "pressreview_digest": {
        "heading": "Що пишуть інші",
        "review": None,
        "pieces": [
            {
                "type": "item",
                "id": "7f0c2a52-0f0e-4f0e-9a52-3b0e4f0e9a52",
                "value": {
                    "outlet": "Портовий вісник",
                    "title": "Кран працює",
                    "url": "https://visnyk.example.org/kran",
                    "quote": "Підйом запланували на четвер",
                },
            }
        ],
    }
}
