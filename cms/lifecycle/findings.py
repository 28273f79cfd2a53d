"""What a check finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that is not as the contract wants it, and what to do. A ``hint`` is advice: it fails no check."""

    where: str
    said: str
    remedy: str = ""
    hint: bool = False

    def line(self) -> str:
        """The finding in one line."""
        return f"{'hint: ' if self.hint else ''}{self.where}: {self.said}{f' {self.remedy}' if self.remedy else ''}"
