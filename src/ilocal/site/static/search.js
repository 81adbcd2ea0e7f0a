// The search of the site: answers what `ilocal search` answers, from the scripts in search/, without a server.
//
// The first part knows nothing of a page: words, terms, matching, as ilocal.model.text_folding and
// ilocal.model.search_terms have them. The second part loads segments, and the third is the page.
"use strict";

const ilocalSearch = (() => {
  // ------------------------------------------------------------------------------------------------------------ words

  const MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b4-\u17d3";
  const WORD = new RegExp(`(?:[\\p{L}\\p{N}][\u0300-\u036f${MARKS}]*)+`, "gu");
  const COMBINING = /[\u0300-\u036f]/g;
  const TONES = /[\u0300\u0301\u0303\u0309\u0323]/g; // huyền, sắc, ngã, hỏi, nặng
  const TONE_AT_END = /[\u0300\u0301\u0303\u0309\u0323]*$/;
  const LOOKALIKES = [
    ["\u00f0", "đ"], ["\u0256", "đ"], ["d\u0335", "đ"], ["d\u0336", "đ"], ["\u01a3", "u\u031b"], ["a\u030c", "a\u0306"],
  ];

  // Lower case as Unicode folds it, which differs from toLowerCase in a few letters.
  function foldCase(text) {
    return text.toLowerCase()
      .replace(/[ß\u0345ς\u1c80-\u1c88]/g, (letter) => letter.toUpperCase().toLowerCase())
      .replace(/[\u13f8-\u13fd\uab70-\uabbf]/g, (letter) => letter.toUpperCase());
  }

  // Letters and their marks apart, without case, look-alikes as the letters of Vietnamese they stand for.
  function decomposeText(text) {
    let found = foldCase(text.normalize("NFKD")).normalize("NFKD");
    for (const [wrong, right] of LOOKALIKES) found = found.split(wrong).join(right);
    return found;
  }

  function splitWords(text) {
    return decomposeText(text).match(WORD) || [];
  }

  function stripMarks(letters) {
    return letters.replace(COMBINING, "").replace(/đ/g, "d");
  }

  // A word with its marks, the tone last, and without.
  function extractWordForms(word) {
    const base = word.replace(TONES, "");
    return [base + [...(word.match(TONES) || [])].sort().join(""), stripMarks(base)];
  }

  function splitTone(marked) {
    const tone = TONE_AT_END.exec(marked)[0];
    return [marked.slice(0, marked.length - tone.length), tone];
  }

  const wordForms = new Map();

  // The marked and the plain spelling of a word; y and i are one letter after a consonant, after qu and alone.
  function normalizeWord(word) {
    let forms = wordForms.get(word);
    if (forms) return forms;
    let [marked, plain] = extractWordForms(word);
    if (plain.endsWith("y") && (!"aeiouy".includes(plain.slice(-2, -1) || "-") || plain.endsWith("quy"))) {
      plain = plain.slice(0, -1) + "i";
      const [base, tone] = splitTone(marked);
      if (base.endsWith("y")) marked = base.slice(0, -1) + "i" + tone;
    }
    forms = [marked, plain];
    wordForms.set(word, forms);
    return forms;
  }

  function normalizeWords(text) {
    return splitWords(text).map(normalizeWord);
  }

  // Where in a text each of its words begins and ends.
  function findWordSpans(text) {
    const origin = [];
    let letters = "", at = 0;
    for (const character of text) {
      const parts = decomposeText(character);
      for (let n = 0; n < parts.length; n++) origin.push([at, at + character.length]);
      letters += parts;
      at += character.length;
    }
    return [...letters.matchAll(WORD)].map((found) => [
      origin[found.index][0], origin[found.index + found[0].length - 1][1],
    ]);
  }

  // ------------------------------------------------------------------------------------------------------------ terms

  function isWordMatch(phrase, n, found) {
    const [marked, plain] = phrase.words[n];
    if (!phrase.isPrefix || n < phrase.words.length - 1) return marked === plain ? found[1] === plain : found[0] === marked;
    if (marked === plain) return found[1].startsWith(plain);
    const [base, tone] = splitTone(marked), [foundBase, foundTone] = splitTone(found[0]);
    return foundBase.startsWith(base) && (!tone || tone === foundTone);
  }

  // Where in the words of a text a phrase begins.
  function findPositions(phrase, words) {
    const found = [];
    for (let at = 0; at + phrase.words.length <= words.length; at++) {
      let n = 0;
      while (n < phrase.words.length && isWordMatch(phrase, n, words[at + n])) n++;
      if (n === phrase.words.length) found.push(at);
    }
    return found;
  }

  const MOST_PHRASES = 32;

  // A phrase, and what it says with an alias in the place of the words it stands for, in either direction.
  function expandAliases(phrase, pairs) {
    const found = [phrase], known = new Set([JSON.stringify(phrase)]);
    for (const current of found) {
      for (const [old, other] of pairs) {
        for (let at = 0; at + old.length <= current.length; at++) {
          const typed = current.slice(at, at + old.length);
          if (!findPositions({ words: typed }, old).includes(0)) continue;
          // Typed without marks, the other side is sought without marks as well.
          const isPlain = typed.every(([marked, plain]) => marked === plain);
          const otherSide = isPlain ? other.map(([, plain]) => [plain, plain]) : other;
          const wider = [...current.slice(0, at), ...otherSide, ...current.slice(at + old.length)];
          const key = JSON.stringify(wider);
          if (known.has(key) || found.length >= MOST_PHRASES) continue;
          known.add(key);
          found.push(wider);
        }
      }
    }
    return found;
  }

  function makeAliasPairs(aliases) {
    const pairs = [];
    for (const [short, longs] of aliases) {
      for (const long of longs) {
        const one = normalizeWords(short), other = normalizeWords(long);
        if (one.length && other.length) pairs.push([one, other], [other, one]);
      }
    }
    return pairs;
  }

  // One argument of `ilocal search`: words side by side, `*` behind the last, `field:` before them. Null without a word.
  function parseTerm(argument, index) {
    const colon = argument.indexOf(":");
    let field = colon < 0 ? undefined : index.fieldNames.get(argument.slice(0, colon).trim().toLowerCase());
    const rest = field === undefined ? argument : argument.slice(colon + 1);
    field = field || "";
    const words = normalizeWords(rest);
    if (!words.length) return null;
    if (!rest.trimEnd().endsWith("*")) {
      return { field, phrases: expandAliases(words, index.aliasPairs).map((phrase) => ({ words: phrase, isPrefix: false })) };
    }
    // The word so far may be whole (`kỳ*` finds `kì`) or go on (`ky*` finds `Kyoto`).
    const last = extractWordForms(splitWords(rest).pop());
    return {
      field,
      phrases: [{ words: [...words.slice(0, -1), last], isPrefix: true }, { words, isPrefix: false }],
    };
  }

  // What is in the box, as arguments: blanks part them but inside of quotes; a leading minus excludes.
  function splitArguments(text) {
    const found = [];
    for (const [piece] of text.matchAll(/(?:["“”„][^"“”„]*(?:["“”„]|$)|[^\s"“”„])+/g)) {
      const excluded = /^-(?=.)/.test(piece);
      found.push({ excluded, argument: piece.slice(excluded ? 1 : 0).replace(/["“”„]/g, "") });
    }
    return found;
  }

  // The question in the box. `isOpen`: its last word is still being typed, and may go on.
  function parseQuestion(text, index, isOpen) {
    const parts = splitArguments(text);
    const last = parts[parts.length - 1];
    if (isOpen && last && /[\p{L}\p{N}\p{M}]$/u.test(text)) last.argument += "*";
    const question = { terms: [], excluded: [] };
    for (const { excluded, argument } of parts) {
      const term = parseTerm(argument, index);
      if (term) (excluded ? question.excluded : question.terms).push(term);
    }
    return question;
  }

  // -------------------------------------------------------------------------------------------------------- matching

  // The index as search/years.js tells it, made ready.
  function prepareIndex(told) {
    return {
      segments: told.segments,
      fields: told.fields,
      fieldNames: new Map(told.fieldNames),
      aliasPairs: makeAliasPairs(told.aliases),
      words: told.words.map(([places, words]) => [places.split(" ").map(Number), words.split(" ").map((w) => normalizeWord(decomposeText(w)))]),
    };
  }

  // The segments, by number, in which an event may match: every word of one phrase of each term occurs there.
  function chooseSegments(question, index) {
    const whole = index.segments.map((_, at) => at);
    if (!question.terms.length) return [];
    const known = new Map();
    const ofWord = (phrase, n) => {
      const key = [...phrase.words[n], phrase.isPrefix && n === phrase.words.length - 1].join();
      if (!known.has(key)) {
        const found = new Set();
        for (const [places, words] of index.words) {
          if (words.some((word) => isWordMatch(phrase, n, word))) places.forEach((place) => found.add(place));
        }
        known.set(key, found);
      }
      return known.get(key);
    };
    return question.terms.reduce((left, term) => {
      const found = new Set();
      for (const phrase of term.phrases) {
        const each = phrase.words.map((_, n) => ofWord(phrase, n));
        left.filter((place) => each.every((places) => places.has(place))).forEach((place) => found.add(place));
      }
      return left.filter((place) => found.has(place));
    }, whole);
  }

  // The words of the texts of a row, made once.
  function readWords(variant, field) {
    variant.words = variant.words || new Map();
    let found = variant.words.get(field);
    if (!found) {
      found = (variant.texts[field] || []).map(normalizeWords);
      variant.words.set(field, found);
    }
    return found;
  }

  function isTermMatch(term, variant, index) {
    const fields = term.field ? [term.field] : index.fields;
    return fields.some((field) => readWords(variant, field).some((words) =>
      term.phrases.some((phrase) => findPositions(phrase, words).length)));
  }

  function isMatch(question, row, index) {
    row.variants = row.variants || row.texts.map((texts) => ({ texts }));
    return row.variants.some((variant) =>
      question.terms.every((term) => isTermMatch(term, variant, index)) &&
      !question.excluded.some((term) => isTermMatch(term, variant, index)));
  }

  // Where in a text the terms stand: [begin, end], none inside of another.
  function findSpans(text, terms) {
    const words = normalizeWords(text), found = [];
    for (const term of terms) {
      for (const phrase of term.phrases) {
        for (const at of findPositions(phrase, words)) found.push([at, at + phrase.words.length - 1]);
      }
    }
    if (!found.length) return [];
    const spans = findWordSpans(text), merged = [];
    found.sort((one, other) => one[0] - other[0] || other[1] - one[1]);
    for (const [first, last] of found) {
      if (!spans[last]) continue; // a text whose letters cannot be told apart one by one
      const before = merged[merged.length - 1];
      if (before && spans[first][0] <= before[1]) before[1] = Math.max(before[1], spans[last][1]);
      else merged.push([spans[first][0], spans[last][1]]);
    }
    return merged;
  }

  return {
    chooseSegments, findSpans, isMatch, normalizeWords, parseQuestion, parseTerm, prepareIndex, splitArguments,
  };
})();


// The page: a form with the texts of its language in data attributes, a line that says how many, and the results.
function startIlocalSearch(form) {
  const PAGE_SIZE = 20, PAUSE_MS = 200, PATIENCE_MS = 500, SNIPPET_LENGTH = 160;
  const ALWAYS_READ_EVENTS = 2000; // so many are counted to the end, which takes no time; of more, the newest
  const texts = form.dataset, language = document.documentElement.lang;
  const box = form.querySelector("input[type=search]");
  const status = document.getElementById("search-status");
  const list = document.getElementById("search-results");
  const more = document.getElementById("search-more");

  // -------------------------------------------------------------------------------------------------------- segments

  const scripts = new Map(), told = new Map();
  globalThis.ilocalSegment = (name, rows) => told.set(name, rows);
  globalThis.ilocalYears = (index) => told.set("years", ilocalSearch.prepareIndex(index));

  function load(name) {
    if (!scripts.has(name)) {
      scripts.set(name, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = `${texts.root}search/${name}.js`;
        script.onload = () => (told.has(name) ? resolve(told.get(name)) : reject(new Error(name)));
        script.onerror = () => reject(new Error(name));
        document.head.append(script);
      }).catch((error) => { scripts.delete(name); throw error; }));
    }
    return scripts.get(name);
  }

  // --------------------------------------------------------------------------------------------------------- asking

  let run = null; // the question that is being answered

  async function ask(text, isOpen) {
    const mine = run = { text, found: [], shown: 0, wanted: PAGE_SIZE, next: 0, read: 0 };
    const timer = setTimeout(() => { if (run === mine) status.textContent = texts.working; }, PATIENCE_MS);
    try {
      mine.index = await load("years");
      mine.question = ilocalSearch.parseQuestion(text, mine.index, isOpen);
      mine.places = ilocalSearch.chooseSegments(mine.question, mine.index);
      await readSegments(mine);
      if (run === mine) show(mine);
    } catch (error) {
      if (run === mine) clear(texts.failed);
    } finally {
      clearTimeout(timer);
    }
  }

  async function readSegments(mine) {
    while (mine.next < mine.places.length && run === mine) {
      const [name, size] = mine.index.segments[mine.places[mine.next]];
      if (mine.found.length > mine.wanted && mine.read + size > ALWAYS_READ_EVENTS) return;
      const rows = await load(name);
      mine.found.push(...rows.filter((row) => ilocalSearch.isMatch(mine.question, row, mine.index)));
      mine.read += size;
      mine.next++;
    }
  }

  // --------------------------------------------------------------------------------------------------------- showing

  function clear(said) {
    list.replaceChildren();
    more.hidden = true;
    status.textContent = said;
  }

  function show(mine) {
    if (mine.shown === 0) list.replaceChildren();
    const due = mine.found.slice(mine.shown, mine.wanted);
    list.append(...due.map((row) => makeItem(row, mine)));
    mine.shown += due.length;
    const isComplete = mine.next >= mine.places.length;
    more.hidden = isComplete && mine.shown === mine.found.length;
    status.textContent = describeCount(mine, isComplete);
  }

  function describeCount({ question, found, shown, text }, isComplete) {
    if (!question.terms.length) return text.trim() ? texts.noWords : "";
    const form = !found.length ? texts.none
      : !isComplete ? texts.more
      : shown < found.length ? texts.some
      : found.length === 1 ? texts.one : texts.all;
    return form.replace("{count}", found.length).replace("{shown}", shown);
  }

  function make(tag, className, ...content) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...content);
    return element;
  }

  // A text with the words that were looked for in <mark>.
  function highlight(text, terms, from = 0, to = text.length) {
    const parts = [];
    let at = from;
    for (const [begin, end] of ilocalSearch.findSpans(text, terms)) {
      if (begin < at || end > to) continue;
      parts.push(text.slice(at, begin), make("mark", "", text.slice(begin, end)));
      at = end;
    }
    return [...parts, text.slice(at, to)].filter((part) => part !== "");
  }

  function makeItem(row, { question: { terms }, index }) {
    const [path, title, tag, dates] = row.links[language] || row.links[""];
    const own = row.texts[0];
    const link = make("a", "", ...highlight(title, terms.filter((term) => !term.field || term.field === "title")));
    link.href = texts.root + path;
    const heading = make("p", "title");
    const isForeign = Boolean(tag) && tag !== language;
    if (isForeign) heading.lang = link.hreflang = tag;
    const state = (own.status || [])[0];
    if (state && state !== "confirmed") {
      const isOff = state === "cancelled" || state === "postponed";
      const label = make("span", isOff ? "state off" : "state", texts[`status${state[0].toUpperCase()}${state.slice(1)}`] || state);
      if (isForeign) label.lang = language;
      heading.append(label);
    }
    heading.append(link);
    const when = make("p", "when", dates || texts.undated);
    const original = row.links[""][2]; // the language of its texts, as far as is known
    if (own.location) {
      const place = make("span", "place", own.location.join(" "));
      if (original !== language) place.lang = original;
      when.append(" · ", place);
    }
    const item = make("li", "", heading, when);
    const snippet = makeSnippet(row, terms, title, index.fields);
    if (snippet) {
      if (original !== language && snippet.dataset.field !== "translations") snippet.lang = original;
      item.append(snippet);
    }
    return item;
  }

  // The words around what was found, where the title does not show it.
  function makeSnippet(row, terms, title, fields) {
    for (const term of terms.filter((one) => !ilocalSearch.findSpans(title, [one]).length)) {
      for (const own of row.texts) {
        for (const field of term.field ? [term.field] : fields) {
          if (field === "title" || field === "location") continue;
          for (const text of (own[field] || []).flatMap((raw) => [dropMarkdown(raw), raw])) {
            const [span] = ilocalSearch.findSpans(text, [term]);
            if (span) return cutSnippet(text, span, terms.filter((one) => !one.field || one.field === field), field);
          }
        }
      }
    }
    return null;
  }

  // A text without the signs of Markdown that would stand in the way of reading.
  function dropMarkdown(text) {
    return text.replace(/^[ \t]*(?:#{1,6}|[-*+>])[ \t]+/gm, "").replace(/\*\*|`/g, "");
  }

  function cutSnippet(text, [begin, end], terms, field) {
    let from = Math.max(0, begin - SNIPPET_LENGTH / 2), to = Math.min(text.length, end + SNIPPET_LENGTH / 2);
    if (from > 0) from = Math.min(begin, text.indexOf(" ", from) + 1 || begin);
    if (to < text.length) to = Math.max(end, text.lastIndexOf(" ", to));
    const words = highlight(text, terms, from, to);
    const snippet = make("p", "text", from > 0 ? "… " : "", ...words, to < text.length ? " …" : "");
    snippet.dataset.field = field;
    return snippet;
  }

  // ---------------------------------------------------------------------------------------------------------- typing

  function readAddress() {
    return new URLSearchParams(location.search).get("q") || "";
  }

  // Write the question into the address; a browser may refuse that for a page on a disk.
  function writeAddress(text, method) {
    const query = text.trim() ? `?q=${encodeURIComponent(text)}` : location.pathname;
    try {
      if (text !== readAddress()) history[method](null, "", query);
    } catch (error) { /* the search works without */ }
  }

  function answerAddress() {
    box.value = readAddress();
    ask(box.value, false);
  }

  let pause = 0;
  box.addEventListener("input", (event) => {
    clearTimeout(pause);
    if (event.isComposing) return;
    pause = setTimeout(() => {
      writeAddress(box.value, "replaceState");
      ask(box.value, true);
    }, PAUSE_MS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(pause);
    writeAddress(box.value, "pushState");
    ask(box.value, false);
  });
  more.addEventListener("click", async () => {
    const mine = run, before = mine.shown;
    mine.wanted += PAGE_SIZE;
    try {
      await readSegments(mine);
    } catch (error) {
      status.textContent = texts.failed;
      return;
    }
    if (run !== mine) return;
    show(mine);
    const first = list.children[before];
    if (first) first.querySelector("a").focus();
  });
  addEventListener("popstate", answerAddress);
  answerAddress();
}

if (typeof module !== "undefined") module.exports = ilocalSearch;
if (typeof document !== "undefined") {
  const form = document.getElementById("search-form");
  if (form) startIlocalSearch(form);
}
