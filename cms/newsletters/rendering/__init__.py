"""From an edition to a message: HTML through MJML, and plain text that is laid out, not stripped."""

from cms.newsletters.rendering.message import RenderedMessage, RenderingError, render_edition, render_note

__all__ = ["RenderedMessage", "RenderingError", "render_edition", "render_note"]
