import { createHmac } from 'node:crypto';
import { type Executor, statement } from '../../database/index.ts';
import type { RecordId } from '../../kernel/index.ts';

const keys = statement(
  'registry.activity.keys',
  { client_id: 'text', pseudonym_key: 'bytea' },
  'select client_id, pseudonym_key from app where client_id = any($1)',
);
const records = statement(
  'registry.activity.records',
  { record_id: 'int8', patient_id: 'uuid', kind: 'text' },
  `select r.record_id, r.patient_id, p.kind from record r join practice p using (practice_id)
   where r.record_id = any($1::int8[])`,
);

/**
 * A patient as an app's developer sees the patient in the app's log: by a pseudonym, and in the
 * sandbox also by the id.
 */
export interface PseudonymousPatient {
  readonly pseudonym: string;
  /** `Patient.id` of a sandbox patient. undefined for patients of live practices, who appear only by pseudonym. */
  readonly patient: string | undefined;
  readonly live: boolean;
}

export type FindPseudonym = (clientId: string, recordId: RecordId) => PseudonymousPatient | undefined;

/**
 * Returns an app's pseudonym for a patient record: 60 bits of an HMAC-SHA256 of the record's id
 * under the app's own key. Pseudonyms of different apps can't be linked. Without the key, which is
 * stored only in the database, no one can try out record ids until the pseudonym matches.
 */
export function pseudonym(key: Uint8Array, recordId: RecordId): string {
  const digest = createHmac('sha256', key).update(`record ${recordId}`).digest();
  return [...digest.subarray(0, 12)].map((byte) => ALPHABET.charAt(byte % 32)).join('');
}

/** Alphabet of the pseudonyms: digits and letters, without letters that could be mistaken for digits. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const MAX_CACHED = 10_000;

/**
 * Creates the function that looks up pseudonyms. It caches each app's key, and each record's
 * `Patient.id` and kind of practice, because they never change.
 */
export function pseudonymLookup() {
  const keyOf = new Map<string, Buffer>();
  const recordOf = new Map<number, { readonly patient: string; readonly live: boolean }>();

  return async (db: Executor, wanted: readonly { clientId: string; recordId: RecordId }[]): Promise<FindPseudonym> => {
    if (keyOf.size > MAX_CACHED) keyOf.clear();
    if (recordOf.size > MAX_CACHED) recordOf.clear();
    const apps = missing(keyOf, wanted, ({ clientId }) => clientId);
    if (apps.length > 0) for (const row of await db.query(keys, [apps])) keyOf.set(row.client_id, row.pseudonym_key);
    const ids = missing(recordOf, wanted, ({ recordId }) => recordId as number);
    if (ids.length > 0) {
      for (const row of await db.query(records, [ids])) {
        recordOf.set(row.record_id, { patient: row.patient_id, live: row.kind !== 'sandbox' });
      }
    }
    return (clientId, recordId) => {
      const [key, record] = [keyOf.get(clientId), recordOf.get(recordId)];
      if (key === undefined) return undefined;
      // A record that isn't known to be of a sandbox practice is treated as one of a live practice.
      const { live = true, patient } = record ?? {};
      return { pseudonym: pseudonym(key, recordId), live, patient: live ? undefined : patient };
    };
  };
}

const missing = <Item, Key>(known: ReadonlyMap<Key, unknown>, items: readonly Item[], key: (item: Item) => Key) => [
  ...new Set(items.map(key).filter((one) => !known.has(one))),
];
