import { getMessages } from '../../i18n/index.ts';
import type { AccountPageContext, DisplayedPasskey, DisplayedSession, SecurityPage } from '../../identity/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { stepPage } from '../step-page.ts';

const SECURITY_PATH = '/account/security';

/**
 * Renders the list of the account's credentials, with their state and links to change them. A shared sandbox account is
 * read-only.
 */
export function securityPage(page: SecurityPage, pageContext: AccountPageContext): Html {
  const messages = getMessages(pageContext.language).security;
  const body = html`
${page.done === undefined ? '' : html`<p class="note" role="status">${page.done}</p>`}
${page.published ? html`<p class="note">${messages.sharedAccount}</p>` : ''}
<h2>${messages.signInMethods}</h2>
<dl class="rows">
  ${credentialRows(page, pageContext)}
</dl>
<h2>${messages.sessions.title}</h2>
<ul class="list sessions">${page.sessions.map((session) => sessionItem(session, page.published, pageContext))}</ul>
${page.published || page.sessions.length < 2 ? '' : html`<p class="after"><a href="${SECURITY_PATH}/sessions/end-others">${messages.sessions.endOthers}</a></p>`}
${page.published ? '' : html`<h2>${messages.close.name}</h2><p class="after"><a class="danger" href="${SECURITY_PATH}/close">${messages.close.link}</a></p>`}`;
  return stepPage(pageContext, { title: messages.title, body });
}

interface CredentialRow {
  readonly name: string;
  readonly value: Html;
  readonly links: readonly { readonly path: string; readonly text: string }[];
}

function credentialRows(page: SecurityPage, pageContext: AccountPageContext): readonly Html[] {
  const { username, password, passkeys, app, recoveryCodes, email, language } = getMessages(
    pageContext.language,
  ).security;
  const second = page.hasAuthenticator || page.passkeys.length > 0;
  const rows: readonly CredentialRow[] = [
    { name: username, value: html`${page.username}`, links: [] },
    {
      name: password.name,
      value: html`${page.password ? password.has : password.none}`,
      links: [{ path: `${SECURITY_PATH}/password`, text: page.password ? password.change : password.add }],
    },
    {
      name: passkeys.name,
      value: passkeyList(page.passkeys, page.published, pageContext),
      links: [{ path: `${SECURITY_PATH}/passkeys/add`, text: passkeys.add }],
    },
    {
      name: app.name,
      value: html`${page.hasAuthenticator ? app.has : app.none}`,
      links: [
        { path: `${SECURITY_PATH}/authenticator-app`, text: page.hasAuthenticator ? app.replace : app.add },
        ...(page.hasAuthenticator ? [{ path: `${SECURITY_PATH}/authenticator-app/remove`, text: app.remove }] : []),
      ],
    },
    ...(second
      ? [
          {
            name: recoveryCodes.name,
            value: html`${page.recoveryCodes === 0 ? recoveryCodes.none : recoveryCodes.left(page.recoveryCodes)}`,
            links: [
              {
                path: `${SECURITY_PATH}/recovery-codes`,
                text: page.recoveryCodes === 0 ? recoveryCodes.make : recoveryCodes.remake,
              },
            ],
          },
        ]
      : []),
    {
      name: email.name,
      value: emailValue(page, email),
      links: [
        ...(page.unconfirmedEmail === undefined ? [] : [{ path: `${SECURITY_PATH}/email/confirm`, text: email.again }]),
        { path: `${SECURITY_PATH}/email`, text: page.email === undefined ? email.add : email.change },
      ],
    },
    {
      name: language.name,
      value: html`${page.languageName}`,
      links: [{ path: `${SECURITY_PATH}/language`, text: language.change }],
    },
  ];
  return rows.map((row) => credentialRowHtml(row, page.published));
}

/** Renders the confirmed email address, and the new address that is still to be confirmed. */
function emailValue({ email, unconfirmedEmail }: SecurityPage, messages: { none: string; unconfirmed: string }): Html {
  if (unconfirmedEmail === undefined) return html`${email ?? messages.none}`;
  const pending = html`${unconfirmedEmail} <span class="detail">${messages.unconfirmed}</span>`;
  return email === undefined ? pending : html`${email}<br>${pending}`;
}

const credentialRowHtml = ({ name, value, links }: CredentialRow, published: boolean): Html => html`
  <div><dt>${name}</dt><dd>${value}</dd>
  ${published || links.length === 0 ? '' : html`<dd class="row-actions">${links.map(({ path, text }) => html`<a href="${path}">${text}</a>`)}</dd>`}</div>`;

function passkeyList(passkeys: readonly DisplayedPasskey[], published: boolean, pageContext: AccountPageContext): Html {
  const messages = getMessages(pageContext.language).security.passkeys;
  const { device } = getMessages(pageContext.language).security.sessions;
  if (passkeys.length === 0) return html`${messages.none}. <span class="detail">${messages.about}</span>`;
  const items = passkeys.map(({ id, name, createdOn, lastUsedOn }) => {
    const dates = [messages.made(createdOn), ...(lastUsedOn === undefined ? [] : [messages.used(lastUsedOn)])].join(
      ', ',
    );
    const path = `${SECURITY_PATH}/passkeys/remove?${new URLSearchParams({ id })}`;
    const remove = html`<a href="${path}" aria-label="${messages.removeOf(name)}">${messages.remove}</a>`;
    return html`<li><b>${device(name)}</b><span class="detail">${dates}</span>${published ? '' : remove}</li>`;
  });
  return html`<ul>${items}</ul>`;
}

function sessionItem(session: DisplayedSession, published: boolean, pageContext: AccountPageContext): Html {
  const messages = getMessages(pageContext.language).security.sessions;
  const name = session.device === undefined ? messages.unknown : messages.device(session.device);
  const path = `${SECURITY_PATH}/sessions/end?${new URLSearchParams({ id: session.id })}`;
  const end = html`<a href="${path}" aria-label="${messages.endOf(name)}">${messages.end}</a>`;
  return html`
  <li><div><b>${name}</b>${session.isCurrent ? html` <span class="tag">${messages.here}</span>` : ''}
    <p>${messages.since(session.since)}, ${messages.seen(session.seen)}</p></div>
    ${published || session.isCurrent ? '' : end}</li>`;
}
