import { html } from 'ghtml';
import type { Invitation, InvitationState } from '../../../enrollment/index.ts';
import { dayOf } from '../../../words/index.ts';
import { addressFor } from '../masked.ts';
import { actLinks, type Link } from './act-links.ts';
import type { PatientView } from './view.ts';

const STATES: Readonly<Record<InvitationState, string>> = {
  open: 'waiting',
  used: 'used',
  cancelled: 'cancelled',
  declined: 'declined by the person',
  expired: 'expired',
  failed: 'stopped after too many wrong answers',
};

/** All invitations of the patient with their state. */
export function invitationsSection(view: PatientView): string {
  if (view.invitations.length === 0) return '';
  const items = view.invitations.map((invitation) => html`<li>!${invitationBlock(view, invitation)}</li>`);
  return html`
<section><h2>Invitations</h2>
<ol class="list invitations">!${items.join('')}</ol></section>`;
}

function invitationBlock(view: PatientView, invitation: Invitation): string {
  const { name, kind, createdAt, lastDay, state, invitationId } = invitation;
  const day = (at: Date) => dayOf('en', at, view.chart.timeZone);
  const inviterName = view.inviters.get(invitationId) ?? 'the command line';
  const invitee = kind === 'patient' ? 'the patient' : `${name}, to act for the patient`;
  const until = state === 'open' ? ` good until ${day(lastDay)}` : '';
  return html`
<p><b>${day(createdAt)}</b>: ${way(view, invitation)} to ${invitee}, by ${inviterName}</p>
<p><span class="tag ${state}">${STATES[state]}</span>${until}${codeText(invitation)}</p>
!${state === 'open' ? actLinks(view, linksOf(invitation)) : ''}`;
}

const way = ({ at: context }: PatientView, { email }: Invitation): string =>
  email === undefined ? 'letter' : `e-mail to ${addressFor(context.session, email)}`;

function codeText({ state, codeBy }: Invitation): string {
  if (state !== 'open') return '';
  if (codeBy === undefined) return '. It needs a code, which was not given yet or has run out.';
  const channels = { 'in-person': 'in person', phone: 'by phone', contact: 'by e-mail to another address' };
  return `. The code was given ${channels[codeBy]}.`;
}

function linksOf({ invitationId, email, codeBy, name }: Invitation): readonly Link[] {
  const invitationPath = `invitations/${invitationId}`;
  return [
    {
      path: `${invitationPath}/code`,
      text: codeBy === undefined ? 'Give the code' : 'Give another code',
      about: `to ${name}`,
      main: codeBy === undefined,
    },
    {
      path: `${invitationPath}/resend`,
      text: email === undefined ? 'Print again' : 'E-mail again',
      about: `to ${name}`,
    },
    { path: `${invitationPath}/cancel`, text: 'Cancel', about: `the invitation of ${name}` },
  ];
}
