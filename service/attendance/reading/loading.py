"""Loads only the words that an object has: a record may have eighty, and a row gives about thirty of them.

marshmallow's own `load` asks every declared field in turn, which was two thirds of the time of reading a cohort; the
fields, their checks and their messages are the same here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, missing

from service.attendance.reading.value_kinds import Fault

MOST_ITEMS = 500
"""Events or contacts of one pupil; more is a mistake, or an attack on the search for misspelt words."""


class Objects(fields.List[Any]):
    """A list of objects, each with the words of one schema."""

    def __init__(self, schema: Schema, **kwargs: Any) -> None:
        super().__init__(fields.Nested(schema), **kwargs)
        self.schema = schema
        self.required_words = [word for word, field in schema.fields.items() if field.required]

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        if not isinstance(value, list):
            raise ValidationError(["Not a valid list."])
        if len(value) > MOST_ITEMS:
            sentence = f"Give at most {MOST_ITEMS} of them; there are {len(value):,}."
            raise ValidationError([Fault("too-many", sentence)])
        loaded, faults = [], {}
        for place, item in enumerate(value):
            try:
                loaded.append(self._load_item(item))
            except ValidationError as error:
                faults[place] = error.messages
        if faults:
            raise ValidationError(faults)
        return loaded

    def _load_item(self, item: Any) -> dict[str, Any]:
        if not isinstance(item, Mapping):
            raise ValidationError({"_schema": ["Invalid input type."]})
        absent = {word: missing for word in self.required_words if word not in item}
        return load_object(self.schema, {**item, **absent} if absent else item)


def load_object(schema: Schema, values: Mapping[str, Any]) -> dict[str, Any]:
    """The loaded words of an object. Raises ValidationError with every fault, in the order of the schema."""
    known = schema.fields
    loaded: dict[str, Any] = {}
    faults: dict[str, Any] = {}
    for word, value in values.items():
        field = known.get(word)
        if field is None:
            faults[word] = ["Unknown field."]
            continue
        try:
            known_value = value is not None and value is not missing and not field.validators
            loaded[word] = (field._deserialize if known_value else field.deserialize)(value, word, values)
        except ValidationError as error:
            faults[word] = error.messages
    if faults:
        raise ValidationError({word: faults[word] for word in dict.fromkeys((*known, *faults)) if word in faults})
    return loaded


def flatten_messages(messages: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each message of a ValidationError, with the words and places that lead to it."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from flatten_messages(inner, (*path, str(key)))
    else:
        for message in messages:
            yield path, message
