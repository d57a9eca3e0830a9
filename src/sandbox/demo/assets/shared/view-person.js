import { el } from './dom.js';
import { age, day } from './format.js';
import { messages } from './messages.js';

/** The banner that says whose record is open. */
export function personView({ name, born, died, sex, formerly, languages, number: recordNumber, practice, doctor }) {
  const text = messages.person;
  const facts = [
    died === undefined && age(born),
    sex,
    born && `${text.born} ${day(born)}`,
    died !== undefined && `${text.died} ${day(died)}`.trim(),
    formerly && `${text.formerly} ${formerly}`,
    languages.join(', '),
    recordNumber && `${text.number} ${recordNumber}`,
  ];
  return el(
    'header',
    { class: 'person' },
    el('h1', {}, name ?? messages.nameless),
    el(
      'ul',
      { class: 'facts' },
      facts.filter(Boolean).map((fact) => el('li', {}, fact)),
    ),
    el('p', {}, [practice, doctor].filter(Boolean).join(' · ')),
  );
}
