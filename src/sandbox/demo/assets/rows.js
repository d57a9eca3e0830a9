// Building blocks for the lists of the record.
import { el } from './dom.js';
import { number } from './format.js';

export const item = (title, ...lines) =>
  el(
    'li',
    {},
    el('p', { class: 'title' }, title),
    lines.filter(Boolean).map((line) => el('p', { class: 'quiet' }, line)),
  );
export const list = (items, view, kind = '') => el('ul', { class: `rows ${kind}` }, items.map(view));
export const tag = (text, kind = '') => el('span', { class: `tag ${kind}` }, text);
export const joined = (...parts) => parts.filter(Boolean).join(' · ');
export const nothing = (text) => el('p', { class: 'quiet' }, text);

/** A collapsed list for entries that have ended. */
export function folded(label, items, view) {
  return items.length === 0
    ? []
    : [el('details', {}, el('summary', {}, `${label} (${number(items.length)})`), list(items, view))];
}
