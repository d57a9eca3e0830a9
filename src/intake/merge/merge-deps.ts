import type { AuditEvent, Trail } from '../../audit/index.ts';
import type { Executor } from '../../database/index.ts';
import { type Projection, readStored } from '../../fhir/index.ts';
import type { Clock, PracticeId, Random, RecordId } from '../../kernel/index.ts';
import type { MergedPeople } from '../ports.ts';
import { writeDemographics } from '../records.ts';

/** In a transaction of the caller's, who takes back everything where the answer is a refusal. */
export interface MergeDeps {
  readonly tx: Executor;
  readonly clock: Clock;
  readonly random: Random;
  readonly projections: readonly Projection[];
  readonly audit: Pick<Trail, 'recordAllWithin'>;
  readonly people: MergedPeople;
}

/** Who asked for it, as the trail says it. */
export type Author = Pick<AuditEvent, 'clientId' | 'grantId' | 'familyId' | 'requestId'> & { readonly by: string };

/** Why nothing was done, for whoever asked. */
export interface NotDone {
  readonly refused: string;
}

/** An event about a record; whose it is only its number tells. */
export function recordEvent(
  { by, ...author }: Author,
  about: Pick<AuditEvent, 'recordId' | 'accountId' | 'resources'>,
  detail: Readonly<Record<string, unknown>>,
): AuditEvent {
  const kind = about.accountId === undefined ? 'record' : 'account';
  return { kind, outcome: 'success', ...author, ...about, detail: { ...detail, by } };
}

/** What the desk finds a patient by, made anew from the record's Patient. */
export async function renewDemographics(
  tx: Executor,
  practiceId: PracticeId,
  { recordId, patientId }: { readonly recordId: RecordId; readonly patientId: string },
): Promise<void> {
  const patient = await readStored(tx, recordId, { type: 'Patient', id: patientId });
  if (patient !== undefined) await writeDemographics(tx, { practiceId }, recordId, patient);
}
