import { el } from '../shared/dom.js';
import { moment } from '../shared/format.js';
import { testsView } from '../shared/view-tests.js';
import { messages } from './messages.js';

/** The latest vital signs, each with its time and the unit of its source. */
export function vitalsView({ latest, missing }) {
  const text = messages.vitals;
  return [
    latest.length > 0 && testsView(latest, moment),
    missing.length > 0 && el('p', { class: 'quiet' }, text.missing(missing.map((key) => text.names[key]))),
  ];
}
