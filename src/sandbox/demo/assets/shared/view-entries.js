import { button, el } from './dom.js';
import { datesText } from './entry.js';
import { day, number, withDays } from './format.js';
import { messages } from './messages.js';

/** Groups in their order. The folded ones open on request. Sections without groups, such as visits, have one list. */
const GROUPS = ['avoid', 'current', undefined, 'unclear', 'planned', 'past', 'family', 'visit'];
const FOLDED = ['past', 'family', 'visit'];
/** Marks that must not be overlooked. */
const WARNINGS = [messages.notToBeTaken, messages.severities.severe];
/** Number of entries of a group that are shown before the earlier ones are folded. */
const SHOWN = 8;

/**
 * Shows the entries of a section by group.
 * @param open opens the document of an entry
 */
export function entriesView(entries, { key, open }) {
  if (entries.length === 0) return el('p', { class: 'quiet' }, messages.none[key] ?? messages.none.other);
  const noneCurrent = messages.noneCurrent[key];
  return GROUPS.flatMap((group) => {
    const own = entries.filter((each) => each.group === group);
    if (own.length === 0) return group === 'current' && noneCurrent ? [el('p', { class: 'quiet' }, noneCurrent)] : [];
    if (FOLDED.includes(group)) return [folded(messages.groups[group], own, open)];
    const shown = group === undefined ? own.slice(0, SHOWN) : own;
    return [
      group && el('h3', {}, messages.groups[group]),
      rowsView(shown, open),
      shown.length < own.length && folded(messages.earlier, own.slice(SHOWN), open),
    ];
  });
}

/** A list that opens on request. */
export const folded = (label, entries, open) =>
  el('details', {}, el('summary', {}, `${label} (${number(entries.length)})`), rowsView(entries, open));

/** Entries as a list of rows. */
export const rowsView = (entries, open) =>
  el(
    'ul',
    { class: 'rows' },
    entries.map((entry) => row(entry, open)),
  );

/** Words about the status of an entry. */
export const tagsView = (marks) =>
  marks.map((mark) => [' ', el('span', { class: WARNINGS.includes(mark) ? 'tag warn' : 'tag' }, mark)]);

function row(entry, open) {
  const title = withDays(entry.name ?? messages.nameless);
  const [first, ...more] = [...entry.lines, dateLine(entry)].filter(Boolean);
  return el(
    'li',
    {},
    el(
      'div',
      {},
      el('p', { class: 'title' }, title, tagsView(entry.marks)),
      [first, more.join(' · ')].filter(Boolean).map((line) => el('p', { class: 'quiet' }, withDays(line))),
    ),
    entry.attachment && openButton(entry, title, open),
  );
}

/** The dates of repeated entries, with what they mean; otherwise the date of an event. */
function dateLine({ dates, label, at, group }) {
  if (label) return `${label}: ${datesText(dates)}`;
  if (dates) return datesText(dates);
  return group === undefined && (day(at) || messages.dateless);
}

function openButton(entry, title, open) {
  const kinds = messages.documents.open;
  const label = kinds[entry.attachment.contentType] ?? kinds.other;
  return button(label, (pressed) => open(entry, pressed), { 'aria-label': `${label}: ${title}` });
}
