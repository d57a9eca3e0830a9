import type { ActionDeciders } from '../approvals/index.ts';
import type { RemovedRows } from '../fhir/index.ts';

interface CertificateFacts {
  readonly erasureId: string;
  readonly erasedAt: Date;
  readonly recordIds: readonly number[];
  readonly practiceId: number;
  readonly reason: string;
  readonly removed: RemovedRows;
  /** Undefined if there are no administrators. */
  readonly deciders: ActionDeciders | undefined;
}

/** An erasure leaves these. The certificate must not promise more than was done. */
const REMAINS = [
  'The audit log, with the random numbers of records and accounts. Nothing connects them with the person any more, except free text that staff entered as a reason.',
  'Backups and archives of the database from before, and copies outside of this server.',
  'What apps and people downloaded before.',
  'What the records of other patients say about the person.',
];

/** Builds the certificate of an erasure as JSON. It names no patient. */
export const buildCertificate = ({
  erasureId,
  erasedAt,
  recordIds,
  practiceId,
  reason,
  deciders,
  removed,
}: CertificateFacts): string =>
  JSON.stringify(
    {
      certificate: 'Erasure of a patient record',
      erasureId,
      erasedAt: erasedAt.toISOString(),
      practice: practiceId,
      records: recordIds,
      reason,
      requestedBy: deciders?.requester ?? 'an operator at the command line',
      approvedBy: deciders?.approver ?? null,
      ...(deciders?.approver === undefined ? { noApproval: 'There was no second administrator.' } : {}),
      removedRows: Object.fromEntries(
        Object.entries(removed)
          .filter(([, rows]) => rows > 0)
          .toSorted(([one], [other]) => (one < other ? -1 : 1)),
      ),
      remains: REMAINS,
    },
    undefined,
    2,
  );
