import { html } from 'ghtml';
import type { SecondFactorPage, StepPage } from '../../people/index.ts';
import { type Frame, wordsIn } from '../../words/index.ts';
import { PASSKEY_SCRIPTS } from '../assets.ts';
import { choiceField, errorSummary, hidden, signOutForm, textField, titleWith } from '../forms.ts';
import { layout } from '../layout.ts';
import { passkeyForm } from '../passkey-form.ts';
import { hiddenFields } from '../steps.ts';

const path = (to: string, returnTo: string): string => `${to}?${new URLSearchParams({ return_to: returnTo })}`;

/** Asks for the second factor: a code, a passkey or a recovery code. */
export function secondFactorPage(page: SecondFactorPage, frame: Frame): string {
  const { secondFactor: words } = wordsIn(frame.language).signIn;
  const { faults, app, passkey } = page;
  const title = app ? words.title : words.passkeyTitle;
  const body = html`
!${errorSummary(frame, faults)}
<h1>${title}</h1>
<p class="lead">${app ? words.lead : words.passkeyLead}</p>
!${passkey ? passkeyPart(page, frame) : ''}
!${app ? codePart(page, frame) : html`<noscript><p>${words.noScript}</p></noscript>`}
!${page.recoveryCodes ? html`<p class="after"><a href="${path('/sign-in/recovery-code', page.returnTo)}">${words.recovery}</a></p>` : ''}
<details><summary>${words.lost}</summary><p>${words.lostText}</p></details>
!${signOutForm(frame, page.csrf)}`;
  const scripts = passkey ? PASSKEY_SCRIPTS : [];
  return layout(frame, { title: titleWith(frame, faults, title), body, scripts });
}

function passkeyPart({ csrf, returnTo }: SecondFactorPage, frame: Frame): string {
  return passkeyForm(frame, {
    action: '/sign-in/second-factor/passkey',
    kind: 'use',
    options: { path: '/sign-in/second-factor/options' },
    fields: { csrf, return_to: returnTo },
    button: wordsIn(frame.language).signIn.passkeyButton,
  });
}

/** HTML §4.10.18.7.1: with `one-time-code` phones can fill in the code. */
function codePart({ csrf, returnTo, faults }: SecondFactorPage, frame: Frame): string {
  const { code, hint, button } = wordsIn(frame.language).signIn.secondFactor;
  return html`
<form method="post" action="/sign-in/second-factor">
  !${hidden('csrf', csrf)}!${hidden('return_to', returnTo)}
  !${textField(frame, { name: 'code', label: code, hint, autocomplete: 'one-time-code', inputmode: 'numeric', narrow: true }, faults)}
  <button>${button}</button>
</form>`;
}

export function recoveryCodePage(page: StepPage, frame: Frame): string {
  const { title, lead, code, hint, button, back } = wordsIn(frame.language).signIn.recoveryCode;
  const { faults } = page;
  const body = html`
!${errorSummary(frame, faults)}
<h1>${title}</h1>
<p class="lead">${lead}</p>
<form method="post" action="${page.action}">
  !${hiddenFields(page)}
  !${textField(frame, { name: 'code', label: code, hint, autocomplete: 'off', narrow: true }, faults)}
  <button>${button}</button>
</form>
<p class="after"><a href="${page.back ?? '/sign-in'}">${back}</a></p>
!${signOutForm(frame, page.csrf)}`;
  return layout(frame, { title: titleWith(frame, faults, title), body });
}

/** Staff choose their second factor. */
export function setUpPage(page: StepPage, frame: Frame): string {
  const words = wordsIn(frame.language).signIn.setUp;
  const { faults } = page;
  const choices = [
    { value: 'passkey', label: words.passkey, hint: words.passkeyHint },
    { value: 'app', label: words.app, hint: words.appHint },
  ];
  const body = html`
!${errorSummary(frame, faults)}
<form method="post" action="${page.action}">
  !${hiddenFields(page)}
  <h1>${words.title}</h1>
  !${choiceField(frame, { name: 'way', legend: words.lead, kind: 'radio', choices }, faults)}
  <button>${words.button}</button>
</form>
!${signOutForm(frame, page.csrf)}`;
  return layout(frame, { title: titleWith(frame, faults, words.title), body });
}
