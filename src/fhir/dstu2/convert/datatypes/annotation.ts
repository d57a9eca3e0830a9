import { isObject, nonEmptyText, objectsIn } from '../../../../kernel/index.ts';
import {
  type ConversionContext,
  type ConversionRule,
  copy,
  type DraftElement,
  elementConverter,
  type FhirJson,
  type ValueConverter,
} from '../conversion-rules.ts';
import { referenceConverter } from './reference.ts';

const person = referenceConverter('Practitioner', 'Patient', 'RelatedPerson');
/** A DSTU2 author can't be an Organization, so the organization's name becomes `authorString`. */
const author: ConversionRule = (from, name, into, context) => {
  const converted = person(from[name], context);
  if (!isObject(converted)) return;
  if (converted['reference'] === undefined) into['authorString'] = converted['display'];
  else into['authorReference'] = converted;
};

export const convertAnnotation: ValueConverter = elementConverter(
  { authorReference: author, authorString: copy, time: copy, text: copy },
  'text',
);

/**
 * DSTU2 allows one annotation here. It gets the text of all of them, the time of the newest, and the author only if
 * they all have the same one.
 */
export const mergeAnnotations: ConversionRule = (from, name, into, context) => {
  const notes = objectsIn(from[name]);
  const converted = convertAnnotation(newest(notes), context);
  if (!isObject(converted)) return;
  const { authorReference, authorString, ...rest } = converted;
  const annotationParts = hasOneAuthor(notes) ? converted : rest;
  into[name] = notes.length === 1 ? converted : { ...annotationParts, text: joinTexts(notes, '\n\n') };
};

/** A patient's words must not appear under the physician's name. */
const hasOneAuthor = (notes: readonly FhirJson[]): boolean =>
  new Set(notes.map((note) => JSON.stringify([note['authorReference'], note['authorString']]))).size === 1;

/** For DSTU2 elements of type string: only the texts of the annotations. */
export const annotationsAsString =
  (to: string): ConversionRule =>
  (from, name, into: DraftElement, _context: ConversionContext) => {
    const text = joinTexts(objectsIn(from[name]), '\n');
    if (text !== '') into[to] = text;
  };

const joinTexts = (notes: readonly FhirJson[], between: string): string =>
  notes
    .map((note) => nonEmptyText(note['text']))
    .filter((text) => text !== undefined)
    .join(between);

/** The newest annotation by time. An annotation without a time counts as older, and of equal ones the last wins. */
const newest = (notes: readonly FhirJson[]): FhirJson | undefined =>
  notes.reduce<FhirJson | undefined>((best, note) => (timestamp(note) >= timestamp(best) ? note : best), undefined);

const timestamp = (note: FhirJson | undefined): number => {
  const time = Date.parse(nonEmptyText(note?.['time']) ?? '');
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
};
