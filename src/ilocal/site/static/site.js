// What depends on the day on which a page is read: what is running, what is coming, what is over.
// The pages are right without it; the lists by month have every event in any case.
"use strict";

(() => {
  const page = document.documentElement;
  const zone = page.dataset.timezone || undefined;

  // The day in the time zone of the registry, as 2020-02-25.
  function findToday() {
    const asked = new URLSearchParams(location.search).get("today");
    if (asked && /^\d{4}-\d{2}-\d{2}$/.test(asked)) return asked;
    try {
      return new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date());
    } catch {
      return new Date().toISOString().slice(0, 10);
    }
  }

  // The days of an item: "2020-02-25/2020-02-29 2020-03-03/2020-03-03".
  function readDays(element) {
    return (element.dataset.days || "").split(" ").filter(Boolean).map((days) => days.split("/"));
  }

  const today = findToday();

  // The state of an event: the days that count now, and whether they run, come or are over.
  function findState(element) {
    const days = readDays(element);
    const now = days.find(([first, last]) => first <= today && today <= last);
    if (now) return { name: "vague" in element.dataset ? "coming" : "running", first: now[0], last: now[1] };
    const next = days.filter(([first]) => first > today).sort()[0];
    if (next) return { name: "coming", first: next[0], last: next[1] };
    return days.length ? { name: "over", first: "", last: "" } : null;
  }

  function makeItem(item, state) {
    const copy = document.createElement("li");
    const title = document.createElement("p");
    title.className = "title";
    title.append(item.querySelector("a").cloneNode(true));
    const when = document.createElement("p");
    when.className = "when";
    const own = [...item.querySelectorAll(".when [data-first]")].find((one) => one.dataset.first === state.first);
    when.append(own ? own.cloneNode(true) : item.querySelector(".when").textContent.trim());
    const place = item.querySelector(".place");
    if (own && place) when.append(" · ", place.cloneNode(true));
    const link = title.querySelector("a");
    if (link.lang) title.lang = link.lang;
    copy.append(title, when);
    return copy;
  }

  function showComing(section) {
    const found = { running: [], coming: [] };
    for (const item of document.querySelectorAll("li[data-days]")) {
      if ("off" in item.dataset) continue;
      const state = findState(item);
      if (state && state.name !== "over") found[state.name].push({ item, state });
    }
    const key = (one) => one.state.first + one.state.last;
    for (const name of ["running", "coming"]) {
      const list = section.querySelector(`[data-list="${name}"]`);
      const seen = new Set();
      found[name].sort((a, b) => (name === "running" ? a.state.last.localeCompare(b.state.last) : key(a).localeCompare(key(b))));
      for (const { item, state } of found[name]) {
        const address = item.querySelector("a").getAttribute("href");
        if (seen.has(address)) continue;
        seen.add(address);
        list.append(makeItem(item, state));
      }
      list.parentElement.hidden = !seen.size;
    }
    section.querySelector("[data-nothing]").hidden = Boolean(found.running.length + found.coming.length);
    section.hidden = false;
  }

  const section = document.getElementById("coming");
  if (section) showComing(section);
  for (const element of document.querySelectorAll("[data-state-of-event]")) {
    const state = findState(element);
    if (!state) continue;
    element.textContent = element.dataset[state.name];
    element.hidden = false;
  }

  // Calendars are subscribed to at their whole address, which a page does not know before it is published.
  if (location.protocol.startsWith("http")) {
    for (const link of document.querySelectorAll("a[data-webcal]")) {
      const address = new URL(link.getAttribute("href"), location.href);
      link.href = address.href.replace(/^https?:/, "webcal:");
    }
    for (const code of document.querySelectorAll("code[data-address]")) {
      code.textContent = new URL(code.dataset.address, location.href).href;
    }
  }
})();
