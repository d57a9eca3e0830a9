import { html } from 'ghtml';
import { layout } from '../../pages/index.ts';
import { type Frame, wordsIn } from '../../words/index.ts';

export interface DonePage {
  readonly name: string;
  readonly username: string;
  /** The record was added to an existing account. */
  readonly added: boolean;
  /** An email with a confirmation link was sent to the address. */
  readonly toConfirm: boolean;
  /** Whether to suggest a second factor, because the account has none. */
  readonly offerApp: boolean;
}

export function donePage(pageContext: Frame, { name, username, added, toConfirm, offerApp }: DonePage): string {
  const { done } = wordsIn(pageContext.language).enrollment;
  const title = added ? done.added : done.title;
  const safer = html`
<section class="note"><h2>${done.safer}</h2><p>${done.saferText}</p><p><a href="${AUTHENTICATOR_APP}">${done.saferLink}</a></p></section>`;
  const body = html`
<h1>${title}</h1>
<p class="lead">${done.text(name)} ${done.username(username)}</p>
!${toConfirm ? html`<p>${done.confirmEmail}</p>` : ''}
<form method="get" action="/account"><button>${done.button}</button></form>
!${offerApp ? safer : ''}`;
  return layout(pageContext, { title, body });
}

const AUTHENTICATOR_APP = '/account/security/authenticator-app';
