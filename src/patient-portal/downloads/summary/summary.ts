import { requireRecordAccess } from '../../../fhir/index.ts';
import { formatMinute } from '../../date-format.ts';
import type { PatientPortalDeps } from '../../deps.ts';
import type { PatientPortalContext } from '../../portal-context.ts';
import { loadPatientIdentity } from '../patient-identity.ts';
import type { PatientSummary } from './content.ts';
import { loadSummaryLists } from './lists.ts';
import { loadResultSections } from './results.ts';

/**
 * Loads the health summary of a record. It lists what the practice marks as current and the recent results. It leaves
 * out what was entered in error, and names what was ruled out.
 * @throws Error if the account loses access while it reads, because an incomplete summary must not look complete
 */
export async function loadSummary(deps: PatientPortalDeps, context: PatientPortalContext): Promise<PatientSummary> {
  const { messages, record, pageContext } = context;
  const { recordDownloads: w } = messages;
  const { name, phone, email, website } = pageContext.brand;
  const patient = await loadPatientIdentity(deps, context);
  const { urgent, background } = await loadSummaryLists(deps, context);
  const results = await loadResultSections(deps, context);
  await requireRecordAccess(deps.db, context.accountRecord);
  return {
    title: w.summary.title,
    patient,
    copy: w.copy(formatMinute(context, deps.clock.now())),
    origin: `${w.source(record.practiceName)} ${w.limits} ${w.summary.unsigned}`,
    sections: [...urgent, ...results, ...background],
    contact: {
      title: w.summary.contact,
      lines: [name, phone, email, website].filter((line) => line !== undefined),
    },
  };
}
