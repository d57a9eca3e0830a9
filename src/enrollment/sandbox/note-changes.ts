import type { Clock } from '../../kernel/index.ts';
import type { EnrollmentAuditLog } from '../ports.ts';
import { noteSandboxChange } from './sandbox-patients.ts';

/**
 * Wraps the audit log of enrollment, so that each change of a sandbox patient with whom visitors try enrollment is
 * noted. Every change of a record's enrollment writes an event in its transaction, so no change is missed.
 */
export const noteSandboxChanges = (audit: EnrollmentAuditLog, clock: Clock): EnrollmentAuditLog => ({
  async appendInTransaction(tx, event) {
    await audit.appendInTransaction(tx, event);
    const { recordId, detail } = event;
    if (recordId !== undefined) await noteSandboxChange(tx, recordId, clock.now(), detail['action'] === 'enroll');
  },
});
