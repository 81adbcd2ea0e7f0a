// Answers with the search script of the site, in Node.js: reads one task as JSON from standard input, writes its answer.
//
// node browser_search.mjs SEARCH_JS: {"words": [text, ...]} gives the words of each text;
// {"files": {path: script}, "questions": [[text, isOpen], ...]} gives the paths that each question finds, in order, and
// the segments that it needs.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const search = createRequire(import.meta.url)(process.argv[2]);
const task = JSON.parse(readFileSync(0, "utf-8"));

function answerQuestions(files, questions) {
  const segments = new Map();
  let index;
  globalThis.ilocalSegment = (name, rows) => segments.set(name, rows);
  globalThis.ilocalYears = (told) => { index = search.prepareIndex(told); };
  for (const script of Object.values(files)) (0, eval)(script);
  return questions.map(([text, isOpen]) => {
    const question = search.parseQuestion(text, index, isOpen);
    const names = search.chooseSegments(question, index).map((place) => index.segments[place][0]);
    const found = names.flatMap((name) => segments.get(name).filter((row) => search.isMatch(question, row, index)));
    return [found.map((row) => row.links[""][0]), names];
  });
}

const answer = task.words ? task.words.map(search.normalizeWords) : answerQuestions(task.files, task.questions);
process.stdout.write(JSON.stringify(answer));
