"""As many LibreOffices as the settings say, each at a place that a new one takes when the old one fails or is worn."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from service.errors import ConversionError, Problem
from service.printing.office.converter_settings import PATIENCE, ConverterSettings
from service.printing.office.office import Office, OfficeLost, no_room


class Place:
    """Where one LibreOffice works: the one there, the one that will follow it, and whether a new one is starting."""

    def __init__(self) -> None:
        self.office: Office | None = None
        self.following: Office | None = None
        self.is_preparing = True
        self.is_waiting = True
        """Whether the place is free again only once the new one is ready."""
        self.not_before = 0.0


class OfficePool:
    """The places; one is taken for each document and given back after it."""

    def __init__(self, settings: ConverterSettings, folder: Path) -> None:
        self.settings = settings
        self.folder = folder
        self._free: list[Place] = []  # the one used last is the warmest
        self._all: set[Office] = set()
        self._changed = threading.Condition()
        self._ended = False
        for _ in range(settings.processes):
            self._begin_preparing(Place())

    def convert(self, docx: bytes, export: Mapping[str, bool | int], still_working: Callable[[], None]) -> bytes:
        """The PDF; raises ConversionError for a document that cannot be read, OfficeLost when LibreOffice is lost.

        What `still_working` raises ends LibreOffice: what it is doing then is not known.
        """
        place = self._take(still_working)
        try:
            office = self._office_at(place, still_working)
            pdf = office.convert(docx, export, still_working)
        except ConversionError:
            self._give_back(place)
            raise
        except BaseException:
            self._give_up(place)
            raise
        self._give_back(place)
        return pdf

    def end(self) -> None:
        """End every LibreOffice."""
        with self._changed:
            self._ended = True
            for office in self._all:
                office.end()
            self._all.clear()

    def _take(self, still_working: Callable[[], None]) -> Place:
        while True:
            with self._changed:
                if self._free or (self._changed.wait(0.25) and self._free):
                    return self._free.pop()
            still_working()

    def _office_at(self, place: Place, still_working: Callable[[], None]) -> Office:
        """The LibreOffice of a place that was taken, started now where there is none or it has died."""
        office = place.office
        if office is None or not office.alive:
            self._end(office)
            place.office = None
            office = place.office = self._new_office()
            office.get_ready(still_working)
        return office

    def _give_back(self, place: Place) -> None:
        """Free for the next letter; a worn LibreOffice only until its successor is ready."""
        worn = place.office is not None and place.office.worn
        old = None
        with self._changed:
            if place.following:
                old, place.office, place.following = place.office, place.following, None
            elif worn and not place.is_preparing and time.monotonic() >= place.not_before:
                place.is_preparing = True
                self._begin_preparing(place)
            self._free_place(place)
        self._end(old)

    def _give_up(self, place: Place) -> None:
        """End what is at work there; the place is free once another is ready."""
        lost, place.office = place.office, None
        self._end(lost)
        with self._changed:
            if place.following:
                place.office, place.following = place.following, None
                self._free_place(place)
                return
            place.is_waiting = True
            if not place.is_preparing:
                place.is_preparing = True
                self._begin_preparing(place)

    def _begin_preparing(self, place: Place) -> None:
        threading.Thread(target=self._prepare, args=(place,), daemon=True).start()

    def _prepare(self, place: Place) -> None:
        """Start a LibreOffice for a place: at once its own where it is idle or waited for, else after its letter."""
        new = None
        try:
            new = self._start_ready()
        finally:  # whatever went wrong, somebody may be waiting for the place
            old = self._place(place, new)
        self._end(old)

    def _place(self, place: Place, new: Office | None) -> Office | None:
        """Put the new one, if there is one, where it belongs and free the place; the one that it replaces."""
        old = None
        with self._changed:
            place.is_preparing = False
            if new is None:  # whoever takes the place tries again and is told why not
                place.not_before = time.monotonic() + PATIENCE
            elif place.is_waiting or place in self._free:
                old, place.office = place.office, new
            else:
                place.following = new
            if place.is_waiting:
                place.is_waiting = False
                self._free_place(place)
        return old

    def _free_place(self, place: Place) -> None:
        self._free.append(place)
        self._changed.notify()

    def _start_ready(self) -> Office | None:
        """A new one that has done its first document, or none, with the reason in the log."""
        office = None
        try:
            office = self._new_office()
            office.get_ready(lambda: None)
        except (OfficeLost, ConversionError, OSError) as error:
            if not self._ended:
                sys.stderr.write(f"{error}\n")  # the log of the converter
            self._end(office)
            return None
        return office

    def _new_office(self) -> Office:
        with self._changed:
            if self._ended:
                raise OfficeLost(Problem("converter-gone", "The converter is ending."))
            try:
                office = Office(self.settings, self.folder)
            except OSError as error:
                raise ConversionError(no_room(error)) from None
            self._all.add(office)
            return office

    def _end(self, office: Office | None) -> None:
        if office is not None:
            with self._changed:
                self._all.discard(office)
            office.end()
