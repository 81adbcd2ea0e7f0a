"""Names of months and weekdays in Vietnamese and English, and the headings of a list by month."""

from __future__ import annotations

from contextvars import ContextVar
from functools import lru_cache

from ilocal.i18n.messages import N_, translate
from ilocal.model.dates import PartialDate, Year

# For the languages in which dates are also read; other languages have their names and month format in their catalogue.
MONTH_NAMES = {
    "vi": ("Một", "Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười", "Mười Một", "Mười Hai"),
    "en": (N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August"),
           N_("September"), N_("October"), N_("November"), N_("December")),
}  # fmt: skip
WEEKDAY_NAMES = {
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "chủ nhật"),
    "en": (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday")),
}


# ---------------------------------------------------------------------------------------------------------------- show

DATE_FORMATS = ("ymd", "dmy", "iso")  # 2020/02/25, 25/02/2020, 2020-02-25
_date_format: ContextVar[str] = ContextVar("date_format", default=DATE_FORMATS[0])


def set_date_format(name: str) -> None:
    """Set the format in which dates are shown to people, one of DATE_FORMATS.

    Machine-readable output is always ISO 8601.
    """
    _date_format.set(name)


def current_date_format() -> str:
    """Return how dates are shown to people."""
    return _date_format.get()


def describe_month_of_date(point: PartialDate | None, lang: str, undated: str) -> str:
    """Return the heading of a list under which an event that starts at `point` appears: "Tháng Hai 2020", "2020"."""
    if point is None:
        return undated
    return (
        format_year_of_date(point, lang)
        if isinstance(point, Year)
        else _describe_month_and_year_of_date(point.year, point.month, lang)
    )


def name_month_in_sentence(point: PartialDate, lang: str) -> str:
    """Return a month or a year within a sentence, where Vietnamese writes it small: "tháng Hai 2020", "năm 2020"."""
    heading = describe_month_of_date(point, lang, "")
    return heading[:1].lower() + heading[1:] if lang == "vi" else heading


@lru_cache(maxsize=1 << 10)  # called for each event of a month
def _describe_month_and_year_of_date(year: int, month: int, lang: str) -> str:
    return translate(N_("{month} {year}"), lang).format(month=get_month_name_of_date(month, lang), year=f"{year:04}")


def format_year_of_date(year: Year, lang: str) -> str:
    """Return a year by itself: "Năm 2020", "2020"."""
    return translate(N_("{year}"), lang).format(year=year)


def get_month_name_of_date(month: int, lang: str) -> str:
    """Return the name of a month, 1 to 12: "Hai" (after "Tháng"), "February"."""
    return MONTH_NAMES[lang][month - 1] if lang in MONTH_NAMES else translate(MONTH_NAMES["en"][month - 1], lang)


def get_weekday_name_of_date(day: int, lang: str) -> str:
    """Return the name of a day of the week within a sentence, numbered from 0: "thứ Hai", "Monday"."""
    return WEEKDAY_NAMES[lang][day] if lang in WEEKDAY_NAMES else translate(WEEKDAY_NAMES["en"][day], lang)
