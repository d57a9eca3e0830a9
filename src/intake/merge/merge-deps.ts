import type { AuditEvent, AuditLog } from '../../audit/index.ts';
import type { Executor } from '../../database/index.ts';
import { type Projection, readStoredResource } from '../../fhir/index.ts';
import type { Clock, PracticeId, Random, RecordId } from '../../kernel/index.ts';
import { writeDemographics } from '../load/records.ts';
import type { MergeNotifier } from '../ports.ts';

/**
 * Dependencies of merging patient records. The caller provides the database transaction, and rolls it back if the
 * result is a rejection.
 */
export interface MergeDeps {
  readonly tx: Executor;
  readonly clock: Clock;
  readonly random: Random;
  readonly projections: readonly Projection[];
  readonly audit: Pick<AuditLog, 'appendAllInTransaction'>;
  readonly notifier: MergeNotifier;
}

/** Author of a merge or its undoing, for the audit log. */
export type MergeAuthor = Pick<AuditEvent, 'clientId' | 'grantId' | 'familyId' | 'requestId'> & { readonly by: string };

/**
 * Result of a merge, or of undoing one, if nothing was done. It contains the reason, in words for the operator or app
 * that requested it.
 */
export interface RejectedMerge {
  readonly refused: string;
}

/** Creates an audit event about a patient record. It identifies the record only by its number. */
export function toRecordEvent(
  { by, ...author }: MergeAuthor,
  about: Pick<AuditEvent, 'recordId' | 'accountId' | 'resources'>,
  detail: Readonly<Record<string, unknown>>,
): AuditEvent {
  const kind = about.accountId === undefined ? 'record' : 'account';
  return { kind, outcome: 'success', ...author, ...about, detail: { ...detail, by } };
}

/** Rebuilds the data by which staff find a patient, from the Patient resource of the record. */
export async function refreshDemographics(
  tx: Executor,
  practiceId: PracticeId,
  { recordId, patientId }: { readonly recordId: RecordId; readonly patientId: string },
): Promise<void> {
  const patient = await readStoredResource(tx, recordId, { type: 'Patient', id: patientId });
  if (patient !== undefined) await writeDemographics(tx, { practiceId }, recordId, patient);
}
