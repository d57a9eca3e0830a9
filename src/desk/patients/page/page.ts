import { html } from 'ghtml';
import { birthDateOf } from '../../../words/index.ts';
import { deskPage, deskPath } from '../../frame.ts';
import { statusTag } from '../list-page.ts';
import { noticeBox } from '../notices.ts';
import { accountSection } from './account-section.ts';
import { appsSection } from './apps-section.ts';
import { chartSection } from './chart-section.ts';
import { invitationsSection } from './invitations-section.ts';
import { peopleSection } from './people-section.ts';
import type { PatientView } from './view.ts';

/** Page of one patient: identity, enrollment, and everyone else with access to the record. */
export function patientPage(view: PatientView): string {
  const { at: context, launches, done } = view;
  const { patient, job, session, csrf, frame: pageContext } = context;
  const currentPath = deskPath(job.practiceId, 'patients');
  const born =
    patient.birthDate === undefined
      ? ''
      : html` born <span class="date">${birthDateOf('en', patient.birthDate)}</span>`;
  const launch = `/practice/launch?${new URLSearchParams({ patient: `${job.practiceId}-${patient.patientId}` })}`;
  const body = html`
!${noticeBox(done, view.sends)}
<p class="back"><a href="${currentPath}">All patients</a></p>
<h1>${patient.name}</h1>
<p class="person">!${statusTag(patient.status, patient.expired)}!${born}</p>
!${launches ? html`<p><a href="${launch}">Open an app for this patient</a></p>` : ''}
<div class="columns">
<div>!${accountSection(view)}!${invitationsSection(view)}!${peopleSection(view)}</div>
<div>!${chartSection(view)}!${appsSection(view)}</div>
</div>`;
  return deskPage(pageContext, { title: patient.name, body, here: currentPath, csrf, session, job, wide: true });
}
