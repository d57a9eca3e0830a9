import { html } from 'ghtml';
import {
  errorSummary,
  type FieldFault,
  hidden,
  layout,
  PASSKEY_SCRIPTS,
  passkeyForm,
  textField,
  titleWith,
} from '../../pages/index.ts';
import { SHORTEST_PASSWORD } from '../../people/index.ts';
import { type Frame, type Words, wordsIn } from '../../words/index.ts';
import type { Place } from './place.ts';
import type { SignUp } from './store.ts';

const wordsOf = (frame: Frame): Words['developers'] => wordsIn(frame.language).developers;

export const PATH = '/developer/sign-up';
const SIGN_IN = '/sign-in?return_to=%2Fdeveloper';

interface Form {
  readonly csrf: string;
  readonly faults: readonly FieldFault[];
}

export function askPage(frame: Frame, { csrf, faults, email }: Form & { readonly email: string }): string {
  const words = wordsOf(frame).signUp;
  const field = { name: 'email', label: words.field, hint: words.hint, value: email, maxlength: 254 } as const;
  const kind = { type: 'email', autocomplete: 'email', inputmode: 'email' } as const;
  const body = html`
!${errorSummary(frame, faults)}
<h1>${words.title}</h1>
<p class="lead">${words.lead}</p>
<form method="post" action="${PATH}">
  !${hidden('csrf', csrf)}
  !${textField(frame, { ...field, ...kind }, faults)}
  <button>${words.button}</button>
</form>
<p class="after">${words.haveOne} <a href="${SIGN_IN}">${words.signIn}</a></p>`;
  return layout(frame, { title: titleWith(frame, faults, words.title), body });
}

export function sentPage(frame: Frame, { mailLeaves }: { readonly mailLeaves: boolean }): string {
  const words = wordsOf(frame).sent;
  const body = html`
<h1>${words.title}</h1>
<p class="lead">${words.lead}</p>
!${mailLeaves ? '' : html`<p class="note">${words.kept} <a href="/outbox">${words.outbox}</a>.</p>`}
<p>${words.more}</p>
<p class="after"><a href="${PATH}">${words.again}</a></p>`;
  return layout(frame, { title: words.title, body });
}

export function overPage(frame: Frame): string {
  const words = wordsOf(frame).over;
  const body = html`
<h1>${words.title}</h1>
<p class="lead">${words.lead}</p>
<p class="after"><a href="${SIGN_IN}">${words.signIn}</a></p>
<p class="after"><a href="${PATH}">${words.again}</a></p>`;
  return layout(frame, { title: words.title, body });
}

export interface AccountPage extends Form {
  /** `/developer/sign-up/TOKEN` */
  readonly path: string;
  readonly signUp: SignUp;
  readonly place: Place;
  /** As entered. */
  readonly name: string;
  readonly organisation: string;
}

export function accountPage(frame: Frame, page: AccountPage): string {
  const { csrf, faults, path, signUp, place } = page;
  const words = wordsOf(frame).account;
  const { invitation } = signUp;
  const title = invitation === undefined ? words.title : words.joinTitle(invitation.organisationName);
  const name = { name: 'name', label: words.name, hint: words.nameHint, value: page.name } as const;
  const password = { name: 'password', label: words.password, hint: words.passwordHint(SHORTEST_PASSWORD) } as const;
  const secret = { type: 'password', autocomplete: 'new-password', maxlength: 200 } as const;
  const body = html`
!${errorSummary(frame, faults)}
<h1>${title}</h1>
<p>${words.address} <b>${signUp.email}</b></p>
!${placeText(frame, place)}
<form method="post" action="${path}">
  !${hidden('csrf', csrf)}
  <input name="username" value="${signUp.email}" autocomplete="username" hidden>
  !${textField(frame, { ...name, autocomplete: 'name', maxlength: 100 }, faults)}
  !${organisationField(frame, page)}
  !${textField(frame, { ...password, ...secret }, faults)}
  <button>${words.button}</button>
  <button class="second" name="with" value="passkey" data-with-passkey hidden>${words.passkeyButton}</button>
</form>`;
  return layout(frame, { title: titleWith(frame, faults, title), body, scripts: PASSKEY_SCRIPTS });
}

function placeText(frame: Frame, place: Place): string {
  const words = wordsOf(frame);
  if (place.kind === 'invited')
    return html`<p class="note">${words.account.invited(place.organisationName, words.roles[place.role])}</p>`;
  return place.kind === 'asks' ? html`<p class="note">${words.account.asks(place.organisationName)}</p>` : '';
}

function organisationField(frame: Frame, { place, organisation, faults }: AccountPage): string {
  if (place.kind !== 'founds') return '';
  const words = wordsOf(frame).account;
  const hint = place.domain === undefined ? words.own : words.found(place.domain);
  const field = { name: 'organisation', label: words.organisation, hint, value: organisation, maxlength: 100 } as const;
  return textField(frame, { ...field, autocomplete: 'organization' }, faults);
}

export function passkeyPage(frame: Frame, page: AccountPage & { readonly options: unknown }): string {
  const words = wordsOf(frame).passkey;
  const { csrf, faults, path, name, organisation } = page;
  const form = { action: path, kind: 'create', options: { json: page.options }, button: words.button } as const;
  const body = html`
<p class="back"><a href="${path}">${words.back}</a></p>
!${errorSummary(frame, faults)}
<h1>${words.title}</h1>
<p class="lead">${words.lead}</p>
<noscript><p class="note">${words.noScript}</p></noscript>
!${passkeyForm(frame, { ...form, fields: { csrf, name, organisation } })}`;
  return layout(frame, { title: titleWith(frame, faults, words.title), body, scripts: PASSKEY_SCRIPTS });
}

export interface TakePage extends Form {
  readonly path: string;
  readonly email: string;
  readonly invitation: NonNullable<SignUp['invitation']>;
  /** The signed-in person; undefined if nobody is signed in. */
  readonly person: { readonly name: string; readonly own: boolean } | undefined;
}

/** The page on which an existing account accepts an invitation. */
export function takePage(frame: Frame, { csrf, path, email, invitation, person }: TakePage): string {
  const { take, account, roles } = wordsOf(frame);
  const title = account.joinTitle(invitation.organisationName);
  const signIn = `/sign-in?${new URLSearchParams({ return_to: path })}`;
  const elsewhere = (text: string, button: string): string => html`
<p>${text}</p>
<p class="after"><a class="button" href="${signIn}">${button}</a></p>`;
  const join = html`
<form method="post" action="${path}/accept">!${hidden('csrf', csrf)}
  <p>${take.as(person?.name ?? '')}</p>
  <button>${take.button(invitation.organisationName)}</button>
</form>`;
  const other = person?.own === false ? take.other(email, person.name) : take.signIn(email);
  const body = html`
<h1>${title}</h1>
<p class="lead">${take.lead(invitation.organisationName, roles[invitation.role])}</p>
!${person?.own === true ? join : elsewhere(other, person === undefined ? take.signInButton : take.otherButton)}`;
  return layout(frame, { title, body });
}
