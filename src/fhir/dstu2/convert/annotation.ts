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
/** A DSTU2 author can't be an Organization, so the organization's name becomes `authorString`. */
const author: Rule = (from, name, into, context) => {
  const converted = person(from[name], context);
  if (!isObject(converted)) return;
  if (converted['reference'] === undefined) into['authorString'] = converted['display'];
  else into['authorReference'] = converted;
};

export const annotation: Convert = shape(
  { authorReference: author, authorString: kept, time: kept, text: kept },
  'text',
);

/**
 * DSTU2 allows one annotation here. It gets the text of all of them, the time of the newest, and the author only if
 * they all have the same one.
 */
export const oneAnnotation: Rule = (from, name, into, context) => {
  const notes = objectsIn(from[name]);
  const converted = annotation(newest(notes), context);
  if (!isObject(converted)) return;
  const { authorReference, authorString, ...rest } = converted;
  const annotationParts = hasOneAuthor(notes) ? converted : rest;
  into[name] = notes.length === 1 ? converted : { ...annotationParts, text: joinTexts(notes, '\n\n') };
};

/** A patient's words must not appear under the physician's name. */
const hasOneAuthor = (notes: readonly Json[]): boolean =>
  new Set(notes.map((note) => JSON.stringify([note['authorReference'], note['authorString']]))).size === 1;

/** For DSTU2 elements of type string: only the texts of the annotations. */
export const noteText =
  (to: string): Rule =>
  (from, name, into: Draft, _context: Context) => {
    const text = joinTexts(objectsIn(from[name]), '\n');
    if (text !== '') into[to] = text;
  };

const joinTexts = (notes: readonly Json[], between: string): string =>
  notes
    .map((note) => textOf(note['text']))
    .filter((text) => text !== undefined)
    .join(between);

/** The newest annotation by time. An annotation without a time counts as older, and of equal ones the last wins. */
const newest = (notes: readonly Json[]): Json | undefined =>
  notes.reduce<Json | undefined>((best, note) => (timestamp(note) >= timestamp(best) ? note : best), undefined);

const timestamp = (note: Json | undefined): number => {
  const time = Date.parse(textOf(note?.['time']) ?? '');
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
};
