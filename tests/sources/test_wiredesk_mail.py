"""Newsletters: what they link to, and what of it is nobody's business."""

import base64
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.errors import UnreadableError
from wiredesk.records import Page
from wiredesk.sources.mail import MAX_LINKS, read_mail, undo_redirect

HTML = """<html><body><table><tr><td>
<a href="https://letter.example/view?id=1">View in your browser</a>
<h2>Ferry line orders a second electric ship</h2>
<p>The yard at Grimholt will build the hull, and the batteries come from Sund.
 <a href="https://click.letter.example/CL0/https:%2F%2Fpaper.example%2Fferry%3Futm_source=x/1/0100">Read more</a></p>
<p><a href="https://paper.example/cod">Cod quota is cut by a fifth</a>: fishermen in Aske said that the smaller catch
 would cost every third boat its season.</p>
<p><a href="https://paper.example/cod#more"><img src="x.png" alt="Fish"></a></p>
<a href="https://facebook.com/letter">Facebook</a> <a href="https://www.instagram.com/p/1">On Instagram, as ever</a>
<a href="https://paper.example/">The home page of the paper</a>
<a href="https://letter.example/u/12345">Unsubscribe from this list</a>
<a href="https://letter.example/manage-preferences/9">Choose what you receive from us</a>
<a href="mailto:desk@letter.example">Write to us at any time</a></td></tr></table></body></html>"""


def mail(html: str | None = HTML, text: str | None = None, **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = headers.get("sender", "Harbour Letter <desk@letter.example>")
    message["Subject"] = headers.get("subject", "This week in the harbour")
    message["Date"] = headers.get("date", "Mon, 07 Sep 2026 08:00:00 +0200")
    if text is not None:
        message.set_content(text)
    if html is not None:
        if text is None:
            message.set_content(html, subtype="html")
        else:
            message.add_alternative(html, subtype="html")
    return message


def page(data: bytes | EmailMessage) -> Page:
    body = data if isinstance(data, bytes) else data.as_bytes()
    url = "file:///newsletters/letter.eml"
    at = datetime(2026, 9, 8, tzinfo=UTC)
    return Page(url=url, final_url=url, status=200, headers=(), body=body, fetched_at=at)


def test_links_become_items_with_title_and_the_words_around():
    """A "read more" has the heading's title and the paragraph's words; redirects are undone; furniture is left out."""
    found = read_mail(page(mail()))

    assert (found.sender, found.subject) == ("Harbour Letter", "This week in the harbour")
    assert [(item.url, item.title) for item in found.items] == [
        ("https://paper.example/ferry?utm_source=x", "Ferry line orders a second electric ship"),
        ("https://paper.example/cod", "Cod quota is cut by a fifth"),
    ]
    assert found.items[0].summary.startswith("The yard at Grimholt")
    assert not found.items[0].summary.endswith("Read more")
    assert found.items[1].summary.startswith("fishermen in Aske")
    assert {item.published_at for item in found.items} == {datetime(2026, 9, 7, 6, tzinfo=UTC)}
    assert {item.source_url for item in found.items} == {"file:///newsletters/letter.eml"}
    assert found.problems == ()


def test_nothing_that_acts_for_the_reader_is_taken():
    """Asking for one of these would end a subscription, or confirm one."""
    labels = [
        "Unsubscribe here at once",
        "Abmelden vom Newsletter",
        "Se désabonner de la lettre",
        "Update your profile",
    ]
    labels += ["Confirm your subscription", "Forward this email to a friend", "View this email in your browser"]
    html = "".join(f'<p><a href="https://letter.example/x/{n}">{label}</a></p>' for n, label in enumerate(labels))
    html += '<p><a href="https://letter.example/unsubscribe?u=1">A headline that lies about itself</a></p>'

    found = read_mail(page(mail(html)))

    assert found.items == ()
    assert "none of the 8 links" in found.problems[0].what


def test_plain_text_is_read_where_there_is_no_html():
    """The title is what stands before the address, or the line above it."""
    text = (
        "Hello,\n\nFerry line orders a second ship\nThe yard at Grimholt builds it.\nhttps://paper.example/ferry.\n\n"
        "* Cod quota is cut by a fifth <https://paper.example/cod>\n\nUnsubscribe: https://letter.example/u/1\n"
    )
    found = read_mail(page(mail(None, text)))

    assert [(i.url, i.title, i.summary) for i in found.items] == [
        ("https://paper.example/ferry", "Ferry line orders a second ship", "The yard at Grimholt builds it."),
        ("https://paper.example/cod", "Cod quota is cut by a fifth", ""),
    ]


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252"])
@pytest.mark.parametrize("coding", ["base64", "quoted-printable"])
def test_charsets_and_codings(charset, coding):
    """Words arrive as they were sent."""
    message = EmailMessage()
    message["From"] = "Hafenbrief <x@letter.example>"
    html = '<p><a href="https://paper.example/f">Fähre läuft über den Sund</a></p>'
    message.set_content(html, subtype="html", charset=charset, cte=coding)

    assert [i.title for i in read_mail(page(message)).items] == ["Fähre läuft über den Sund"]


def test_nested_parts_and_attachments():
    """The HTML of a mixed, related, alternative mail is found; attachments are not looked at."""
    message = mail(HTML, "text")
    message.get_payload()[1].add_related(b"\x89PNG", "image", "png", cid="<a>")
    message.add_attachment(
        b"<a href='https://evil.example/x'>An attachment with a headline</a>", "text", "html", filename="a.html"
    )

    assert [i.url for i in read_mail(page(message)).items] == [
        "https://paper.example/ferry?utm_source=x",
        "https://paper.example/cod",
    ]


def test_broken_headers_and_wrong_charset_names_are_read():
    """What can be read is read."""
    raw = (
        b"From: =?utf-8?q?H=C3=A4fen?= <a@b.example>\nSubject: =?nope?x?broken\nDate: yesterday\n"
        b"Content-Type: text/html; charset=no-such-thing\nContent-Transfer-Encoding: base64\n\n"
        + base64.b64encode('<a href="https://paper.example/ü">Ferry über alles, a headline</a>'.encode())
        + b"\n!!!"
    )
    found = read_mail(page(raw))

    assert found.sender == "Häfen"
    assert found.sent_at is None
    assert [i.title for i in found.items] == ["Ferry über alles, a headline"]


def test_a_mail_of_many_links_is_bounded():
    """Three hundred, and it is told."""
    html = "".join(f'<p><a href="https://paper.example/{n}">Headline of the article {n}</a></p>' for n in range(400))
    found = read_mail(page(mail(html)))

    assert len(found.items) == MAX_LINKS
    assert "more than 300 links" in found.problems[0].what


def test_parts_in_parts_without_end_are_refused():
    """The library would take hours for them."""
    raw = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n"

    with pytest.raises(UnreadableError, match="more than 200 parts"):
        read_mail(page(raw + b"--x\nContent-Type: multipart/mixed; boundary=x\n\n" * 200_000))


@pytest.mark.parametrize(
    ("data", "what"),
    [(b"", "not a mail"), (b"<html>no mail</html>", "not a mail"), (b"From: a@b.example\n\n", "no text")],
)
def test_what_is_no_mail_is_told(data, what):
    """Each with its reason."""
    with pytest.raises(UnreadableError, match=what):
        read_mail(page(data))


@pytest.mark.parametrize(
    ("given", "target"),
    [
        ("https://c.example/?url=https%3A%2F%2Fp.example%2Fa%3Fb%3D1", "https://p.example/a?b=1"),
        ("https://www.google.com/url?q=https://p.example/a&sa=D", "https://p.example/a"),
        ("https://click.example/CL0/https:%2F%2Fp.example%2Fa/1/0", "https://p.example/a"),
        (
            "https://track.example/r/" + base64.urlsafe_b64encode(b"https://p.example/a").decode().rstrip("="),
            "https://p.example/a",
        ),
        (
            "https://click.example/?d=" + base64.urlsafe_b64encode(b'{"u":"https://p.example/a"}').decode(),
            "https://p.example/a",
        ),
        ("https://p.example/a?ref=letter", "https://p.example/a?ref=letter"),
        ("https://bit.example/3xYz", "https://bit.example/3xYz"),
        ("https://c.example/?url=javascript:alert(1)", "https://c.example/?url=javascript:alert(1)"),
    ],
)
def test_redirects_that_carry_their_target_are_undone(given, target):
    """By parameter, path or Base64; nobody is asked."""
    assert undo_redirect(given) == target


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=400)
    | st.tuples(st.text(max_size=40), st.text(max_size=80)).map(
        lambda t: f"From: {t[0]}\nContent-Type: {t[0]}\n\n<a href='https://a.example/{t[1]}'>{t[1]}</a>".encode(
            "utf-8", "replace"
        )
    )
    | st.text(max_size=60).map(lambda t: mail(f"<p><a href='http://a.example/{t}'>{t}{t}</a>{t}").as_bytes())
)
def test_never_raises_anything_else(data):
    """Any bytes are a mail or an UnreadableError."""
    try:
        found = read_mail(page(data))
    except UnreadableError:
        return

    assert all(item.url.startswith(("http://", "https://")) for item in found.items)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60).map(lambda t: "https://click.example/?url=" + t) | st.text(max_size=80))
def test_undoing_ends(url):
    """Any text gives a text, and what is undone stays."""
    once = undo_redirect(url)

    assert isinstance(once, str)
