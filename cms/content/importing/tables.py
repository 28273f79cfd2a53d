"""Tables of HTML as the table block stores them."""

from collections.abc import Callable

from lxml import etree

#: More than this many columns are a mistake in ``colspan``.
MAX_SPAN = 100
_MORE_THAN_TEXT = {
    "table", "img", "figure", "blockquote", "iframe", "embed", "object", "video", "audio",
}  # fmt: skip


def read_table(table: etree._Element, text_of: Callable[[etree._Element], str]) -> dict | None:
    """The value of a table block, or None for a table that holds more than text, or lays a page out.

    ``text_of`` gives the text of a cell. Cells that span several columns or rows are followed by empty ones, so that
    every row has the same length.
    """
    if any(element.tag in _MORE_THAN_TEXT for element in table.iterdescendants()):
        return None
    rows = list(table.iter("tr"))
    if sum(1 for row in rows for cell in row if cell.tag in ("td", "th")) < 2:
        return None
    if _stray_text(table, rows):
        return None
    caption_element = table.find("caption")
    caption = text_of(caption_element) if caption_element is not None else ""
    data: list[list[str]] = []
    pending: dict[int, int] = {}  # column -> rows below that a cell from above still covers
    for row in rows:
        cells: list[str] = []

        def fill(cells: list[str] = cells) -> None:
            while pending.get(len(cells), 0):
                pending[len(cells)] -= 1
                cells.append("")

        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            fill()
            text = text_of(cell)
            down = _span(cell.get("rowspan"))
            for number in range(_span(cell.get("colspan"))):
                if down > 1:
                    pending[len(cells)] = down - 1
                cells.append("" if number else text)
        fill()
        data.append(cells)
    width = max((len(cells) for cells in data), default=0)
    data = [cells + [""] * (width - len(cells)) for cells in data]
    by_row = bool(rows) and _all_headers(rows[0])
    by_column = len(rows) > 1 and all(len(row) and row[0].tag == "th" for row in rows[1:])
    return {
        "data": data,
        "cell": [],
        "mergeCells": [],
        "first_row_is_table_header": by_row,
        "first_col_is_header": by_column,
        "table_header_choice": {
            (True, True): "both",
            (True, False): "row",
            (False, True): "column",
            (False, False): "neither",
        }[by_row, by_column],
        "table_caption": caption,
    }


def _span(value: str | None) -> int:
    return min(max(int(value), 1), MAX_SPAN) if value and value.isdigit() else 1


def _all_headers(row: etree._Element) -> bool:
    cells = [cell for cell in row if isinstance(cell.tag, str)]
    return bool(cells) and (row.getparent().tag == "thead" or all(cell.tag == "th" for cell in cells))


def _stray_text(table: etree._Element, rows: list[etree._Element]) -> bool:
    """Whether there is text in the table outside its cells and its caption."""
    for element in table.iter():
        if element.tag in ("table", "thead", "tbody", "tfoot", "tr"):
            texts = [element.text, *(child.tail for child in element)]
            if any((text or "").strip() for text in texts):
                return True
    return False
