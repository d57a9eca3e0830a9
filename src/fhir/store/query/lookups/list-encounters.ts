import { type Executor, statement } from '../../../../database/index.ts';
import type { RecordId } from '../../../../kernel/index.ts';
import { elementsAt } from '../../index/elements.ts';
import { valueToken } from '../../index/token-hash.ts';

export interface EncounterSummary {
  readonly id: string;
  /**
   * When it starts, as the Encounter says it, without converting the time zone: a day such as `2026-11-02`, or only a
   * month or year.
   */
  readonly date: string | undefined;
  /** For example `Office visit`: the encounter's type or, if there is none, its class. */
  readonly kind: string | undefined;
  readonly state: EncounterState;
}

export type EncounterState = 'planned' | 'in-progress' | 'finished' | 'unknown';

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
  return rows.map(({ id, content }) => ({ id, ...summarize(JSON.parse(content)) }));
}

/** States by the codes of FHIR R4 encounter-status. All others are unknown. */
const STATES: ReadonlyMap<string, EncounterState> = new Map([
  ['planned', 'planned'],
  ['arrived', 'in-progress'],
  ['triaged', 'in-progress'],
  ['in-progress', 'in-progress'],
  ['onleave', 'in-progress'],
  ['finished', 'finished'],
]);

const summarize = (encounter: unknown): Omit<EncounterSummary, 'id'> => ({
  date: firstText(encounter, ['period.start', 'period.end'])?.slice(0, 10),
  kind: firstText(encounter, ['type.text', 'type.coding.display', 'class.display', 'class.code'])?.slice(0, 100),
  state: STATES.get(firstText(encounter, ['status']) ?? '') ?? 'unknown',
});

const firstText = (resource: unknown, paths: readonly string[]): string | undefined =>
  paths
    .flatMap((path) => elementsAt(resource, path))
    .find((value) => typeof value === 'string' && value.trim() !== '') as string | undefined;
