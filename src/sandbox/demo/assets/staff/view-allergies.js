import { el } from '../shared/dom.js';
import { folded, tagsView } from '../shared/view-entries.js';
import { messages } from './messages.js';

/**
 * Shows each allergy with its reactions and its criticality. “No known allergies” is shown only if the record says so: an
 * empty list means that nothing is recorded.
 */
export function allergiesView({ noneKnown, heeded, past }) {
  const text = messages.allergies;
  const isEmpty = noneKnown.length + heeded.length === 0;
  const nothing = past.length === 0 ? messages.none.allergies : messages.noneCurrent.allergies;
  return [
    isEmpty && el('p', { class: 'quiet' }, nothing),
    heeded.length > 0 && el('ul', { class: 'allergies' }, heeded.map(allergyView)),
    noneKnown.map(({ name, marks }) =>
      heeded.length > 0
        ? el('p', { class: 'note wrong' }, text.contradicted(name))
        : el('p', { class: 'title' }, name, tagsView(marks)),
    ),
    past.length > 0 && folded(messages.groups.past, past),
  ];
}

const allergyView = ({ name, group, isHigh, heed }) =>
  el(
    'li',
    { class: isHigh ? 'high' : undefined },
    el(
      'p',
      { class: 'title' },
      name ?? messages.nameless,
      tagsView(group === 'unclear' ? [...heed.marks, messages.groups.unclear] : heed.marks),
    ),
    el(
      'dl',
      {},
      heed.facts.map(([term, value]) => el('div', {}, el('dt', {}, term), el('dd', {}, value))),
    ),
    heed.lines.length > 0 && el('p', { class: 'quiet' }, heed.lines.join(' · ')),
  );
