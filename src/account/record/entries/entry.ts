import { elementsAt, isForbidden, isMistake, isPlanned, isRefuted } from '../../../fhir/index.ts';
import type { Reader } from '../values.ts';

/** Text of one entry of the record. */
export interface EntryText {
  readonly title: string | undefined;
  /** Formatted date. undefined: no date is recorded; empty: this kind of entry has no date. */
  readonly when: string | undefined;
  /** Label and text of each fact. A fact with an empty label is shown as a note. */
  readonly facts: readonly (readonly [name: string, text: string | undefined])[];
}

export type Describe = (resource: unknown, reader: Reader) => EntryText;

/**
 * Formats the status. Labels depend on the resource type, because the same code means different things for a medicine
 * and a device.
 */
export function statusOf(resource: unknown, reader: Reader, path = 'status'): string | undefined {
  const { coded, words: messages } = reader;
  if (isMistake(resource)) return messages.mistake;
  if (isRefuted(resource)) return messages.statuses['refuted'];
  const status = coded(resource, path, { ...messages.statuses, ...ownWords(resource, messages.statusesOf) });
  const active = elementsAt(resource, path).includes('active');
  // Here `active` means that the prohibition is in effect. The usual label would read as if the activity were taking
  // place.
  if (active && isForbidden(resource)) return messages.inEffect;
  const intent = intentOf(resource, reader);
  if (intent === undefined) return status;
  return active || status === undefined ? intent : `${intent}. ${status}`;
}

/** Label of an intent other than an order, such as a proposal; undefined for orders and for types without an intent. */
function intentOf(resource: unknown, { coded, words: messages }: Reader): string | undefined {
  const typeLabels = ownWords(resource, messages.intentsOf);
  if (typeLabels === undefined) return undefined;
  const known = elementsAt(resource, 'intent').some(
    (code) => typeof code === 'string' && Object.hasOwn(typeLabels, code),
  );
  const isReportedPlan = elementsAt(resource, 'intent').includes('plan') && !isPlanned(resource);
  return known && !isReportedPlan ? coded(resource, 'intent', typeLabels) : undefined;
}

type ByType = Readonly<Record<string, Readonly<Record<string, string>>>>;

function ownWords(resource: unknown, byType: ByType): ByType[string] | undefined {
  const [type] = elementsAt(resource, 'resourceType');
  return typeof type === 'string' && Object.hasOwn(byType, type) ? byType[type] : undefined;
}

/**
 * Verification status of a Condition or AllergyIntolerance; undefined when it is confirmed or the status already says
 * it.
 */
export function certaintyOf(resource: unknown, { coded, words: messages }: Reader): string | undefined {
  if (isMistake(resource) || isRefuted(resource)) return undefined;
  const certainty = coded(resource, 'verificationStatus.coding.code', messages.statuses);
  return certainty === messages.statuses['confirmed'] ? undefined : certainty;
}

/** RelatedPerson, Practitioner and Organization have an `active` flag instead of a status. */
export const activityOf = (resource: unknown, reader: Reader): string | undefined =>
  elementsAt(resource, 'active').includes(false) ? reader.words.statuses['inactive'] : statusOf(resource, reader);
