import { type Executor, statement } from '../../../../database/index.ts';
import type { RecordId } from '../../../../kernel/index.ts';
import { elementsAt } from '../../index/elements.ts';
import { valueToken } from '../../index/token-hash.ts';

export interface EncounterSummary {
  readonly id: string;
  /** Date and kind of the visit, for example `2026-11-02, Office visit`. */
  readonly label: string;
}

const list = statement(
  'fhir.list-encounters',
  { id: 'uuid', content: 'text' },
  `select id, content from resource where record_id = $1 and type = 'Encounter' and not flags && $2::int8[]
   order by sort_at desc, id desc limit 50`,
);

/**
 * Statuses of encounters that never took place, as search index values. The codes are from FHIR R4 encounter-status.
 */
const NEVER_TOOK_PLACE = ['cancelled', 'entered-in-error'].map((code) =>
  valueToken('status', { system: 'http://hl7.org/fhir/encounter-status', code }),
);

/**
 * Lists up to 50 encounters of a patient record, newest first. Encounters that were cancelled or entered in error are
 * left out.
 */
export async function listEncounters(db: Executor, recordId: RecordId): Promise<readonly EncounterSummary[]> {
  const rows = await db.query(list, [recordId, NEVER_TOOK_PLACE]);
  return rows.map(({ id, content }) => ({ id, label: encounterLabel(JSON.parse(content)) }));
}

/**
 * Returns a short description of a visit: its date and kind. The date is the one that the Encounter contains, without
 * converting the time zone. The kind is the encounter's type or, if there is none, its class.
 */
function encounterLabel(encounter: unknown): string {
  const start = firstText(encounter, ['period.start', 'period.end']);
  const kind = firstText(encounter, ['type.text', 'type.coding.display', 'class.display', 'class.code']);
  return `${start?.slice(0, 10) ?? 'No date'}, ${kind?.slice(0, 100) ?? 'visit'}`;
}

const firstText = (resource: unknown, paths: readonly string[]): string | undefined =>
  paths
    .flatMap((path) => elementsAt(resource, path))
    .find((value) => typeof value === 'string' && value.trim() !== '') as string | undefined;
