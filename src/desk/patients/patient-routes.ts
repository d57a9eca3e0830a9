import type { FastifyInstance } from 'fastify';
import { liveAccess } from '../../oauth/index.ts';
import { fieldsOf } from '../form.ts';
import { hasRole } from '../roles.ts';
import { accountsOf } from './accounts.ts';
import { type AtPatient, ENROLLERS, patientAt } from './acts.ts';
import { type ConnectedApp, grantsOf } from './apps.ts';
import type { PatientsDeps } from './deps.ts';
import { invitersOf } from './history.ts';
import { chartOf } from './invite.ts';
import { numbersOf } from './numbers.ts';
import { patientPage } from './page/page.ts';

/**
 * Registers the patient's page. All staff of the practice may see it; only the privacy officer and the administrator
 * see which apps read the record.
 */
export function patientPageRoutes(app: FastifyInstance, deps: PatientsDeps): void {
  const { db, audit, enrollments } = deps;

  app.get('/practice/:practiceId/patients/:patientId', async (request, reply) => {
    const context = await patientAt(deps, request, reply);
    const { patient, job, session } = context;
    const { recordId } = patient;
    await audit.record({
      kind: 'enrollment',
      outcome: 'success',
      requestId: request.id,
      accountId: session.accountId,
      recordId,
      detail: { action: 'patient' },
    });
    const page = patientPage({
      at: context,
      chart: await chartOf(deps, context),
      numbers: await numbersOf(db, patient),
      accounts: await accountsOf(db, recordId),
      invitations: await enrollments.ofRecord(recordId),
      inviters: await invitersOf(db, recordId),
      apps: hasRole(job, 'privacy-officer', 'administrator') ? await listActiveApps(context) : undefined,
      enrolls: hasRole(job, ...ENROLLERS),
      launches: hasRole(job, 'clinician') && job.practitionerId !== undefined,
      done: fieldsOf(request.query)['done'],
      sends: deps.post.sends && job.practiceKind === 'live',
    });
    return reply.type('text/html; charset=utf-8').send(page);
  });

  /** Filters out grants without a valid token. */
  async function listActiveApps({ patient, session }: AtPatient): Promise<readonly ConnectedApp[]> {
    const grants = await grantsOf(db, patient.recordId, session);
    const ids = grants.map(({ grantId }) => grantId);
    const activeGrants = await liveAccess(deps, deps.clock.now(), ids);
    return grants.filter(({ grantId }) => activeGrants.has(grantId));
  }
}
