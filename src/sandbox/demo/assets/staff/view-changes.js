import { el } from '../shared/dom.js';
import { visit as visitEntry } from '../shared/entries.js';
import { day } from '../shared/format.js';
import { rowsView } from '../shared/view-entries.js';
import { foldedTests, testsView } from '../shared/view-tests.js';
import { messages } from './messages.js';

/**
 * Shows what happened after the last visit.
 * @param last the visit, if there was one
 */
export function changesView(last, changes) {
  if (last === undefined) return el('p', { class: 'quiet' }, messages.noLastVisit);
  const { name, at } = visitEntry(last);
  const { kinds, labs } = changes;
  const isEmpty = kinds.length === 0 && labs.length === 0;
  return [
    el('p', {}, messages.lastVisit(name, day(at))),
    isEmpty && el('p', { class: 'quiet' }, messages.noChanges),
    kinds.map(({ key, entries }) => [el('h3', {}, messages.sections[key]), rowsView(entries)]),
    labs.length > 0 && labsView(labs),
    el('p', { class: 'quiet limit' }, messages.limits),
  ];
}

/** Results with a flag are shown, the others fold. */
function labsView(labs) {
  const [flagged, others] = [true, false].map((isFlagged) => labs.filter(({ mark }) => Boolean(mark) === isFlagged));
  if (flagged.length === 0) return foldedTests(messages.labs.new, others);
  return [
    el('h3', {}, messages.labs.new),
    testsView(flagged),
    others.length > 0 && foldedTests(messages.labs.unflagged, others),
  ];
}
