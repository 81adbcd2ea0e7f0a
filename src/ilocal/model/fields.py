"""Table of an event's fields, from which all other lists of fields are derived.

A new field is one row of `FIELDS` and no other edit: the attribute of `Event`, its key in TOML, JSON, CSV and
iCalendar, its column in the index, its line on an event's page, its entry in the JSON Schema, and its place in filters,
searches and completion follow from the row. `Event` annotates the attributes that code uses by name; others are added
by `model.event.declare_event_fields`. Only a new kind of value needs more than a row: the kinds with tables of
their own (`sections`, `translations`, `overrides`) have code where they are read and written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, Literal, NamedTuple, NoReturn

from ilocal.errors import UsageError
from ilocal.i18n.labels import translate_label
from ilocal.i18n.messages import N_, SOURCE_LANGUAGE, _, current_language, supported_languages, translate
from ilocal.model.safe_text import make_text_safe
from ilocal.model.text_folding import fold_text

STATUSES = ("tentative", "confirmed", "cancelled", "postponed")

# A text; a list of texts; a day, month, year or moment; a list of them; a moment at which something was written; a
# whole number; a list of tables.
FieldKind = Literal["text", "texts", "date", "dates", "timestamp", "number", "tables"]
# The value of a field that is absent.
EMPTY_VALUES_BY_KIND: dict[FieldKind, Any] = {
    "text": "", "texts": (), "date": None, "dates": (), "timestamp": None, "number": 0, "tables": (),
}  # fmt: skip


class Field(NamedTuple):
    """Properties of a field of an event. The order of the rows is the order in which fields are written."""

    name: str
    kind: FieldKind
    label: str = ""  # its heading, marked for translation
    help: str = ""  # a sentence on its content, marked for translation
    singular: str = ""  # its singular, used by users and options, if different: topic, repeat
    toml_name: str = ""  # its key in TOML, where that is another word: section
    synonyms: tuple[str, ...] = ()  # other names that people use, unrelated to the key
    ical_property: str = ""  # its property in a VEVENT of RFC 5545
    is_searched: bool = False  # by words without a field
    is_searchable: bool = False  # can be searched as `field:word`; implied by is_searched
    is_filterable: bool = False  # by a name in it, and its names are counted
    is_proper_name: bool = False  # two names that are spelled almost alike are likely to be one
    is_asked: bool = False  # by the form of `ilocal add`
    is_overridable: bool = False  # one occurrence of a series may have a different value
    is_automatic: bool = False  # ilocal keeps it itself
    is_internal: bool = False  # of the record, and no content: no reader of a page misses it
    is_settable: bool = True  # by `--set` and options
    is_stored: bool = True  # false: of an occurrence alone, which is computed
    is_rare: bool = False  # stored separately in the index, so that it costs nothing where absent
    is_detail: bool = True  # has a line of its own on an event's page
    shown_after: str = ""  # the field below which it is shown there, if not the previous one in this table

    @property
    def empty_value(self) -> Any:
        """The value of the field if it is absent."""
        return EMPTY_VALUES_BY_KIND[self.kind]


# fmt: off
FIELDS = (
    Field("title", "text", N_("Event"), N_("Title of the event; the only required field."),
          synonyms=("name", "tên", "tiêu đề"), ical_property="SUMMARY", is_searched=True, is_overridable=True,
          is_detail=False),
    Field("id", "text", N_("Id"), N_(
"Unique name of the event in commands, created "
"once from the year and the title."
),
          is_searchable=True, is_internal=True, shown_after="revision"),
    Field("start", "date", N_("Start"),
          N_(
'First day, such as 2020-02-25, 2020-02-25T08:30:00, "2020-02" or '
'"2020". Omit it if the date is to be announced.'
),
          synonyms=("date", "when", "begin", "ngày", "ngày bắt đầu"), ical_property="DTSTART", is_overridable=True,
          is_detail=False),
    Field("end", "date", N_("End"), N_(
"Last day of the event (inclusive), in the same form "
"as start. Omit it for a single day."
),
          synonyms=("ngày kết thúc",), ical_property="DTEND", is_overridable=True, is_detail=False),
    Field("timezone", "text", N_("Time zone"),
          N_("Time zone of the event, as an IANA name. If omitted, the registry's time zone."),
          ical_property="DTSTART", is_overridable=True, is_rare=True, is_detail=False),
    Field("rrule", "text", N_("Repeats"), N_("Recurrence rule (RFC 5545), such as FREQ=YEARLY;BYMONTH=6."), "repeat",
          ical_property="RRULE", is_rare=True),
    Field("rdates", "dates", N_("Also on"), N_("Additional occurrences of a series, in the same form as start."),
          "rdate",
          ical_property="RDATE", is_rare=True),
    Field("exdates", "dates", N_("Except on"), N_("Starts of the occurrences to skip."), "exdate",
          ical_property="EXDATE", is_rare=True),
    Field("location", "text", N_("Location"), N_("Location of the event."), synonyms=("place", "venue", "nơi"),
          ical_property="LOCATION", is_searched=True, is_filterable=True, is_proper_name=True, is_asked=True,
          is_overridable=True),
    Field("organizers", "texts", N_("Organizers"), N_("Organizers of the event."), "organizer",
          ical_property="ORGANIZER",
          synonyms=("đơn vị",),
          is_searched=True, is_filterable=True, is_proper_name=True, is_asked=True, is_overridable=True),
    Field("projects", "texts", N_("Projects"), N_("Projects that the event belongs to."), "project",
          is_searched=True, is_filterable=True, is_proper_name=True, is_asked=True, is_overridable=True),
    Field("topics", "texts", N_("Topics"), N_("Topics of the event, each in one or two words."), "topic",
          ical_property="CATEGORIES", is_searched=True, is_filterable=True, is_proper_name=True, is_asked=True,
          is_overridable=True),
    Field("kind", "text", N_("Kind"), N_("Kind of event: meeting, workshop, survey, publication."),
          is_searched=True, is_filterable=True, is_asked=True, is_overridable=True),
    Field("status", "text", N_("Status"), N_("Status of the event. [default: confirmed]"),
          synonyms=("tình trạng",), ical_property="STATUS",
          is_searchable=True, is_filterable=True, is_overridable=True),
    Field("language", "text", N_("Language"), N_(
"Language of the event (BCP 47). If "
"omitted, the registry's language."
),
          is_searchable=True, is_filterable=True, is_overridable=True, shown_after="participants"),
    Field("participants", "text", N_("Participants"), N_("Participants of the event."), "participant",
          synonyms=("thành phần",),
          is_searched=True, is_overridable=True),
    Field("url", "text", N_("Link"), N_("Address of the event's web page."), synonyms=("link", "đường dẫn"),
          ical_property="URL",
          is_searched=True, is_overridable=True),
    Field("uid", "text", N_("UID"), N_(
"UID of the event in calendars. If omitted, it consists "
"of the id and the registry's uid_domain."
),
          ical_property="UID", is_internal=True, is_settable=False, is_rare=True),
    Field("source", "text", N_("Source"), N_("Source of the event, such as a URL."), is_searched=True,
          is_internal=True),
    Field("created", "timestamp", N_("Created"), N_("Time at which ilocal added the event."), ical_property="CREATED",
          is_automatic=True, is_internal=True),
    Field("updated", "timestamp", N_("Updated"), N_("Time at which ilocal last changed the event."),
          ical_property="LAST-MODIFIED",
          is_overridable=True, is_automatic=True, is_internal=True),
    Field("revision", "number", N_("Revision"), N_("Number of times that ilocal changed the event."),
          ical_property="SEQUENCE",
          is_overridable=True, is_automatic=True, is_internal=True),
    Field("summary", "text", N_("Summary"), N_("Summary of the event in one or two sentences, in Markdown."),
          is_searched=True, is_overridable=True, is_detail=False),
    Field("description", "text", N_("Description"), N_("Description in Markdown."), ical_property="DESCRIPTION",
          is_searched=True, is_overridable=True, is_detail=False),
    Field("sections", "tables", N_("Sections"), N_(
"Sections of the event's page, each with "
"a heading: [[event.section]]."
), "section",
          toml_name="section", is_searched=True, is_detail=False),
    Field("translations", "tables", N_("Translations"),
          N_("Title and description in other languages: [event.translations.en]."), "translation",
          is_searched=True, is_detail=False),
    Field("overrides", "tables", N_("Changed"),
          N_("Occurrences that differ from their series: [[event.override]]."), "override",
          toml_name="override", ical_property="RECURRENCE-ID", shown_after="exdates"),
    Field("recurrence_id", "date", help=N_("Original start of the occurrence, according to the recurrence rule."),
          is_internal=True, is_stored=False, is_rare=True, is_detail=False),
)
# fmt: on
FIELDS_BY_NAME = {field.name: field for field in FIELDS}


def _select_event_field_names(
    is_wanted: Callable[[Field], object], fields: Iterable[Field] = FIELDS
) -> tuple[str, ...]:
    """Return the names of the fields of which `is_wanted` holds, in the order of the table."""
    return tuple([field.name for field in fields if is_wanted(field)])


def _select_event_fields_of_kind(kind: FieldKind) -> tuple[str, ...]:
    """Return the names of the fields of one kind that a registry may hold."""
    return _select_event_field_names(lambda field: field.kind == kind and field.is_stored)


# Every field of an event, in the order of the record.
FIELD_NAMES = tuple(FIELDS_BY_NAME)
TEXT_FIELDS = _select_event_fields_of_kind("text")
LIST_FIELDS = _select_event_fields_of_kind("texts")
DATE_FIELDS = _select_event_fields_of_kind("date")
DATE_LIST_FIELDS = _select_event_fields_of_kind("dates")
TIMESTAMP_FIELDS = _select_event_fields_of_kind("timestamp")
NUMBER_FIELDS = _select_event_fields_of_kind("number")
TABLE_FIELDS = _select_event_fields_of_kind("tables")
SETTABLE_FIELDS = _select_event_field_names(
    lambda field: field.is_settable and field.is_stored and not field.is_automatic and field.kind != "tables"
)
AUTOMATIC_FIELDS = _select_event_field_names(lambda field: field.is_automatic)
# Fields that may differ in one occurrence of a series; those that ilocal sets itself come last.
OVERRIDABLE_FIELDS = _select_event_field_names(
    lambda field: field.is_overridable, sorted(FIELDS, key=lambda field: field.is_automatic)
)
# Fields with names by which events are filtered and which are counted: those with several names first.
FILTERABLE_FIELDS = _select_event_field_names(
    lambda field: field.is_filterable, sorted(FIELDS, key=lambda field: field.kind != "texts")
)
FIELDS_BY_SINGULAR = {field.singular: field.name for field in FIELDS if field.singular}
# Keys of a registry's tables for the fields that are lists of tables.
TOML_NAMES_BY_FIELD = {field.name: field.toml_name for field in FIELDS if field.toml_name}
# The fields that a search without `field:` covers.
DEFAULT_SEARCH_FIELDS = _select_event_field_names(lambda field: field.is_searched)
SEARCHABLE_FIELDS = (
    *DEFAULT_SEARCH_FIELDS,
    *_select_event_field_names(lambda field: field.is_searchable and not field.is_searched),
)


def name_event_field_as_heading(name: str, lang: str) -> str:
    """Return the heading of a field in a language; for another name, such as a status, its `translate_label`."""
    field = FIELDS_BY_NAME.get(name)
    return translate(field.label, lang) if field and field.label else translate_label(name, lang)


_MIN_NAME_SIMILARITY = 0.75  # minimum difflib ratio between a name and the field proposed for it


def name_event_field(name: str, lang: str) -> str:
    """Return the name of a field for use in a sentence: in English its name, in other languages its label."""
    if lang == SOURCE_LANGUAGE:
        return name
    label = _("other keys") if name == "extra" else name_event_field_as_heading(name, lang)
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def find_field(name: str) -> str:
    """Return the field that a user calls `name`; "" if there is none.

    A field is found by its name, singular or plural, or its label in any language, ignoring case, accents and spaces.
    """
    field = FIELDS_BY_SINGULAR.get(name.lower(), name.lower())
    return field if field in FIELDS_BY_NAME else _find_event_fields_by_label().get(_squash(name), "")


def resolve_field_name(name: str) -> str:
    """Return the field that a user calls `name`, as `find_field` does. Raises UsageError if there is none."""
    return find_field(name) or _refuse_event_field_name(name, FIELD_NAMES)


def resolve_event_field_or_dates(name: str) -> str:
    """Return the column that a user calls `name`: a field, `when` (both dates) or `extra`. Raises UsageError."""
    if _squash(name) in _find_labels_of_event_dates():
        return "when"
    return name if name == "extra" else find_field(name) or _refuse_event_field_name(name, ("when", *FIELD_NAMES))


def _refuse_event_field_name(name: str, known: Sequence[str]) -> NoReturn:
    from difflib import get_close_matches  # needed for errors alone

    own_names = {_squash(one): one for one in known} | FIELDS_BY_SINGULAR
    names = own_names | _find_event_fields_by_label()
    near = get_close_matches(_squash(name), names, n=1, cutoff=_MIN_NAME_SIMILARITY)
    hint = (
        _("did you mean {name}?", name=own_names.get(near[0]) or name_event_field(names[near[0]], current_language()))
        if near
        else _("use one of {names}", names=", ".join(_name_known_fields(known)))
    )
    raise UsageError(_('unknown field "{name}"', name=make_text_safe(name)), hint=hint)


def _name_known_fields(names: Sequence[str]) -> list[str]:
    """Return the names of stored fields, as they are typed in the current language."""
    stored = [name for name in names if name not in FIELDS_BY_NAME or FIELDS_BY_NAME[name].is_stored]
    return [name_event_field(name, current_language()) for name in stored]


def _squash(name: str) -> str:
    """Return the letters and digits of a name, without case, accents and blanks."""
    return "".join(filter(str.isalnum, fold_text(name)))


@cache
def _find_event_fields_by_label() -> dict[str, str]:
    """Return the fields by their squashed labels in all languages and their synonyms."""
    synonyms = {_squash(name): field.name for field in FIELDS for name in field.synonyms}
    labels = {
        _squash(translate(field.label, lang)): field.name
        for lang in supported_languages()
        for field in FIELDS
        if field.label
    }
    return {**synonyms, **labels}


@cache
def _find_labels_of_event_dates() -> frozenset[str]:
    labels = (translate_label("when", lang) for lang in supported_languages())
    return frozenset(map(_squash, ("when", "dates", "thời gian", *labels)))
