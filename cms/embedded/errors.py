"""The one exception of this room."""


class EmbeddedError(RuntimeError):
    """The embedded servers cannot run. The message is for the person at the terminal and says what to do."""
