import type { Database } from '../database/index.ts';
import { processBulkTurn, processPendingRows } from './bulk/process-rows.ts';
import { startBulkInvitation } from './bulk/start.ts';
import { findBulkProgress, listBulkInvitations, listBulkReport, queueUnfinishedBulks } from './bulk/store.ts';
import { readChart } from './chart/chart.ts';
import { EnrollmentError, type Enrollments } from './contract.ts';
import { declineInTransaction, undoDeclineInTransaction } from './invitation/decline.ts';
import { inviteInTransaction, resendInTransaction } from './invitation/invite.ts';
import { findCodeContact, issueCodeInTransaction } from './invitation/issue-code.ts';
import { cancelInvitation, findInvitationInPractice, listInvitations } from './invitation/store.ts';
import { createLetter } from './letter/letter.ts';
import type { EnrollmentDeps } from './ports.ts';
import { noteSandboxChanges } from './sandbox/note-changes.ts';
import { findSandboxPatient } from './sandbox/sandbox-patients.ts';
import { listVisitorEmails } from './sandbox/visitor-emails.ts';

/**
 * Creates the enrollment actions for the practice portal and the command line. Each action is one transaction, together
 * with its email and audit event.
 */
export function createEnrollments(given: EnrollmentDeps & { readonly db: Database }): Enrollments {
  const { db, clock } = given;
  const audit = noteSandboxChanges(given.audit, clock);
  const deps = { ...given, audit };
  return {
    readChart: (recordId) => readChart(db, recordId, clock.now()),
    invite: (by, request) => db.transaction((tx) => inviteInTransaction(tx, deps, by, request)),
    resend: (by, invitationId) => db.transaction((tx) => resendInTransaction(tx, deps, by, invitationId)),
    issueCode: (by, invitationId, channel) =>
      db.transaction((tx) => issueCodeInTransaction(tx, deps, by, { invitationId, channel })),
    findCodeContact: (invitationId) => findCodeContact(db, invitationId, clock.now()),
    decline: (by, recordId, reason) => db.transaction((tx) => declineInTransaction(tx, deps, by, { recordId, reason })),
    undoDecline: (by, recordId) => db.transaction((tx) => undoDeclineInTransaction(tx, deps, by, recordId)),
    listForRecord: (recordId) => listInvitations(db, recordId, clock.now()),
    find: (practiceId, invitationId) => findInvitationInPractice(db, { practiceId, invitationId }, clock.now()),
    cancel: ({ accountId, requestId }, invitationId) =>
      db.transaction(async (tx) => {
        const recordId = await cancelInvitation(tx, invitationId, clock.now());
        if (recordId === undefined) throw new EnrollmentError('over');
        const detail = { action: 'cancel', invitation: invitationId };
        await audit.appendInTransaction(tx, {
          kind: 'enrollment',
          outcome: 'success',
          requestId,
          accountId,
          recordId,
          detail,
        });
      }),
    createLetter: (created) => createLetter(deps, created),
    listVisitorEmails: (recordId, visitor) => listVisitorEmails(deps, recordId, visitor),
    findSandboxPatient: (recordId) => findSandboxPatient(db, recordId),
    startBulkInvitation: (by, practiceId, file) => startBulkInvitation(deps, by, practiceId, file),
    listBulkInvitations: (practiceId, visitor) => listBulkInvitations(db, { practiceId, visitor }),
    findBulkProgress: (bulkId, practiceId, visitor) => findBulkProgress(db, { bulkId, practiceId, visitor }),
    listBulkReport: (bulkId, practiceId, visitor) => listBulkReport(db, { bulkId, practiceId, visitor }),
    processBulkTurn: (bulkId) => processBulkTurn(deps, bulkId),
    processPendingRows: () => processPendingRows(deps),
    queueUnfinishedBulks: () => queueUnfinishedBulks(db),
  };
}
