import { html } from 'ghtml';
import { errorSummary, type FieldFault, hidden, titleWith } from '../../pages/index.ts';
import { deskPage, deskPath } from '../frame.ts';
import type { AtPatient } from './acts.ts';

export interface ActPage {
  readonly title: string;
  /** Escaped HTML above the form: what the action is about and what it does. */
  readonly about?: string;
  /** Escaped HTML of the form fields. */
  readonly fields?: string;
  readonly button?: string;
  readonly faults?: readonly FieldFault[];
}

/** Renders the page of one action on one patient, whom the page names. */
export function actPage(
  context: AtPatient,
  { title, about = '', fields = '', button, faults: errors = [] }: ActPage,
): string {
  const { frame: pageContext, session, job, csrf, patient } = context;
  const form =
    button === undefined
      ? ''
      : html`
<form method="post">
  !${hidden('csrf', csrf)}
  !${fields}
  <button>${button}</button>
</form>`;
  const body = html`
!${errorSummary(pageContext, errors)}
<p class="back"><a href="${context.path}">Back to ${patient.name}</a></p>
<h1>${title}</h1>
!${about}
!${form}`;
  const currentPath = deskPath(job.practiceId, 'patients');
  return deskPage(pageContext, {
    title: titleWith(pageContext, errors, title),
    body,
    here: currentPath,
    csrf,
    session,
    job,
  });
}
