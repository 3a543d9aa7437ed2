"""What was said before is known again."""

from __future__ import annotations

from news_factory import EVENTS, article, told

from wiredesk.stories import Signal, signal
from wiredesk.stories.repeats import Said

TEXT = " ".join(EVENTS["docks"][1])


def again(first: Signal, second: Signal) -> bool:
    """Tell whether one is known again on the day after, and on the same day."""
    after, same = Said([second]).repeats([Said([first])]), Said([first, second]).repeats([])
    assert after == same[1:]
    return after == [first.article]


def piece(name: str, title: str, text: str = TEXT, provider: str = "mill.example") -> Signal:
    return signal(article(name, title, text, provider=provider))


def test_the_very_same_words_are_known_whoever_says_them() -> None:
    """Where there are enough of them to tell an article by."""
    assert again(told("a", "docks", provider="x.example"), told("b", "docks", provider="y.example"))
    assert not again(piece("a", "Daily weather"), piece("b", "Daily weather"))


def test_nearly_the_same_words_are_known_of_one_provider() -> None:
    """Others' are copies or their own reports: that is judged elsewhere."""
    first, second = "Crane drivers strike in Port Ellery", "Crane drivers strike in Port Ellery (2)"

    assert again(piece("a", first), piece("b", second, f"{TEXT} Update."))
    assert not again(piece("a", first), piece("b", second, f"{TEXT} Update.", provider="other.example"))


def test_a_template_is_not_what_it_tells() -> None:
    """Another headline over the same text is another piece, and so is another text under a like headline."""
    assert not again(
        piece("a", "Shares of Castellan fall in Sund"), piece("b", "Shares of Vantor Cells rise in Haelis")
    )
    assert not again(
        piece("a", "Crane drivers strike in Port Ellery"),
        piece("b", "Crane drivers strike in Port Ellery again", EVENTS["storm"][1][0]),
    )


def test_a_bare_headline_is_known_by_all_its_words_only() -> None:
    """In headlines one word is the news."""
    assert again(piece("a", "Aske votes for harbour plan", ""), piece("b", "Aske votes for harbour plan", ""))
    assert not again(piece("a", "Aske votes for harbour plan", ""), piece("b", "Sund votes for harbour plan", ""))


def test_of_many_the_first_is_named() -> None:
    """And a flood does not make the search longer."""
    flood = [piece(f"{n:02}", f"Crane drivers strike in Port Ellery ({n})", f"{TEXT} Edition {n}.") for n in range(50)]
    late = Said([piece("x", "Crane drivers strike in Port Ellery (77)")])

    assert Said(flood).repeats([]) == [None, *["00"] * 49]
    assert late.repeats([Said(flood[:25]), Said(flood[25:])]) == ["00"]
    assert late.repeats([Said([]), Said(flood[25:]), Said(flood[:25])]) == ["25"]


def test_the_same_words_outweigh_nearly_the_same_of_one_day() -> None:
    """Whoever said them, and who said nearly the same before."""
    title, other = "Crane drivers strike in Port Ellery", "Crane drivers strike in Port Ellery (2)"
    before = Said([piece("a", other), piece("b", title, provider="other.example"), piece("c", title)])

    assert Said([piece("d", title)]).repeats([before]) == ["b"]
    assert before.repeats([]) == [None, None, "b"]
