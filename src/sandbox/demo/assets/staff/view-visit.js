import { el } from '../shared/dom.js';
import { valid } from '../shared/elements.js';
import { visit as visitEntry } from '../shared/entries.js';
import { moment } from '../shared/format.js';
import { tagsView } from '../shared/view-entries.js';
import { messages } from './messages.js';

/** The visit of the launch. */
export function visitView(visit) {
  if (visit === undefined) return el('p', { class: 'quiet' }, messages.noVisit);
  if (valid([visit]).length === 0) return el('p', { class: 'note wrong' }, messages.enteredInError);
  const { name, marks, lines, at } = visitEntry(visit);
  return [
    el('p', { class: 'title' }, name, tagsView(marks)),
    el('p', {}, moment(at) || messages.dateless),
    lines.filter(Boolean).map((line) => el('p', { class: 'quiet' }, line)),
  ];
}
