"""HTML of other systems into blocks: every form that the blocks have, and not a visible word lost."""

import html
import random
import re

import pytest

from cms.content.importing.body import FileError, TooDeepError, convert


class Folder:
    """Stands for the files beside an import: one picture and one document."""

    def image(self, address, *, alt="", credit=""):
        if address.startswith(("http", "/")):
            return None
        if address != "photo.jpg":
            raise FileError("not beside the import file")
        return 7

    def document(self, address):
        return "9" if address == "plan.pdf" else None


def blocks(source, files=None):
    return convert(source, files or Folder()).blocks


def paragraph(source):
    (block,) = blocks(source)
    assert block["type"] == "paragraph"
    return block["value"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>Одне.</p>\n<p>Друге.</p>", "<p>Одне.</p><p>Друге.</p>"),
        ("Без елементів", "<p>Без елементів</p>"),
        ("до <p>усередині</p> після", "<p>до</p><p>усередині</p><p>після</p>"),
        ("<div><div><p>a</p></div>b</div>", "<p>a</p><p>b</p>"),
        ('<p>«Лапки», “quotes”, "прямі" і &amp; &lt;</p>', '<p>«Лапки», “quotes”, "прямі" і &amp; &lt;</p>'),
        ("<p>  багато \n\t пробілів  </p>", "<p>багато пробілів</p>"),
        ("<p>нерозривний&nbsp;пробіл</p>", "<p>нерозривний\u00a0пробіл</p>"),
        ("<p>a <strong>b <em>c</em></strong> d</p>", "<p>a <b>b <i>c</i></b> d</p>"),
        ("<p><i>a <b>b</b></i></p>", "<p><i>a </i><b><i>b</i></b></p>"),
        ("<p><del>a</del> x<sup>2</sup> H<sub>2</sub>O</p>", "<p><s>a</s> x<sup>2</sup> H<sub>2</sub>O</p>"),
        ("<p>a<br>b</p>", "<p>a<br/>b</p>"),
        ("перший<br><br>другий<br>рядок", "<p>перший</p><p>другий<br/>рядок</p>"),
        ("<p>a</p><hr><p>b</p>", "<p>a</p><hr/><p>b</p>"),
        ("<ul><li>a</li><li>b <b>c</b></li></ul>", "<ul><li>a</li><li>b <b>c</b></li></ul>"),
        ("<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>", "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"),
        ("<ul><li><p>a</p><p>b</p></li></ul>", "<ul><li>a<br/>b</li></ul>"),
        ("<dl><dt>слово</dt><dd>значення</dd></dl>", "<p><b>слово</b></p><p>значення</p>"),
        ('<a href="https://a.example/?x=1&amp;y=2">л</a>', '<p><a href="https://a.example/?x=1&amp;y=2">л</a></p>'),
        ('<a href="//a.example/"><b>a</b> b</a>', '<p><a href="https://a.example/"><b>a</b> b</a></p>'),
        ('<a href="mailto:a@b.example">лист</a>', '<p><a href="mailto:a@b.example">лист</a></p>'),
        ('<a href="plan.pdf">план</a>', '<p><a linktype="document" id="9">план</a></p>'),
        ("<p>він сказав <q>так</q></p>", "<p>він сказав «так»</p>"),
        ("<pre>a  b\nc</pre>", "<p>a\u00a0\u00a0b<br/>c</p>"),
        ("<p onclick='x()' style='color:red' class='y'>a</p>", "<p>a</p>"),
        ("<p>ну\x00льовий</p>", "<p>нульовий</p>"),
        ("<p></p><p> </p><div><br></div>x", "<p>x</p>"),
    ],
)
def test_running_text(source, expected):
    assert paragraph(source) == expected


def test_headings_take_one_of_two_levels():
    found = blocks("<h1>A</h1><h2>B <b>c</b></h2><h3>C</h3><h5>D</h5><p>x</p>")
    assert [(block["type"], block["value"]) for block in found[:4]] == [
        ("heading", {"text": "A", "level": "2"}),
        ("heading", {"text": "B c", "level": "2"}),
        ("heading", {"text": "C", "level": "3"}),
        ("heading", {"text": "D", "level": "3"}),
    ]


def test_a_heading_longer_than_the_block_takes_is_kept_as_text():
    result = convert(f"<h2>{'слово ' * 60}</h2>")
    assert result.blocks[0]["type"] == "paragraph"
    assert result.changed


@pytest.mark.parametrize(
    ("source", "text", "attribution"),
    [
        ("<blockquote>Слова</blockquote>", "Слова", ""),
        (
            "<blockquote><p>Одне</p><p>друге</p><footer>— Ганна, мерка</footer></blockquote>",
            "Одне\n\nдруге",
            "Ганна, мерка",
        ),
        ("<blockquote><p>Слова <cite>Ганна</cite></p></blockquote>", "Слова", "Ганна"),
        ("<figure><blockquote>Слова</blockquote><figcaption>Ганна</figcaption></figure>", "Слова", "Ганна"),
        ("<blockquote>У <cite>книзі</cite> сказано</blockquote>", "У книзі сказано", ""),
    ],
)
def test_quotes(source, text, attribution):
    (block,) = blocks(source)
    assert block == {"type": "quote", "value": {"text": text, "attribution": attribution, "role": ""}}


def test_pictures_beside_the_file_become_blocks_in_their_place():
    found = blocks('<p>до <img src="photo.jpg" alt="Міст"> після</p>')
    assert [block["type"] for block in found] == ["paragraph", "image", "paragraph"]
    assert found[1]["value"] == {"image": 7, "caption": "", "credit": ""}


def test_a_figure_gives_its_caption():
    for source in (
        '<figure><img src="photo.jpg"><figcaption>Міст, <i>2019</i></figcaption></figure>',
        '<figure><figcaption>Міст, 2019</figcaption><img src="photo.jpg"></figure>',
    ):
        (block,) = blocks(source)
        assert block["value"]["caption"] == "Міст, 2019"


def test_several_pictures_in_a_figure_are_a_gallery():
    (block,) = blocks(
        '<figure><figure><img src="photo.jpg"><figcaption>a</figcaption></figure><img src="photo.jpg"></figure>'
    )
    assert block["type"] == "gallery"
    assert [entry["value"]["caption"] for entry in block["value"]["images"]] == ["a", ""]


@pytest.mark.parametrize(
    ("address", "name"),
    [("https://cdn.example/a%20b.jpg", "picture elsewhere"), ("lost.jpg", "picture not beside the import file")],
)
def test_a_picture_that_is_not_here_is_kept_as_a_link_and_counted(address, name):
    result = convert(f'<p>a <img src="{address}" alt="Міст"></p>', Folder())
    assert result.blocks[0]["value"] == f'<p>a <a href="{address}">Міст</a></p>'
    assert result.changed == {f"{name}, kept as a link": 1}


@pytest.mark.parametrize(
    ("source", "address"),
    [
        (
            '<iframe src="//www.youtube.com/embed/dQw4w9WgXcQ?start=30"></iframe>',
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=30s",
        ),
        (
            '<iframe src="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"></iframe>',
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        ),
        (
            '<object><embed src="http://www.youtube.com/v/dQw4w9WgXcQ&fs=1"></object>',
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        ),
        ('<iframe src="https://player.vimeo.com/video/1234567"></iframe>', "https://vimeo.com/1234567"),
        (
            '<iframe src="https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Ffb.example%2Fv%2F1"></iframe>',
            "https://fb.example/v/1",
        ),
        ('<iframe src="https://t.me/kanal/15?embed=1"></iframe>', "https://t.me/kanal/15"),
        ('<iframe src="https://maps.example/embed?x=1"></iframe>', "https://maps.example/embed?x=1"),
        ('<video controls><source src="https://a.example/v.mp4" type="video/mp4"></video>', "https://a.example/v.mp4"),
    ],
)
def test_embeds(source, address):
    (block,) = blocks(source)
    assert (block["type"], block["value"]["url"]) == ("embed", address)


def test_tables():
    (block,) = blocks(
        "<table><caption>Тарифи</caption><thead><tr><th>Рік</th><th colspan=2>Ціна</th></tr></thead>"
        "<tr><td rowspan=2>2024</td><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>"
    )
    value = block["value"]
    assert value["data"] == [["Рік", "Ціна", ""], ["2024", "1", "2"], ["", "3", "4"]]
    assert (value["table_caption"], value["table_header_choice"]) == ("Тарифи", "row")


def test_a_table_that_lays_a_page_out_is_taken_apart():
    result = convert('<table><tr><td>a <img src="photo.jpg"></td><td><h3>b</h3></td></tr></table>', Folder())
    assert [block["type"] for block in result.blocks] == ["paragraph", "image", "heading"]
    assert result.changed
    assert paragraph("<table><tr><td>одна клітинка</td></tr></table>") == "<p>одна клітинка</p>"


def test_what_is_lost_is_named_and_counted():
    result = convert(
        "<script>var a = '<p>ні</p>';</script><style>p{}</style><p>так</p><!-- ні --><form><input value=1></form>"
        '<marquee>текст</marquee><h2><a href="https://a.example/">б</a></h2><a href="javascript:alert(1)">в</a><img>'
    )
    assert result.dropped == {
        "script": 1,
        "style": 1,
        "comment": 1,
        "input": 1,
        "address of a link in a heading": 1,
        "picture without a usable address": 1,
    }
    assert result.changed == {"<marquee>, its text kept": 1, "link without a usable address, its text kept": 1}
    assert visible(result.blocks) == ["так", "текст", "б", "в"]


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        '<p onmouseover="alert(1)">x</p>',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="&#106;avascript:alert(1)">x</a>',
        '<img src=x onerror="alert(1)">',
        '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
        "<svg><script>alert(1)</script></svg>",
        "<scr<script>ipt>alert(1)</script>",
        '<a href="https://a.example/&quot; onclick=&quot;alert(1)">x</a>',
    ],
)
def test_nothing_that_runs_gets_through(source):
    for block in blocks(source):
        value = str(block["value"])
        assert "script" not in value.lower()
        for tag in re.findall(r"<[^>]*>", value):
            assert re.fullmatch(r'</?(p|b|i|s|sup|sub|br|hr|ul|ol|li|a)( href="[^"<>]*")?/?>', tag), tag


def test_html_nested_beyond_reason_is_refused():
    with pytest.raises(TooDeepError, match="more than 150"):
        convert("<div>" * 1000 + "x")
    assert convert("<div>" * 100 + "x").blocks


# --- not a word is lost, whatever the HTML ---

_NAMES = [
    "p",
    "div",
    "b",
    "i",
    "a",
    "span",
    "ul",
    "ol",
    "li",
    "blockquote",
    "h2",
    "h4",
    "table",
    "figure",
    "font",
    "em",
]
_NAMES += [
    "cite",
    "section",
    "sup",
    "center",
    "pre",
    "custom-x",
    "dl",
    "dd",
    "details",
    "footer",
    "figcaption",
    "br",
    "hr",
]
_NAMES += ["img", "td", "tr", "u"]


class Maker:
    """Random HTML, well and badly formed, and the words that a browser would show, in order."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.words = []

    def word(self):
        word = f"слово{len(self.words)}"
        self.words.append(word)
        return word

    def text(self):
        return (
            self.random.choice(["", " ", "\n"])
            + " ".join(self.word() for _ in range(self.random.randrange(1, 4)))
            + " "
        )

    def flow(self, depth):
        return "".join(
            self.element(depth - 1) if depth and self.random.random() < 0.6 else self.text()
            for _ in range(self.random.randrange(4))
        )

    def element(self, depth):
        name = self.random.choice(_NAMES)
        if name in ("br", "hr"):
            return f"<{name}>"
        if name == "img":
            return '<img src="photo.jpg">'
        if name == "a":
            return f'<a href="https://a.example/{depth}">{self.inline()}</a>'
        if name == "table":
            rows = "".join(
                "<tr>" + "".join(f"<td>{self.flow(depth)}</td>" for _ in range(self.random.randrange(1, 4))) + "</tr>"
                for _ in range(self.random.randrange(1, 4))
            )
            return f"<table>{rows}</table>"
        if name in ("td", "tr", "li"):
            name = "li"
            return f"<ul><li>{self.flow(depth)}</li><li>{self.flow(depth)}</ul>"
        closing = "" if name in ("p", "li", "dd") and self.random.random() < 0.3 else f"</{name}>"
        return f"<{name} class='x'>{self.flow(depth)}{closing}"

    def inline(self):
        return self.random.choice(["{}", "<b>{}</b>", "<span><i>{} </i></span>"]).format(self.text())


def visible(found):
    """The words of blocks, in the order in which a reader meets them."""
    words = []
    for block in found:
        value = block["value"]
        if block["type"] == "paragraph":
            words += html.unescape(re.sub(r"<[^>]+>", " ", value)).split()
        elif block["type"] == "quote":
            words += f"{value['text']} {value['attribution']}".split()
        elif block["type"] == "table":
            words += value["table_caption"].split()
            words += [word for row in value["data"] for cell in row for word in cell.split()]
        elif block["type"] == "gallery":
            words += [word for entry in value["images"] for word in entry["value"]["caption"].split()]
        else:
            words += (value.get("text") or value.get("caption") or value.get("title") or "").split()
    return words


@pytest.mark.parametrize("seed", range(40))
def test_every_visible_word_is_in_the_blocks_in_order(seed):
    for number in range(25):
        maker = Maker(seed * 1000 + number)
        source = maker.flow(7)
        assert visible(blocks(source)) == maker.words, source
