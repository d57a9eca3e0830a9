import type { Database } from '../../database/index.ts';
import type { PracticeId } from '../../kernel/index.ts';
import type { BulkInvitationActor } from '../contract.ts';
import type { EnrollmentDeps } from '../ports.ts';
import { BulkFileError, parseBulkFile } from './parse-file.ts';
import { countUnfinished, saveBulkInvitation } from './store.ts';

/**
 * Maximum number of files of one practice that are being processed at the same time, so that one practice can't delay
 * all others.
 */
const MAX_UNFINISHED = 3;

/**
 * Stores the rows of an uploaded file for background processing, and records the upload in the audit log. Throws
 * `BulkFileError` if the file can't be read or too many files are being processed.
 * @returns the id of the bulk invitation
 */
export async function startBulkInvitation(
  deps: EnrollmentDeps & { readonly db: Database },
  { accountId, requestId, visitor }: BulkInvitationActor,
  practiceId: PracticeId,
  file: Uint8Array,
): Promise<string> {
  const { db, clock, random, audit } = deps;
  const lines = parseBulkFile(file);
  const bulkId = random.uuid();
  await db.transaction(async (tx) => {
    if ((await countUnfinished(tx, practiceId)) >= MAX_UNFINISHED)
      throw new BulkFileError(({ busy }) => busy(MAX_UNFINISHED));
    await saveBulkInvitation(tx, { bulkId, practiceId, createdBy: accountId, visitor, now: clock.now(), lines });
    const detail = { action: 'bulk', practice: String(practiceId), patients: String(lines.length) };
    await audit.appendInTransaction(tx, { kind: 'enrollment', outcome: 'success', requestId, accountId, detail });
  });
  return bulkId;
}
