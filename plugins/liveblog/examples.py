"""What a page of this type may hold, for the conformance suite."""

examples = {"liveblog": {}}
