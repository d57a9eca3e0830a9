import type { Database } from '../database/index.ts';
import { startBulk } from './bulk/start.ts';
import { bulksOf, findBulk, reportOf } from './bulk/store.ts';
import { workOff } from './bulk/work-off.ts';
import { readChart } from './chart/chart.ts';
import { EnrollmentFault, type Enrollments } from './contract.ts';
import { declineWithin, undoDeclineWithin } from './invitation/decline.ts';
import { codeContact, giveCodeWithin } from './invitation/give-code.ts';
import { inviteWithin, resendWithin } from './invitation/invite.ts';
import { cancelInvitation, findInPractice, invitationsOf } from './invitation/store.ts';
import { letterOf } from './letter/letter.ts';
import type { EnrollmentDeps } from './ports.ts';

/**
 * Creates the enrollment actions for the practice portal and the command line. Each action is one transaction that
 * includes its email and audit event.
 */
export function openEnrollments(deps: EnrollmentDeps & { readonly db: Database }): Enrollments {
  const { db, clock, audit } = deps;
  return {
    chart: (recordId) => readChart(db, recordId, clock.now()),
    invite: (by, request) => db.transaction((tx) => inviteWithin(tx, deps, by, request)),
    resend: (by, invitationId) => db.transaction((tx) => resendWithin(tx, deps, by, invitationId)),
    giveCode: (by, invitationId, way) => db.transaction((tx) => giveCodeWithin(tx, deps, by, { invitationId, way })),
    codeContact: (invitationId) => codeContact(db, invitationId, clock.now()),
    decline: (by, recordId, reason) => db.transaction((tx) => declineWithin(tx, deps, by, { recordId, reason })),
    undoDecline: (by, recordId) => db.transaction((tx) => undoDeclineWithin(tx, deps, by, recordId)),
    ofRecord: (recordId) => invitationsOf(db, recordId, clock.now()),
    find: (practiceId, invitationId) => findInPractice(db, { practiceId, invitationId }, clock.now()),
    cancel: ({ accountId, requestId }, invitationId) =>
      db.transaction(async (tx) => {
        const recordId = await cancelInvitation(tx, invitationId, clock.now());
        if (recordId === undefined) throw new EnrollmentFault('over');
        const detail = { action: 'cancel' };
        await audit.recordWithin(tx, {
          kind: 'enrollment',
          outcome: 'success',
          requestId,
          accountId,
          recordId,
          detail,
        });
      }),
    letter: (created) => letterOf(deps, created),
    startBulk: (by, practiceId, file) => startBulk(deps, by, practiceId, file),
    bulkOf: (practiceId, visitor) => bulksOf(db, { practiceId, visitor }),
    bulkProgress: (bulkId, practiceId, visitor) => findBulk(db, { bulkId, practiceId, visitor }),
    bulkReport: (bulkId, practiceId, visitor) => reportOf(db, { bulkId, practiceId, visitor }),
    workOff: () => workOff(deps),
  };
}
