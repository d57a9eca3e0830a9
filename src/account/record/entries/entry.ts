import { elementsAt, isForbidden, isMistake, isPlanned, isRefuted } from '../../../fhir/index.ts';
import type { Reader } from '../values.ts';

/** One entry of the record, in words. */
export interface EntryText {
  readonly title: string | undefined;
  /** When it was, as it is told; undefined: not written down; empty: it has no day. */
  readonly when: string | undefined;
  /** An empty name is that of a note. */
  readonly facts: readonly (readonly [name: string, text: string | undefined])[];
}

export type Describe = (resource: unknown, reader: Reader) => EntryText;

/** One code may mean one thing of a medicine and another of a device. */
export function statusOf(resource: unknown, reader: Reader, path = 'status'): string | undefined {
  const { coded, words } = reader;
  if (isMistake(resource)) return words.mistake;
  if (isRefuted(resource)) return words.statuses['refuted'];
  const status = coded(resource, path, { ...words.statuses, ...ownWords(resource, words.statusesOf) });
  const active = elementsAt(resource, path).includes('active');
  // The code means that the request is in force: a reader would take it for something that happens now.
  if (active && isForbidden(resource)) return words.inEffect;
  const intent = intentOf(resource, reader);
  if (intent === undefined) return status;
  return active || status === undefined ? intent : `${intent}. ${status}`;
}

/** That a request is no order, in words. undefined: it is one, or no request */
function intentOf(resource: unknown, { coded, words }: Reader): string | undefined {
  const own = ownWords(resource, words.intentsOf);
  if (own === undefined) return undefined;
  const known = elementsAt(resource, 'intent').some((code) => typeof code === 'string' && Object.hasOwn(own, code));
  const isReportedPlan = elementsAt(resource, 'intent').includes('plan') && !isPlanned(resource);
  return known && !isReportedPlan ? coded(resource, 'intent', own) : undefined;
}

type ByType = Readonly<Record<string, Readonly<Record<string, string>>>>;

function ownWords(resource: unknown, byType: ByType): ByType[string] | undefined {
  const [type] = elementsAt(resource, 'resourceType');
  return typeof type === 'string' && Object.hasOwn(byType, type) ? byType[type] : undefined;
}

/** Condition and AllergyIntolerance: how sure it is. undefined: the status says it, or it is confirmed */
export function certaintyOf(resource: unknown, { coded, words }: Reader): string | undefined {
  if (isMistake(resource) || isRefuted(resource)) return undefined;
  const certainty = coded(resource, 'verificationStatus.coding.code', words.statuses);
  return certainty === words.statuses['confirmed'] ? undefined : certainty;
}

/** RelatedPerson, Practitioner and Organization have a flag in place of a status. */
export const activityOf = (resource: unknown, reader: Reader): string | undefined =>
  elementsAt(resource, 'active').includes(false) ? reader.words.statuses['inactive'] : statusOf(resource, reader);
