import { html } from 'ghtml';
import { errorSummary, type FormFieldError, hiddenField, pageTitle } from '../../../web-pages/index.ts';
import { practicePath, renderStaffPage } from '../../staff-page.ts';
import type { PatientAdminContext } from './patient-action.ts';

export interface PatientActionPage {
  readonly title: string;
  /** Escaped HTML above the form: what the action is about and what it does. */
  readonly introHtml?: string;
  /** Escaped HTML of the form fields. */
  readonly fieldsHtml?: string;
  readonly buttonText?: string;
  readonly faults?: readonly FormFieldError[];
}

/** Renders the page of one action on one patient, whom the page names. */
export function renderActionPage(
  context: PatientAdminContext,
  { title, introHtml = '', fieldsHtml = '', buttonText, faults: errors = [] }: PatientActionPage,
): string {
  const { pageContext, session, job, csrf, patient } = context;
  const form =
    buttonText === undefined
      ? ''
      : html`
<form method="post">
  !${hiddenField('csrf', csrf)}
  !${fieldsHtml}
  <button>${buttonText}</button>
</form>`;
  const body = html`
!${errorSummary(pageContext, errors)}
<p class="back"><a href="${context.patientPath}">Back to ${patient.name}</a></p>
<h1>${title}</h1>
!${introHtml}
!${form}`;
  const currentPath = practicePath(job.practiceId, 'patients');
  return renderStaffPage(pageContext, {
    title: pageTitle(pageContext, errors, title),
    body,
    currentPath,
    csrf,
    session,
    job,
  });
}
