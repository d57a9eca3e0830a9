import { el } from './dom.js';
import { day, number, withDays } from './format.js';
import { joined, nothing, tag } from './rows.js';

const FEW = 8;

export function visitsView(visits) {
  const row = (each) =>
    el(
      'li',
      {},
      el('p', { class: 'when' }, day(each.at) || 'Date not recorded'),
      el(
        'div',
        {},
        el(
          'p',
          { class: 'title' },
          each.name,
          each.kind === 'Office' || each.kind === '' ? null : tag(each.kind),
          each.state ? tag(each.state) : null,
        ),
        each.reasons.length > 0 ? el('p', { class: 'quiet' }, each.reasons.join(', ')) : null,
        el('p', { class: 'quiet' }, joined(each.where, each.by)),
      ),
    );
  const timeline = (items) => el('ol', { class: 'timeline' }, items.map(row));
  if (visits.length === 0) return nothing('None recorded.');
  const [recent, older] = [visits.slice(0, FEW), visits.slice(FEW)];
  if (older.length === 0) return timeline(recent);
  return [
    timeline(recent),
    el('details', {}, el('summary', {}, `${number(older.length)} earlier visits`), timeline(older)),
  ];
}

/** @param open called with the document to open */
export function documentsView(documents, open) {
  const row = (each) =>
    el(
      'li',
      { class: 'document' },
      el(
        'div',
        {},
        el('p', { class: 'title' }, title(each), each.state ? tag(each.state) : null),
        el('p', { class: 'quiet' }, joined(each.kind, each.by)),
      ),
      el(
        'button',
        {
          type: 'button',
          onclick: (event) => open(each, event.currentTarget),
          'aria-label': `${openLabel(each)}: ${title(each)}`,
        },
        openLabel(each),
      ),
    );
  if (documents.length === 0) return nothing('None recorded.');
  const [recent, older] = [documents.slice(0, FEW), documents.slice(FEW)];
  const rows = (items) => el('ul', { class: 'rows' }, items.map(row));
  return [
    rows(recent),
    older.length === 0
      ? null
      : el('details', {}, el('summary', {}, `${number(older.length)} older documents`), rows(older)),
  ];
}

const title = ({ name }) => withDays(name);

const LABELS = { 'text/plain': 'Read', 'application/pdf': 'Save PDF', 'application/xml': 'Save XML' };
const openLabel = ({ attachment }) => LABELS[attachment?.contentType] ?? 'Save file';
