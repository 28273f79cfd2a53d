"""DRF serializers that turn a live page into the documents of its publication."""
