import {
  type Context,
  type Convert,
  type Draft,
  isObject,
  type Json,
  kept,
  objectsIn,
  type Rule,
  shape,
  textOf,
} from './element.ts';
import { reference } from './reference.ts';

const person = reference('Practitioner', 'Patient', 'RelatedPerson');
/** An author that is an Organization has a name only: its `display` becomes the author's. */
const author: Rule = (from, name, into, context) => {
  const made = person(from[name], context);
  if (!isObject(made)) return;
  if (made['reference'] === undefined) into['authorString'] = made['display'];
  else into['authorReference'] = made;
};

export const annotation: Convert = shape(
  { authorReference: author, authorString: kept, time: kept, text: kept },
  'text',
);

/** DSTU2 has room for one: all texts, at the time of the newest, and by their author if that is one for all. */
export const oneAnnotation: Rule = (from, name, into, context) => {
  const notes = objectsIn(from[name]);
  const made = annotation(newest(notes), context);
  if (!isObject(made)) return;
  const { authorReference, authorString, ...rest } = made;
  const shown = hasOneAuthor(notes) ? made : rest;
  into[name] = notes.length === 1 ? made : { ...shown, text: joined(notes, '\n\n') };
};

/** What the patient said is not to be read as said by the physician. */
const hasOneAuthor = (notes: readonly Json[]): boolean =>
  new Set(notes.map((note) => JSON.stringify([note['authorReference'], note['authorString']]))).size === 1;

/** Where DSTU2 has a string: the texts alone. */
export const noteText =
  (to: string): Rule =>
  (from, name, into: Draft, _context: Context) => {
    const text = joined(objectsIn(from[name]), '\n');
    if (text !== '') into[to] = text;
  };

const joined = (notes: readonly Json[], between: string): string =>
  notes
    .map((note) => textOf(note['text']))
    .filter((text) => text !== undefined)
    .join(between);

/** By their times; one without a time counts as older, and of equals the last as newer. */
const newest = (notes: readonly Json[]): Json | undefined =>
  notes.reduce<Json | undefined>((best, note) => (timeOf(note) >= timeOf(best) ? note : best), undefined);

const timeOf = (note: Json | undefined): number => {
  const time = Date.parse(textOf(note?.['time']) ?? '');
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
};
