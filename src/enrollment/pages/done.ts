import { formatHourAndMinute, getMessages, type PageContext } from '../../i18n/index.ts';
import { emptyHtml, type Html, html } from '../../kernel/index.ts';
import { layout } from '../../web-pages/index.ts';
import type { SandboxPatient } from '../sandbox/sandbox-patients.ts';

export interface EnrollmentDonePage {
  readonly name: string;
  readonly username: string;
  /** True if the record was added to an existing account; false if an account was created. */
  readonly added: boolean;
  /** True if an email with a confirmation link was sent to the entered address. */
  readonly toConfirm: boolean;
  /** Whether to suggest an authenticator app, because the account has no second factor. */
  readonly offerApp: boolean;
  /** The sandbox patient, if visitors of the sandbox try enrollment with the patient. */
  readonly sandboxPatient: SandboxPatient | undefined;
}

export function enrollmentDonePage(
  pageContext: PageContext,
  { name, username, added, toConfirm, offerApp, sandboxPatient }: EnrollmentDonePage,
): Html {
  const { done } = getMessages(pageContext.language).enrollment;
  const title = added ? done.added : done.title;
  const safer = html`
<section class="note"><h2>${done.safer}</h2><p>${done.saferText}</p><p><a href="${AUTHENTICATOR_APP}">${done.saferLink}</a></p></section>`;
  const body = html`
<h1>${title}</h1>
<p class="lead">${done.text(name)} ${done.username(username)}</p>
${sandboxNote(pageContext, sandboxPatient)}
${toConfirm ? html`<p>${done.confirmEmail}</p>` : ''}
<form method="get" action="/account"><button>${done.button}</button></form>
${offerApp ? safer : ''}`;
  return layout(pageContext, { title, body });
}

/** Says when access to the record of a sandbox patient ends again. Empty for all other patients. */
function sandboxNote({ language }: PageContext, patient: SandboxPatient | undefined): Html {
  if (patient?.inUseUntil === undefined) return emptyHtml;
  const { endsBy } = getMessages(language).enrollment.done;
  return html`<div class="note"><p>${endsBy(formatHourAndMinute(language, patient.inUseUntil, patient.timeZone))}</p></div>`;
}

const AUTHENTICATOR_APP = '/account/security/authenticator-app';
