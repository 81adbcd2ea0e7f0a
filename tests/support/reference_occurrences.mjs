// Prints the beginnings of events and occurrences in calendar files as the library ical.js sees them.
//
// node reference_occurrences.mjs LIBRARY FILE...: a line for each file, as JSON: its beginnings from 2000 to 2030 as
// [uid, local time], or an error.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const FIRST = 2000, LAST = 2030, MOST_STEPS = 500000;
const [library, ...files] = process.argv.slice(2);
const { default: ICAL } = await import(pathToFileURL(library));

const two = (number, width = 2) => String(number).padStart(width, "0");

function written(time) {
  const day = `${two(time.year, 4)}-${two(time.month)}-${two(time.day)}`;
  return time.isDate ? day : `${day}T${two(time.hour)}:${two(time.minute)}:${two(time.second)}`;
}

function* beginnings(event) {
  if (!event.isRecurring()) {
    yield event.startDate;
    return;
  }
  const iterator = event.iterator();
  for (let steps = 0, next; steps < MOST_STEPS && (next = iterator.next()) && next.year <= LAST; steps++) {
    yield event.getOccurrenceDetails(next).startDate;
  }
}

function occurrences(text) {
  const parsed = ICAL.parse(text);
  const calendars = (typeof parsed[0] === "string" ? [parsed] : parsed).map((one) => new ICAL.Component(one));
  const found = [];
  for (const calendar of calendars) {
    for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
    const vevents = calendar.getAllSubcomponents("vevent");
    const isException = (one) => one.hasProperty("recurrence-id");
    for (const master of vevents.filter((one) => !isException(one))) {
      const uid = master.getFirstPropertyValue("uid");
      const exceptions = vevents.filter((one) => isException(one) && one.getFirstPropertyValue("uid") === uid);
      for (const time of beginnings(new ICAL.Event(master, { exceptions }))) {
        if (time.year >= FIRST && time.year <= LAST) found.push([uid ?? "", written(time)]);
      }
    }
  }
  return found;
}

for (const file of files) {
  let answer;
  try {
    answer = { file, occurrences: occurrences(readFileSync(file, "utf8")) };
  } catch (error) {
    answer = { file, error: String(error) };
  }
  console.log(JSON.stringify(answer));
}
