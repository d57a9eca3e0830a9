import type { Invitation, InvitationState } from '../../../enrollment/index.ts';
import { formatLongDate } from '../../../i18n/index.ts';
import { emptyHtml, type Html, html } from '../../../kernel/index.ts';
import { maskForSession } from '../contact-format.ts';
import { type PatientActionLink, renderActionLinks } from './action-links.ts';
import type { PatientPageView } from './view.ts';

const INVITATION_STATE_NAMES: Readonly<Record<InvitationState, string>> = {
  open: 'open',
  used: 'used',
  cancelled: 'canceled',
  declined: 'declined by the invited person',
  expired: 'expired',
  failed: 'blocked after too many wrong answers',
};

/** Renders all invitations of the patient with their state. */
export function renderInvitationsSection(view: PatientPageView): Html {
  if (view.invitations.length === 0) return emptyHtml;
  const items = view.invitations.map((invitation) => html`<li>${renderInvitation(view, invitation)}</li>`);
  return html`
<section><h2>Invitations</h2>
<ol class="list invitations">${items}</ol></section>`;
}

function renderInvitation(view: PatientPageView, invitation: Invitation): Html {
  const { name, kind, createdAt, lastDay, state, invitationId } = invitation;
  const day = (at: Date) => formatLongDate('en', at, view.chart.timeZone);
  const inviterName = view.inviters.get(invitationId) ?? 'the command line';
  const invitee = kind === 'patient' ? 'the patient' : `${name}, to act for the patient`;
  const until = state === 'open' ? ` valid until ${day(lastDay)}` : '';
  return html`
<p><b>${day(createdAt)}</b>: ${formatDelivery(view, invitation)} to ${invitee}, by ${inviterName}</p>
<p><span class="tag ${state}">${INVITATION_STATE_NAMES[state]}</span>${until}${formatCodeStatus(invitation)}</p>
${state === 'open' ? renderActionLinks(view, invitationLinks(invitation)) : ''}`;
}

const formatDelivery = ({ context }: PatientPageView, { email }: Invitation): string =>
  email === undefined ? 'letter' : `email to ${maskForSession(context.session, email)}`;

function formatCodeStatus({ state, codeChannel }: Invitation): string {
  if (state !== 'open') return '';
  if (codeChannel === undefined) return '. It needs a code. No code was given yet, or the code has expired.';
  const channels = { 'in-person': 'in person', phone: 'by phone', contact: 'by email to another address' };
  return `. The code was given ${channels[codeChannel]}.`;
}

function invitationLinks({ invitationId, email, codeChannel, name }: Invitation): readonly PatientActionLink[] {
  const invitationPath = `invitations/${invitationId}`;
  return [
    {
      path: `${invitationPath}/code`,
      text: codeChannel === undefined ? 'Give code' : 'Give new code',
      about: `to ${name}`,
      main: codeChannel === undefined,
    },
    {
      path: `${invitationPath}/resend`,
      text: email === undefined ? 'Print letter again' : 'Email again',
      about: `to ${name}`,
    },
    { path: `${invitationPath}/cancel`, text: 'Cancel invitation', about: `of ${name}` },
  ];
}
