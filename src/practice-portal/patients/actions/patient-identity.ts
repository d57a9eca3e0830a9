import { formatBirthDate } from '../../../i18n/index.ts';
import type { Html } from '../../../kernel/index.ts';
import type { PatientAdminDeps } from '../deps.ts';
import { renderFactList } from '../fact-list.ts';
import { listIdentifiers } from '../identifiers.ts';
import type { PatientAdminContext } from './patient-action.ts';

/**
 * Renders the name, birth date and MRN of the patient, so that staff can check that they have the right chart. Records
 * in the audit log that staff saw them, as the patient's page does.
 */
export async function renderPatientIdentity(
  { db, audit }: Pick<PatientAdminDeps, 'db' | 'audit'>,
  { patient, messages, session, actor, pageContext: { language } }: PatientAdminContext,
): Promise<Html> {
  await audit.append({
    kind: 'enrollment',
    outcome: 'success',
    requestId: actor.requestId,
    accountId: session.accountId,
    recordId: patient.recordId,
    detail: { action: 'patient' },
  });
  const { chart } = messages.patientPage;
  const { name, birthDate } = patient;
  return renderFactList(
    [
      [chart.patient, [name]],
      [chart.birthDate, birthDate === undefined ? [] : [formatBirthDate(language, birthDate)]],
      [chart.identifiers, await listIdentifiers(db, patient, language)],
    ],
    chart.none,
  );
}
