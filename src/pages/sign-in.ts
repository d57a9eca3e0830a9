import { html } from 'ghtml';
import type { SignInPage } from '../people/index.ts';
import { layout } from './layout.ts';

export function signInPage(page: SignInPage): string {
  const body = html`
<h1>Sign in</h1>
!${page.appName === undefined ? '' : html`<p class="lead"><b>${page.appName}</b> sent you here. Nothing is shared with it until you say so on the next page.</p>`}
!${page.fault === undefined ? '' : faultBox(page.fault)}
<form method="post" action="/sign-in">
  <input type="hidden" name="csrf" value="${page.csrf}">
  <input type="hidden" name="return_to" value="${page.returnTo}">
  <label for="username">Username</label>
  <input id="username" name="username" value="${page.username}" autocomplete="username" autocapitalize="none" spellcheck="false" required !${describedBy(page)}>
  <label for="password">Password</label>
  <input id="password" name="password" type="password" autocomplete="current-password" required !${describedBy(page)}>
  <button>Sign in</button>
</form>
<p class="quiet">Use the username and password that your practice gave you.</p>
!${page.sandbox ? SANDBOX_HINT : ''}`;
  const title = page.fault === undefined ? 'Sign in' : 'Error: Sign in';
  return layout({ title, body });
}

export const signedOutPage = (): string =>
  layout({
    title: 'Signed out',
    body: html`<h1>You are signed out</h1><p>You can close this page. Apps keep the access you gave them, but for those that had it only while you were signed in.</p>`,
  });

/** Announced when the page loads, and leads to the field to mend. */
const faultBox = (fault: string): string => html`
<div class="fault" role="alert"><h2>That didn’t work</h2><p id="fault"><a href="#username">${fault}</a></p></div>`;

const describedBy = (page: SignInPage): string => (page.fault === undefined ? '' : 'aria-describedby="fault"');

const SANDBOX_HINT = html`
<aside class="note"><h2>Trying it out?</h2>
<p>The people of the sandbox are made up. Each of these has the password <code>Password1!</code></p>
<dl>
  <dt><code>patientapitest</code></dt><dd>A patient</dd>
  <dt><code>guardianapitest</code></dt><dd>A mother, with her own record and those of her two children</dd>
  <dt><code>staffapitest</code></dt><dd>A doctor, who opens apps for patients</dd>
</dl></aside>`;
