"""Words of the pages, used by templates in the language of the page."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace

from ilocal.i18n.messages import N_, translate

PAGE_WORDS = {
    "skip": N_("Skip to content"),
    "home": N_("Events"),
    "archive": N_("All years"),
    "archive_help": N_("All years with events, and the number of events that begin in each."),
    "undated": N_("To be announced"),
    "undated_help": N_("Events whose date is not known yet."),
    "topics": N_("Topics"),
    "projects": N_("Projects"),
    "organizers": N_("Organizers"),
    "locations": N_("Locations"),
    "topic": N_("Topic"),
    "project": N_("Project"),
    "organizer": N_("Organizer"),
    "location": N_("Location"),
    "search": N_("Search"),
    "about": N_("Subscribe"),
    "navigation": N_("Main navigation"),
    "languages": N_("Languages"),
    "running": N_("Happening now"),
    "coming": N_("Upcoming"),
    "over": N_("Past"),
    "nothing_coming": N_("There are no upcoming events at present. The most recent ones are listed below."),
    "earlier": N_("Continuing from earlier years"),
    "more_years": N_("Earlier years"),
    "date": N_("Date"),
    "month_unknown": N_("Month not known yet"),
    "no_events": N_("There are no events here yet."),
    "updated": N_("Last updated"),
    "calendar": N_("Calendar"),
    "add_to_calendar": N_("Add to your calendar"),
    "subscribe": N_("Subscribe to this calendar"),
    "subscribe_help": N_("New and changed events then appear in your calendar on their own, usually within a day."),
    "download_calendar": N_("Calendar file (.ics)"),
    "address": N_("Address of the calendar"),
    "feed_from": N_("This calendar has the events from {day} on; earlier ones are in the calendars of their years."),
    "feed_all": N_("This calendar has every event whose day is known."),
    "years_as_calendars": N_("A calendar for each year"),
    "news": N_("New and changed events"),
    "news_help": N_("For feed readers: an entry for each event that was added or changed."),
    "news_empty": N_("There are no entries at present, because it is not recorded when events were added."),
    "google": N_("Google Calendar: under “Other calendars” choose “From URL” and paste the address. Google looks for "
                 "changes about once a day; this cannot be made faster."),
    "outlook": N_(
"Outlook: in the calendar, choose “Add calendar” and "
"“Subscribe from web”, and paste the address."
),
    "apple": N_(
"Apple: press the button above, or choose “New Calendar "
"Subscription” from the “File” menu and paste the address."
),
    "about_text": N_("These pages, the calendars and the search are made from one public list of events. They set no "
                     "cookies, count no visitors and load nothing from other sites."),
    "search_label": N_("Words to search for; accents are optional"),
    "search_button": N_("Search"),
    "search_script": N_("The search needs JavaScript. Without it, events can be found by year."),
    "search_working": N_("Searching …"),
    "search_none": N_("No events found."),
    "search_one": N_("1 event found."),
    "search_all": N_("{count} events found."),
    "search_some": N_("{count} events found; the newest {shown} are shown."),
    "search_more": N_("More than {shown} events found; the newest are shown."),
    "search_next": N_("Show more"),
    "search_no_words": N_("Type at least one word."),
    "search_failed": N_("The search index cannot be loaded."),
    "search_help": N_("How to search"),
    "search_help_words": N_("Every word must occur, in any order. Accents that you type must match."),
    "search_help_phrase": N_("these words next to each other"),
    "search_help_prefix": N_("words that start with these letters"),
    "search_help_without": N_("without this word"),
    "search_help_field": N_("only in the title; other fields: {names}"),
    "not_found": N_("Page not found"),
    "not_found_text": N_("There is no page at this address. The event may have been renamed or removed."),
    "also_written": N_("Also written: {names}"),
    "occurrences": N_("Dates"),
}  # fmt: skip
LANGUAGE_NAMES = {"vi": "Tiếng Việt", "en": "English"}  # each in itself


@cache
def make_page_words_for_templates(lang: str) -> SimpleNamespace:
    """Return the words of pages in a language as templates get them: `w.search`."""
    return SimpleNamespace(**list_page_words_by_language(lang))


@cache
def list_page_words_by_language(lang: str) -> dict[str, str]:
    """Return the words of pages in a language, by their names in templates."""
    return {name: translate(message, lang) for name, message in PAGE_WORDS.items()}
