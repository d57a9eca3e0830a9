import { html } from 'ghtml';
import type { Chart, CodeWay, Invitation } from '../../enrollment/index.ts';
import { type Choice, choiceField } from '../../pages/index.ts';
import { actPage } from './act-page.ts';
import type { Act, AtPatient } from './acts.ts';
import type { PatientsDeps } from './deps.ts';
import { invitationAt } from './invitation-acts.ts';
import { chartOf } from './invite.ts';
import { maskedEmail, spokenPhone } from './masked.ts';

const WAYS: readonly CodeWay[] = ['in-person', 'phone', 'contact'];
const isWay = (text: string | undefined): text is CodeWay => WAYS.some((way) => way === text);

/**
 * Gives the code of an invitation through another channel than the invitation itself, so that whoever intercepts one
 * doesn't have the other.
 */
export const codeAct = (deps: PatientsDeps): Act => ({
  path: 'invitations/:invitationId/code',
  field: 'way',
  async ask(context, form, errors) {
    const invitation = await invitationAt(deps, context);
    if (invitation.state !== 'open') return undefined;
    const chart = await chartOf(deps, context);
    const contact = await deps.enrollments.codeContact(invitation.invitationId);
    const choices = waysFor(invitation, chart, contact).map((choice) => ({
      ...choice,
      checked: choice.value === form['way'],
    }));
    const replacementNote =
      invitation.codeBy === undefined
        ? ''
        : '<p>A code was given before. It stops working when you give a new one.</p>';
    return actPage(context, {
      title: `Give a code to ${invitation.name}`,
      about: html`
<p>The invitation works only together with a six-digit code, which has to get there in another way. It is good for 7 days.</p>
!${replacementNote}`,
      fields: choiceField(
        context.frame,
        { name: 'way', legend: 'How do you give it?', kind: 'radio', choices },
        errors,
      ),
      button: 'Make the code',
      faults: errors,
    });
  },
  async perform(context, { way }) {
    const invitation = await invitationAt(deps, context);
    if (!isWay(way)) return { faults: [{ field: 'way', message: 'Choose how you give the code' }] };
    const chart = await chartOf(deps, context);
    if (way === 'phone' && phonesFor(invitation, chart).length === 0 && invitation.kind === 'patient')
      return {
        faults: [
          { field: 'way', message: 'The chart has no phone number. Add it in your EHR, or give the code in person.' },
        ],
      };
    const code = await deps.enrollments.giveCode(context.by, invitation.invitationId, way);
    return code === undefined ? { done: 'code-mailed' } : { page: codePage(context, { code, way, invitation, chart }) };
  },
});

/** @param contact address to which the code can be emailed; undefined: none */
function waysFor(invitation: Invitation, chart: Chart, contact: string | undefined): readonly Choice[] {
  const phones = phonesFor(invitation, chart);
  const callTarget =
    phones.length === 0 ? 'a number that you know from before' : `${phones.join(' or ')}, from the chart`;
  return [
    { value: 'in-person', label: 'In person', hint: 'They are here. Look at a photo ID first.' },
    ...(phones.length === 0 && invitation.kind === 'patient'
      ? []
      : [
          { value: 'phone', label: 'By phone', hint: `You call ${callTarget}. Never when they call you: anybody can.` },
        ]),
    ...(contact === undefined
      ? []
      : [
          {
            value: 'contact',
            label: 'By e-mail to another address',
            hint: `To ${maskedEmail(contact)}, from the chart.`,
          },
        ]),
  ];
}

/** Phone numbers on the chart belong to the patient, so a representative has none. */
const phonesFor = ({ kind }: Invitation, { phones }: Chart): readonly string[] =>
  kind === 'patient' ? phones.map(spokenPhone) : [];

interface GivenCode {
  readonly code: string;
  readonly way: CodeWay;
  readonly invitation: Invitation;
  readonly chart: Chart;
}

function codePage(context: AtPatient, { code, way, invitation, chart }: GivenCode): string {
  const phones = phonesFor(invitation, chart);
  const call = phones.length === 0 ? 'a number that you know from before' : phones.join(' or ');
  const steps =
    way === 'phone'
      ? html`<ol><li>Call ${call}.</li><li>Make sure that you speak with ${invitation.name}.</li><li>Say the code.</li></ol>`
      : html`<p>Look at a photo ID, then show or write down the code for ${invitation.name}.</p>`;
  const about = html`
!${steps}
<p class="code" translate="no"><b>${code.slice(0, 3)} ${code.slice(3)}</b></p>
<p>It is shown this once, and is good for 7 days. Don’t send it by e-mail or text. Loading this page again makes another code.</p>
<p><a href="${context.path}">Done</a></p>`;
  return actPage(context, { title: `Code for ${invitation.name}`, about });
}
