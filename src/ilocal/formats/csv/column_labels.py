"""Column names for people: labels in each language for writing, and many synonyms for reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from ilocal.i18n.messages import N_, supported_languages, translate
from ilocal.model.event import Event
from ilocal.model.fields import FIELDS, STATUSES, name_event_field_as_heading
from ilocal.model.text_folding import fold_text
from ilocal.model.value_labels import KIND_LABELS, describe_event_value

# Columns that people fill in, in reading order; others are for programs.
PEOPLE_COLUMNS = (
    "title", "start", "end", "location", "organizers", "projects", "topics", "kind", "status", "participants", "url",
    "summary", "description", "id", "updated", "revision",
)  # fmt: skip
_OTHER_LABELS = {"extra": N_("Other keys"), "action": N_("Action"), "recurrence_id": N_("Occurrence of")}

# Names that always mean a field. Vietnamese first, as offices write them; all are compared folded.
_SYNONYMS: Mapping[str, Sequence[str]] = {
    "title": ("tên", "tên sự kiện", "tên hoạt động", "tiêu đề", "event name", "event title", "name"),
    "start": ("ngày bắt đầu", "thời gian bắt đầu", "từ ngày", "ngày khai mạc", "start date", "start time", "from"),
    "end": ("ngày kết thúc", "thời gian kết thúc", "đến ngày", "ngày bế mạc", "end date", "end time", "to"),
    "location": ("địa điểm tổ chức", "nơi", "nơi tổ chức", "place", "venue"),
    "organizers": ("đơn vị", "đơn vị chủ trì", "cơ quan tổ chức", "chủ trì", "organizer", "organiser", "organisers",
                   "organized by", "host"),
    "projects": ("thuộc dự án", "project"),
    "topics": ("chủ đề", "lĩnh vực", "topic", "subject area"),
    "kind": ("loại sự kiện", "loại hình", "type", "event type"),
    "status": ("trạng thái", "tình trạng"),
    "participants": ("thành phần", "người tham dự", "khách mời", "đại biểu", "attendees"),
    "url": ("đường dẫn", "trang web", "website", "web", "url"),
    "rrule": ("lặp", "định kỳ", "chu kỳ", "tần suất", "repeat", "recurrence", "recurs", "frequency"),
    "action": ("thao tác",),
    "id": ("mã sự kiện", "event id"),
}  # fmt: skip
# Names that mean a field only where no other column does: the same word heads different columns in different offices.
_WEAK_SYNONYMS: Sequence[tuple[str, str]] = (
    ("ngày", "when"), ("ngày tháng", "when"), ("ngày diễn ra", "when"), ("ngày tổ chức", "when"),
    ("thứ, ngày", "when"), ("date", "when"), ("dates", "when"),
    ("nội dung", "title"), ("nội dung công việc", "title"), ("hoạt động", "title"), ("công việc", "title"),
    ("nội dung", "description"), ("ghi chú", "description"), ("diễn giải", "description"), ("notes", "description"),
    ("thời gian", "when"), ("time", "when"), ("thời gian", "time"), ("giờ", "time"), ("time", "time"),
    ("hours", "time"),
)  # fmt: skip
_REMOVE_WORDS = ("remove", "xóa")


def add_rule_column(columns: Sequence[str], events: Iterable[Event]) -> tuple[str, ...]:
    """Return the columns with that that tells how events recur, behind their dates, if any does."""
    if "rrule" in columns or not any(event.rrule for event in events):
        return tuple(columns)
    at = columns.index("end") + 1
    return (*columns[:at], "rrule", *columns[at:])


def label_csv_column(column: str, lang: str) -> str:
    """Return the label of a column in a language."""
    return (
        translate(_OTHER_LABELS[column], lang) if column in _OTHER_LABELS else name_event_field_as_heading(column, lang)
    )


@cache
def _find_unambiguous_csv_labels() -> dict[str, str]:
    """Return the fields by the folded names that mean only them: labels of all languages, and synonyms."""
    columns = [*(field.name for field in FIELDS if field.label), *_OTHER_LABELS]
    found = {fold_text(label_csv_column(column, lang)): column for lang in supported_languages() for column in columns}
    for field, names in _SYNONYMS.items():
        for name in names:
            found.setdefault(fold_text(name), field)
    return found


def name_people_columns(header: Sequence[str], known: Mapping[str, str], mapped: Mapping[int, str]) -> list[str]:
    """Return the field of each column, "" for none.

    Arguments:
        header: the names of the columns.
        known: fields by their own folded names.
        mapped: fields that the user assigned to columns, by index.

    A synonym names a column only if no other column is that field.
    """
    strong = _find_unambiguous_csv_labels()
    names = [fold_text(name) for name in header]
    found = [mapped.get(n, known.get(name, "")) for n, name in enumerate(names)]
    taken = Counter(filter(None, found))
    for n, name in enumerate(names):
        field = strong.get(name, "")
        if not found[n] and n not in mapped and field and not taken[field]:
            found[n] = field
    taken = Counter(filter(None, found))
    for weak, field in _WEAK_SYNONYMS:
        at = next((n for n, name in enumerate(names) if name == fold_text(weak) and not found[n]), None)
        if at is None or at in mapped or taken[field] or not _is_csv_column_wanted(field, taken):
            continue
        found[at] = field
        taken[field] += 1
    return found


def _is_csv_column_wanted(field: str, taken: Mapping[str, int]) -> bool:
    """Return whether a column may be this field, given the others: a date, or else a time of day."""
    has_date = bool(taken["start"] or taken["when"])
    return {"when": not has_date, "time": has_date}.get(field, True)


def count_known_columns(header: Sequence[str], known: Mapping[str, str]) -> int:
    """Return how many columns of a header name a field."""
    return sum(bool(field) for field in name_people_columns(header, known, {}))


def list_values_of_csv_column(column: str, lang: str) -> list[str]:
    """Return the values that a column usually has, as people read them in a language; as they are stored for ""."""
    known = {"status": STATUSES, "kind": tuple(KIND_LABELS)}.get(column, ())
    return [describe_event_value(column, value, lang) if lang else value for value in known]


def is_removal_word_in_csv(text: str) -> bool:
    """Return whether a cell of the column `action` requests the removal of its event."""
    return fold_text(text) in {fold_text(word) for word in _REMOVE_WORDS}
