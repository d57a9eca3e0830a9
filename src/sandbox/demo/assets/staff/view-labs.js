import { el } from '../shared/dom.js';
import { day } from '../shared/format.js';
import { foldedTests, testsView } from '../shared/view-tests.js';
import { messages } from './messages.js';

/** Number of results without a flag that are shown before the others are folded. */
const SHOWN = 8;

/** The latest result of each laboratory test. Flags are the source's own. */
export function labsView({ recent, flagged, older, until }) {
  const text = messages.labs;
  if (recent.length + flagged.length + older.length === 0) return el('p', { class: 'quiet' }, messages.none.other);
  const marked = recent.filter(({ mark }) => mark);
  const others = recent.filter(({ mark }) => !mark);
  return [
    marked.length > 0 && el('p', {}, messages.results.marked(marked.length, recent.length)),
    testsView([...marked, ...others.slice(0, SHOWN)]),
    others.length > SHOWN && foldedTests(text.more, others.slice(SHOWN)),
    flagged.length > 0 && [el('h3', {}, text.flagged), testsView(flagged)],
    older.length > 0 && foldedTests(text.older, older),
    until && el('p', { class: 'quiet limit' }, text.rule(day(until))),
    el('p', { class: 'quiet' }, text.note),
  ];
}
