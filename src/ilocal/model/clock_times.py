"""Times of day as people write them: `08:30`, `8h30`, `14 giờ 30 phút`, `2 giờ chiều`, `2-4pm`, `8:30 (GMT+7)`.

All texts here are as `date_parser` prepares them: lower case, without accents, every dash a hyphen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, time, timedelta, timezone

from ilocal.errors import DateError
from ilocal.i18n.messages import _

# Parts of the day: the hours of a 12-hour clock that mean the afternoon there, and the 24-hour hours within them.
# Ambiguous hours (midnight at night: of which day?) are in neither.
_NOON, _EVENING, _NIGHT = ((1, 2), (10, 14)), ((6, 11), (18, 23)), ((8, 11), (19, 23))
_MORNING, _AFTERNOON, _NEVER = ((0, -1), (0, 11)), ((1, 6), (13, 18)), (0, -1)
DAY_PARTS = {
    "sang": _MORNING, "sang som": _MORNING, "morning": _MORNING, "rang sang": (_NEVER, (0, 6)), "trua": _NOON,
    "chieu": _AFTERNOON, "afternoon": _AFTERNOON, "chieu toi": ((4, 7), (16, 19)), "toi": _EVENING,
    "evening": _EVENING, "dem": _NIGHT, "night": _NIGHT, "khuya": _NIGHT,
}  # fmt: skip
DAY_PART = f"(?:{'|'.join(sorted(DAY_PARTS, key=len, reverse=True))})"
_HALVES = {"am": "am", "sa": "am", "pm": "pm", "ch": "pm"}  # sáng and chiều, as Windows has them
_TIME_PATTERN = re.compile(
    r"(?P<h>[0-9]{1,2})"
    r"(?::(?P<min>[0-9]{2})(?::(?P<sec>[0-9]{2})(?P<us>\.[0-9]{1,6})?)?"
    r"|(?P<unit> ?(?:h|g|gio))"
    r"(?: ?(?P<hmin>[0-9]{2})(?: ?(?:p|ph|phut|['’′]))?| (?P<few>[0-9]) ?phut| (?P<ruoi>ruoi)"
    r"| kem (?P<less>[0-9]{1,2})(?: ?phut)?)?"
    r"|(?= ?(?:am|pm|sa|ch)\b))"
    rf"(?: ?(?P<half>am|pm|sa|ch)|,? (?:buoi )?(?P<part>{DAY_PART}))?"
    r"(?:,? ?(?P<zone>z|utc(?:[+-][0-9]{1,2}(?::?[0-9]{2})?)?|[+-][0-9]{2}:?[0-9]{2}))?"
)
_RANGE_SEPARATOR = re.compile(r" ?(?<!utc)- ?| to | (?:cho )?(?:den|toi) ")


def parse_clock_time(source: str, part: str = "") -> time | None:
    """Return the time of day that `source` means; None if it is not a time.

    `part` is the part of the day (morning, afternoon) that applies if `source` has none of its own. Raises DateError
    for a time that does not exist.
    """
    found = _TIME_PATTERN.fullmatch(source)
    if found is None or (part and (found["part"] or found["half"])):
        return None
    return _build_clock_time(found, part or found["part"] or "", found["half"] or "")


def parse_clock_range(source: str, part: str = "") -> tuple[time, time] | None:
    """Return the two times of `8h-11h30`, `từ 2 giờ đến 4 giờ chiều`, `2-4pm`; None for anything else.

    A part of the day, am or pm, a unit or a time zone that is written only at the end applies to both times.
    """
    body = re.sub("^(?:from|tu) ", "", source)
    for cut in _RANGE_SEPARATOR.finditer(body):
        end = _TIME_PATTERN.fullmatch(body[cut.end() :])
        if end is None or (part and (end["part"] or end["half"])):
            continue
        left = body[: cut.start()]
        start = _TIME_PATTERN.fullmatch(left)
        if start is None and left.isdecimal() and (end["unit"] or end["half"]):
            start = _TIME_PATTERN.fullmatch(f"{left}h")
        if start is None or (part and (start["part"] or start["half"])):
            continue
        return _build_range_of_clock_times(start, end, part or end["part"] or "")
    return None


def _build_range_of_clock_times(start: re.Match[str], end: re.Match[str], part: str) -> tuple[time, time]:
    last = _build_clock_time(end, part, end["half"] or "")
    if start["part"] or start["half"]:
        readings = [(start["part"] or "", start["half"] or "")]
    else:
        halves = [half for half in ("pm", "am") if end["half"]]
        readings = [*([(part, "")] if part else []), *(("", half) for half in halves), ("", "")]
    first = next(_iterate_start_times(start, readings, last), None)
    if first is None:
        first = _build_clock_time(start, start["part"] or "", start["half"] or "")
    zone = first.tzinfo or last.tzinfo
    return first.replace(tzinfo=zone), last.replace(tzinfo=last.tzinfo or zone)


def _iterate_start_times(found: re.Match[str], readings: list[tuple[str, str]], last: time) -> Iterator[time]:
    """Yield the readings of the first time of a range that are not after its last one."""
    for part, half in readings:
        try:
            first = _build_clock_time(found, part, half)
        except DateError:
            continue
        if first.replace(tzinfo=None) <= last.replace(tzinfo=None):
            yield first


def _build_clock_time(found: re.Match[str], part: str, half: str) -> time:
    hour, minute = int(found["h"]), int(found["min"] or found["hmin"] or found["few"] or 0)
    if found["ruoi"]:
        minute = 30
    second = int(found["sec"] or 0)
    if half:
        if not 1 <= hour <= 12:
            raise DateError(_("{hour} {half} is not a valid time", hour=hour, half=half))
        hour = hour % 12 + (12 if _HALVES[half] == "pm" else 0)
    elif part:
        (first, last), (early, late) = DAY_PARTS[part]
        if first <= hour <= last:
            hour += 12
        elif not early <= hour <= late:
            raise DateError(_("the hour does not match the part of the day"))
    if found["less"]:
        hour, minute = hour - 1, 60 - int(found["less"])
    if not 0 <= hour <= 23 or not 0 <= minute <= 59 or second > 59:
        raise DateError(_("{time} is not a valid time", time=found.group()))
    microsecond = int((found["us"] or ".0")[1:].ljust(6, "0"))
    return time(hour, minute, second, microsecond, tzinfo=_parse_utc_offset(found["zone"]))


def _parse_utc_offset(source: str | None) -> timezone | None:
    if source is None:
        return None
    offset = source.removeprefix("utc")
    if offset in ("z", ""):
        return UTC
    digits = offset[1:].replace(":", "")
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    if hours > 23 or minutes > 59:
        raise DateError(_("unknown time zone {zone}", zone=source.upper()))
    length = timedelta(hours=hours, minutes=minutes)
    return timezone(-length if offset[0] == "-" else length)
