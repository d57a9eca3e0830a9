import type { FastifyInstance } from 'fastify';
import { listInviters } from '../../../enrollment/index.ts';
import { sendHtml } from '../../../kernel/index.ts';
import { findActiveAccess } from '../../../oauth/index.ts';
import { parseFields } from '../../parse-fields.ts';
import { hasRole } from '../../roles.ts';
import { requireChart } from '../actions/invite.ts';
import { ENROLLMENT_ROLES, loadPatientContext, type PatientAdminContext } from '../actions/patient-action.ts';
import { listConnectedApps, type PatientConnectedApp } from '../connected-apps.ts';
import type { PatientAdminDeps } from '../deps.ts';
import { listIdentifiers } from '../identifiers.ts';
import { listRecordAccounts } from '../record-accounts.ts';
import { renderPatientPage } from './page.ts';

/**
 * Registers the page of one patient. All staff of the practice may see it. Only privacy officers and administrators see
 * which apps read the record.
 */
export function patientPageRoutes(app: FastifyInstance, deps: PatientAdminDeps): void {
  const { db, audit, enrollments } = deps;

  app.get('/practice/:practiceId/patients/:patientId', async (request, reply) => {
    const context = await loadPatientContext(deps, request, reply);
    const { patient, job, session } = context;
    const { recordId } = patient;
    const canEnroll = hasRole(job, ...ENROLLMENT_ROLES);
    const { visitor } = context.actor;
    await audit.append({
      kind: 'enrollment',
      outcome: 'success',
      requestId: request.id,
      accountId: session.accountId,
      recordId,
      detail: { action: 'patient' },
    });
    const page = renderPatientPage({
      context,
      chart: await requireChart(deps, context),
      identifiers: await listIdentifiers(db, patient, context.pageContext.language),
      accounts: await listRecordAccounts(db, recordId),
      invitations: await enrollments.listForRecord(recordId),
      inviters: await listInviters(db, recordId),
      apps: hasRole(job, 'privacy-officer', 'administrator') ? await listActiveApps(context) : undefined,
      canEnroll,
      sandboxPatient: await enrollments.findSandboxPatient(recordId),
      visitorEmails: canEnroll && visitor !== undefined ? await enrollments.listVisitorEmails(recordId, visitor) : [],
      canLaunchApps: hasRole(job, 'clinician') && job.practitionerId !== undefined,
      publicUrl: deps.publicUrl,
      notice: parseFields(request.query)['done'],
      sendsEmail: deps.post.canSend && job.practiceKind === 'live',
    });
    return sendHtml(reply, page);
  });

  /** Lists the apps with access now. Grants without a valid token are left out. */
  async function listActiveApps({ patient, session }: PatientAdminContext): Promise<readonly PatientConnectedApp[]> {
    const grants = await listConnectedApps(db, patient.recordId, session);
    const ids = grants.map(({ grantId }) => grantId);
    const activeGrants = await findActiveAccess(deps, deps.clock.now(), ids);
    return grants.filter(({ grantId }) => activeGrants.has(grantId));
  }
}
