import { formatBirthDate } from '../../../i18n/index.ts';
import { type Html, html } from '../../../kernel/index.ts';
import { practicePath, renderStaffPage } from '../../staff-page.ts';
import { statusTag } from '../list/patient-table.ts';
import { renderNotice } from '../notices.ts';
import { renderAccountSection, renderMainActions } from './account-section.ts';
import { renderAppsSection } from './apps-section.ts';
import { renderChartSection } from './chart-section.ts';
import { renderInvitationsSection } from './invitations-section.ts';
import { renderRepresentativesSection } from './representatives-section.ts';
import { renderSandboxNote, renderVisitorEmails } from './sandbox-sections.ts';
import type { PatientPageView } from './view.ts';

/** Renders the page of one patient: identity, enrollment, and everyone else with access to the record. */
export function renderPatientPage(view: PatientPageView): Html {
  const { context, notice } = view;
  const { patient, job, session, csrf, pageContext, messages } = context;
  const currentPath = practicePath(job.practiceId, 'patients');
  const { age } = view.chart;
  const born =
    patient.birthDate === undefined
      ? ''
      : html` <span class="date">${messages.shared.born(formatBirthDate(pageContext.language, patient.birthDate))}${age !== undefined && ` (${age})`}</span>`;
  const body = html`
${renderNotice(messages.patientPage, notice, view.sendsEmail || view.visitorEmails.length > 0)}
<p class="back"><a href="${currentPath}">${messages.patientPage.allPatients}</a></p>
<div class="heading"><div><h1>${patient.name}</h1><p class="subtitle">${statusTag(pageContext, patient.status, patient.expired)}${born}</p></div>${renderMainActions(view)}</div>
${renderSandboxNote(view)}
<div class="columns">
<div>${renderAccountSection(view)}${renderInvitationsSection(view)}${renderVisitorEmails(view)}${renderRepresentativesSection(view)}</div>
<div>${renderChartSection(view)}${renderAppsSection(view)}</div>
</div>`;
  return renderStaffPage(pageContext, {
    title: patient.name,
    body,
    currentPath,
    csrf,
    session,
    job,
    patientId: patient.patientId,
  });
}
