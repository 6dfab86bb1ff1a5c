"""What a template holds that is not typeset here, with its place in Word."""

from __future__ import annotations

from typing import Final

from service.word.parts import Element, W, w

PLACE: Final = "place"  # the attribute that holds a paragraph's number in its part
LABEL: Final = "label"  # the attribute of a part's root that says what a person calls it
LETTER: Final = "the letter"


class Unknowns:
    """Collects each construct once: "the text box in paragraph 4"."""

    def __init__(self) -> None:
        self._found: dict[str, None] = {}

    def note(self, what: str, element: Element = None) -> None:
        """Remember a construct, and where it stands."""
        place = "" if element is None else _place_of(element)
        self._found[f"{what} in {place}" if place else what] = None

    @property
    def sentences(self) -> tuple[str, ...]:
        """Everything that was found, in its order."""
        return tuple(self._found)

    def forget_since(self, before: tuple[str, ...]) -> None:
        """Take out what was noted after `before`, where it turns out not to be used."""
        self._found = dict.fromkeys(before)


def stamp(root: Element, label: str) -> Element:
    """The same tree with its paragraphs numbered as `check` numbers them."""
    root.set(LABEL, label)
    for number, paragraph in enumerate(root.iter(w("p")), 1):
        paragraph.set(PLACE, str(number))
    return root


def _place_of(element: Element) -> str:
    line = [element, *element.iterancestors()]
    label = line[-1].get(LABEL, "")
    style = next((one for one in line if one.tag == w("style")), None)
    if style is not None:
        return _name_style(style)
    paragraph = next((one for one in line if one.get(PLACE)), None)
    if paragraph is None:
        paragraph = next((one for one in element.iter(w("p")) if one.get(PLACE)), None)
    if paragraph is None:
        return str(label)
    spot = f"paragraph {paragraph.get(PLACE)}"
    return spot if label == LETTER else f"{label}, {spot}"


def _name_style(style: Element) -> str:
    name = style.find(w("name"))
    return f'the style "{name.get(f"{W}val") if name is not None else style.get(f"{W}styleId", "")}"'
