import { el } from '../shared/dom.js';
import { foldedTests, panelsView, testsView } from '../shared/view-tests.js';
import { messages } from './messages.js';

/** Maximum number of other answers and tests that are shown at first. A longer list is collapsed. */
const SHOWN = 8;

/** Shows the latest value of each test: measurements, laboratory tests by panel, and other answers. */
export function resultsView(tests) {
  if (tests.length === 0) return el('p', { class: 'quiet' }, messages.none.other);
  const text = messages.results;
  const marked = tests.filter(({ mark }) => mark);
  return [
    marked.length > 0 && el('p', {}, text.marked(marked.length, tests.length)),
    ...Object.entries(text.kinds).flatMap(([kind, title]) => {
      const own = tests.filter((test) => test.kind === kind);
      const [known, absent] = [false, true].map((isAbsent) => own.filter((test) => test.isAbsent === isAbsent));
      if (own.length === 0) return [];
      if (kind === 'other' && own.length > SHOWN) return [foldedTests(title, own)];
      return [
        el('h3', {}, title),
        kind === 'laboratory' ? panelsView(known) : testsView(known),
        absent.length > 0 && foldedTests(text.absentTests, absent),
      ];
    }),
    el('p', { class: 'quiet' }, messages.markNote),
  ];
}
