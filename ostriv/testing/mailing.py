"""How a plugin's content looks in a newsletter: in HTML and as plain text."""

from ostriv.testing import answers, newsroom, pages
from ostriv.testing.documents import raw_value
from ostriv.testing.subjects import Block, ContentType, for_each_block, for_each_type

__all__ = ["test_a_block_of_an_edition_is_mailed", "test_a_page_is_a_teaser_in_an_edition"]


@for_each_type
def test_a_page_is_a_teaser_in_an_edition(kind: ContentType) -> None:
    public, draft = pages.build(kind.model, title="Оприлюднене"), pages.build(kind.model, title="Чернетка", live=False)

    message = _mailed(("teasers", {"heading": "", "pages": [public.pk, draft.pk]}))

    for form, text in message.items():
        assert "Оприлюднене" in text, f"The {form} of an edition does not show a published {kind.name}."
        assert public.public_url in text, f"The {form} of an edition does not lead to a published {kind.name}."
        assert "Чернетка" not in text, f"The {form} of an edition shows the draft of a {kind.name}."
    answers.no_faults(kind.plugin.label)


@for_each_block("edition")
def test_a_block_of_an_edition_is_mailed(block: Block) -> None:
    empty = _mailed(("paragraph", "<p>Ранок.</p>"))

    message = _mailed(("paragraph", "<p>Ранок.</p>"), (block.declared.name, raw_value(block)))

    answers.no_faults(block.plugin.label)
    for form, text in message.items():
        assert len(text) > len(empty[form]), (
            f"The block {block.declared.name} adds nothing to the {form} of an edition: its `mail` gave nothing for "
            f"the example. Give {block.plugin.package}/examples.py a block that shows something."
        )


def _mailed(*content: tuple[str, object]) -> dict[str, str]:
    """Both forms of an edition with this content."""
    from cms.newsletters.rendering import render_edition

    edition = newsroom.make_edition(newsroom.make_newsletter(), *content)
    message = render_edition(edition)
    return {"HTML": message.html, "plain text": message.text}
