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
/**
 * Converts the author of an Annotation. A DSTU2 author can't be an Organization, so the organization's name becomes
 * `authorString`.
 */
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
 * Merges the Annotations of an element into one, because DSTU2 allows only one. The result has the texts of all
 * Annotations and the time of the newest. It has an author only if all Annotations have the same author.
 */
export const mergeAnnotations: ConversionRule = (from, name, into, context) => {
  const notes = objectsIn(from[name]);
  const converted = convertAnnotation(newest(notes), context);
  if (!isObject(converted)) return;
  const { authorReference, authorString, ...rest } = converted;
  const annotationParts = hasOneAuthor(notes) ? converted : rest;
  into[name] = notes.length === 1 ? converted : { ...annotationParts, text: joinTexts(notes, '\n\n') };
};

/**
 * Whether all Annotations have the same author. If they don't, the merged Annotation must have no author: it could
 * otherwise show a patient's words under the physician's name.
 */
const hasOneAuthor = (notes: readonly FhirJson[]): boolean =>
  new Set(notes.map((note) => JSON.stringify([note['authorReference'], note['authorString']]))).size === 1;

/** Joins the texts of Annotations, for a DSTU2 element of type string. */
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

/**
 * Returns the newest annotation. One without a time counts as the oldest. If several have the same time, the last of
 * them is used.
 */
const newest = (notes: readonly FhirJson[]): FhirJson | undefined =>
  notes.reduce<FhirJson | undefined>((best, note) => (timestamp(note) >= timestamp(best) ? note : best), undefined);

const timestamp = (note: FhirJson | undefined): number => {
  const time = Date.parse(nonEmptyText(note?.['time']) ?? '');
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
};
