import { html } from 'ghtml';
import { errorSummary, type FieldFault, hidden, titleWith } from '../../pages/index.ts';
import { deskPage, deskPath } from '../frame.ts';
import type { AtPatient } from './acts.ts';

export interface ActPage {
  readonly title: string;
  /** Escaped HTML above the form: what it is about, what it does. */
  readonly about?: string;
  /** Escaped HTML of the fields. */
  readonly fields?: string;
  /** What the button says; undefined: there is nothing to send. */
  readonly button?: string;
  readonly faults?: readonly FieldFault[];
}

/** A page of its own for one act on one patient, who is named on it. */
export function actPage(at: AtPatient, { title, about = '', fields = '', button, faults = [] }: ActPage): string {
  const { frame, session, job, csrf, patient } = at;
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
!${errorSummary(frame, faults)}
<p class="back"><a href="${at.path}">Back to ${patient.name}</a></p>
<h1>${title}</h1>
!${about}
!${form}`;
  const here = deskPath(job.practiceId, 'patients');
  return deskPage(frame, { title: titleWith(frame, faults, title), body, here, csrf, session, job });
}
