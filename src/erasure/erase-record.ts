import type { ActionAuthor, ActionDeciders, ApprovedAction } from '../approvals/index.ts';
import type { AuditLog } from '../audit/index.ts';
import type { Executor } from '../database/index.ts';
import type { Encryption } from '../encryption/index.ts';
import { eraseEnrollment } from '../enrollment/index.ts';
import { eraseExports, eraseRecords, lockRecordToErase, type RecordToErase, type RemovedRows } from '../fhir/index.ts';
import { erasePeople, findDeveloperProfileByEmail, findProfileByEmail, lockPeopleToErase } from '../identity/index.ts';
import { eraseIntake } from '../intake/index.ts';
import { type Clock, conflictProblem, type PracticeId, type Random, type RecordId, sha256 } from '../kernel/index.ts';
import { eraseEmails } from '../mail/index.ts';
import { eraseGrants } from '../oauth/index.ts';
import { buildCertificate } from './certificate.ts';
import { insertErasure } from './erasure-store.ts';

export interface ErasureDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: Pick<AuditLog, 'appendInTransaction'>;
  readonly encryption: Encryption;
}

/** The record to erase, and why. The record is at this practice. */
export type EraseParameters = {
  readonly recordId: number;
  readonly practiceId: number;
  readonly reason: string;
};

export interface Erasure {
  readonly erasureId: string;
  readonly certificate: string;
  /** SHA-256 of the certificate, in hex. */
  readonly digest: string;
}

/** Creates the action that erases a record once a second administrator approved it. */
export const eraseRecordAction = (deps: ErasureDeps): ApprovedAction<EraseParameters, Erasure> => ({
  name: 'erase-record',
  run: (tx, parameters, author, deciders) => eraseRecord(tx, deps, parameters, { author, deciders }),
});

/**
 * Deletes the content of a record everywhere in the database, in one transaction, and stores a certificate about it. The
 * audit log keeps its events; after this, nothing connects their ids with the person. Throws `conflict` if the record
 * can't be erased.
 * @param by undefined for an operator, if there are no administrators
 */
export async function eraseRecord(
  tx: Executor,
  deps: ErasureDeps,
  { recordId, practiceId, reason }: EraseParameters,
  by: { readonly author: ActionAuthor; readonly deciders: ActionDeciders } | undefined,
): Promise<Erasure> {
  const now = deps.clock.now();
  const record = await lockRecordToErase(tx, practiceId as PracticeId, recordId as RecordId);
  if (record === undefined)
    throw conflictProblem(
      'This record was erased, or merged into another record. If it was merged, erase the other record.',
    );
  const removed = await removeEverywhere(tx, deps, now, record);
  const erasureId = deps.random.uuid();
  const certificate = buildCertificate({
    erasureId,
    erasedAt: now,
    recordIds: record.recordIds,
    practiceId,
    reason,
    removed,
    deciders: by?.deciders,
  });
  const digest = sha256(certificate);
  const approvalRequestId = by?.deciders.approvalRequestId;
  await insertErasure(tx, { erasureId, erasedAt: now, recordId, approvalRequestId, certificate, digest });
  const detail = { action: 'erase', erasure: erasureId, certificate: digest.toString('hex') };
  const source = by === undefined ? { by: 'command line' } : {};
  for (const erased of record.recordIds)
    await deps.audit.appendInTransaction(tx, {
      kind: 'record',
      outcome: 'success',
      ...by?.author,
      recordId: erased,
      detail: { ...detail, ...source },
    });
  return { erasureId, certificate, digest: digest.toString('hex') };
}

/** Each module deletes its own tables. What is needed to find texts about the patient is read before it is deleted. */
async function removeEverywhere(
  tx: Executor,
  { encryption }: ErasureDeps,
  now: Date,
  record: RecordToErase,
): Promise<RemovedRows> {
  const { practiceId, recordIds } = record;
  const people = await lockPeopleToErase(tx, recordIds);
  const intake = await eraseIntake(tx, record);
  const { names, values, addresses } = intake.identifiers;
  const enrollment = await eraseEnrollment(tx, practiceId, recordIds, values);
  const exports = await eraseExports(tx, record);
  const grants = await eraseGrants(tx, recordIds, people.erased);
  const stored = await eraseRecords(tx, now, record);
  const accounts = await erasePeople(tx, recordIds, people);
  const candidates = [...people.erasedAddresses, ...enrollment.addresses, ...addresses];
  const shared = await listAddressesInUse(tx, candidates);
  const emails = {
    own: candidates.filter((address) => !shared.includes(address)),
    others: [...people.otherAddresses, ...shared],
    texts: [...names, ...values],
  };
  const mail = await eraseEmails(tx, encryption, emails);
  return { ...stored, ...intake.removed, ...exports, ...grants, ...enrollment.removed, ...accounts, mail };
}

/** Returns the addresses that an open account has. Its owner gets other emails too, which must stay. */
async function listAddressesInUse(tx: Executor, addresses: readonly string[]): Promise<readonly string[]> {
  const used: string[] = [];
  for (const address of new Set(addresses))
    if (
      (await findProfileByEmail(tx, address)) !== undefined ||
      (await findDeveloperProfileByEmail(tx, address)) !== undefined
    )
      used.push(address);
  return used;
}
