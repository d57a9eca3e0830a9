import { html } from 'ghtml';
import { type Chart, YOUNGEST } from '../../enrollment/index.ts';
import { choiceField } from '../../pages/index.ts';
import { notFound } from '../roles.ts';
import { actPage } from './act-page.ts';
import type { Act, AtPatient } from './acts.ts';
import type { PatientsDeps } from './deps.ts';
import { showLetter } from './letter.ts';
import { inWords, MISSING_NAMES, refusalText } from './refusals.ts';
import { wayFields, wayIn } from './way.ts';

/** Invites the patient, with what the chart says. */
export const enrollAct = (deps: PatientsDeps): Act => ({
  path: 'enroll',
  field: 'way',
  async ask(at, form, faults) {
    const chart = await chartOf(deps, at);
    if (at.patient.status === 'enrolled' || at.patient.status === 'locked') return undefined;
    const title = `Enroll ${at.patient.name}`;
    const obstacle = obstacleOf(chart, at);
    if (obstacle !== undefined) return actPage(at, { title, about: html`<div class="note"><p>${obstacle}</p></div>` });
    return actPage(at, {
      title,
      about: proofs(chart, at.patient.status === 'invited'),
      fields: wayFields(at.frame, form, faults, chart),
      button: 'Invite',
      faults,
    });
  },
  async perform(at, form) {
    if (at.patient.status === 'locked') return { done: 'changed' };
    const chart = await chartOf(deps, at);
    const way = wayIn(form, chart.emails);
    if ('faults' in way) return way;
    const { recordId } = chart;
    const made = await deps.enrollments.invite(at.by, { recordId, whom: { kind: 'patient' }, ...way });
    return made.letterCode === undefined ? { done: 'mailed' } : showLetter(deps, at, made);
  },
});

/** Invites somebody who acts for the patient, as the chart names them. */
export const inviteRepresentativeAct = (deps: PatientsDeps): Act => ({
  path: 'related/:relatedPersonId/invite',
  field: 'way',
  async ask(at, form, faults) {
    const chart = await chartOf(deps, at);
    const person = relatedPerson(chart, at);
    const title = `Invite ${person.name} to act for ${at.patient.name}`;
    if (chart.missing.length > 0)
      return actPage(at, { title, about: html`<div class="note"><p>${missingText(chart)}</p></div>` });
    const sure = {
      value: 'yes',
      label: `${person.name} may see the whole record of ${at.patient.name}`,
      hint: 'By law, or because the patient says so. Who is 12 to 17 may have care that parents are not told of.',
      checked: form['sure'] === 'yes',
    };
    const fields = [
      wayFields(at.frame, form, faults, { emails: person.emails, language: chart.language }),
      choiceField(at.frame, { name: 'sure', legend: 'Make sure', kind: 'checkbox', choices: [sure] }, faults),
    ];
    const about = html`<p class="person">${person.relationship === '' ? 'On the chart' : person.relationship}</p>`;
    return actPage(at, { title, about, fields: fields.join(''), button: 'Invite', faults });
  },
  async perform(at, form) {
    const chart = await chartOf(deps, at);
    const { id, emails } = relatedPerson(chart, at);
    const way = wayIn(form, emails);
    if ('faults' in way) return way;
    if (form['sure'] !== 'yes')
      return {
        faults: [{ field: 'sure', message: 'Make sure that this person may see the record, and tick the box' }],
      };
    const whom = { kind: 'representative', relatedPersonId: id } as const;
    const made = await deps.enrollments.invite(at.by, { recordId: chart.recordId, whom, ...way });
    return made.letterCode === undefined ? { done: 'mailed' } : showLetter(deps, at, made);
  },
});

export async function chartOf(
  { enrollments }: Pick<PatientsDeps, 'enrollments'>,
  { patient }: AtPatient,
): Promise<Chart> {
  const chart = await enrollments.chart(patient.recordId);
  if (chart === undefined) throw notFound();
  return chart;
}

function relatedPerson({ relatedPersons }: Chart, { params }: AtPatient): Chart['relatedPersons'][number] {
  const person = relatedPersons.find(({ id }) => id === params['relatedPersonId']);
  if (person === undefined) throw notFound();
  return person;
}

function obstacleOf(chart: Chart, { patient }: AtPatient): string | undefined {
  if (chart.missing.length > 0) return missingText(chart);
  if (chart.age !== undefined && chart.age < YOUNGEST) return refusalText('too-young');
  return patient.status === 'declined' ? refusalText('declined') : undefined;
}

export const missingText = ({ missing }: Chart): string =>
  `Missing on the chart: ${inWords(missing.map((item) => MISSING_NAMES[item]))}. Add it in your EHR; it is read from there.`;

/** What the patient will be asked, so that staff can say it, without the answers. */
const proofs = ({ age = 18 }: Chart, again: boolean): string => html`
!${again ? '<p>The invitation that is out can’t be used any more once there is a new one.</p>' : ''}
<p>The patient will be asked for their birth date, their ZIP code, and a six-digit code that you give in another way.</p>
!${age < 18 ? '<div class="note"><p>The patient is under 18. Take an e-mail address that no parent or guardian reads.</p></div>' : ''}`;
