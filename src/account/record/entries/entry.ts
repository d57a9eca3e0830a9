import { elementsAt } from '../../../fhir/index.ts';
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

const STATUSES = ['status', 'lifecycleStatus', 'verificationStatus.coding.code'];

/** FHIR R4: what was entered by mistake is shown as that, and never as current. */
export const isMistake = (resource: unknown): boolean =>
  STATUSES.some((path) => elementsAt(resource, path).includes('entered-in-error'));

/** One code may mean one thing of a medicine and another of a device. */
export function statusOf(resource: unknown, { coded, words }: Reader, path = 'status'): string | undefined {
  if (isMistake(resource)) return words.mistake;
  const [type] = elementsAt(resource, 'resourceType');
  const own = typeof type === 'string' && Object.hasOwn(words.statusesOf, type) ? words.statusesOf[type] : undefined;
  return coded(resource, path, { ...words.statuses, ...own });
}

/** FHIR R4 doNotPerform: an order that something is not to be done. */
export const isForbidden = (resource: unknown): boolean => elementsAt(resource, 'doNotPerform').includes(true);
