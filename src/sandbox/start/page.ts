import { getMessages, type PageContext } from '../../i18n/index.ts';
import { emptyHtml, type Html, html } from '../../kernel/index.ts';
import {
  COPY_SCRIPTS,
  copyButton,
  hiddenField,
  type IconName,
  icon,
  layout,
  type PublicPageContext,
  publicHeader,
} from '../../web-pages/index.ts';
import { SANDBOX_PASSWORD } from '../published-credentials.ts';
import { SHARED_ACCOUNTS, type SharedRole } from './roles.ts';

export const START_PATH = '/sandbox';
export const SIGN_IN_PATH = `${START_PATH}/sign-in`;

export interface StartPage {
  readonly csrf: string;
  readonly r4: string;
  readonly dstu2: string;
  /** Path of Swagger UI. */
  readonly swagger: string;
  /** Roles whose shared account exists. */
  readonly roles: ReadonlySet<SharedRole>;
  readonly hasDemo: boolean;
  /** Path of the form that gives a visitor a link to sign up with a made-up address; undefined: visitors use their own. */
  readonly visitorSignUp: string | undefined;
  /** Path of the page, for the navigation. */
  readonly path: string;
}

/** Renders the start page of the sandbox: what the product is, and each role with its shared account. */
export function startPage(page: StartPage, pageContext: PublicPageContext): Html {
  const { sandboxStart: messages } = getMessages(pageContext.language);
  const body = html`
<h1>${messages.heading}</h1>
<p class="lead">${messages.lead}</p>
<div class="roles">
${patientCard(page, pageContext)}
${staffCard(page, pageContext)}
${developerCard(page, pageContext)}
${administratorCard(page, pageContext)}
</div>
<p class="hint">${messages.passwordHtml(SANDBOX_PASSWORD)}</p>
${addresses(page, pageContext)}
${forOperators(pageContext)}`;
  const header = publicHeader(pageContext, page.path);
  return layout(pageContext, { title: messages.title, body, header, scripts: COPY_SCRIPTS });
}

function patientCard(page: StartPage, { language }: PageContext): Html {
  const { title, tries, button } = getMessages(language).sandboxStart.roles.patient;
  if (!page.roles.has('patient')) return emptyHtml;
  return card('person', title, tries, signInForm(page, language, 'patient', button));
}

function staffCard(page: StartPage, { language }: PageContext): Html {
  const { title, tries, deskButton, clinicianButton } = getMessages(language).sandboxStart.roles.staff;
  const forms = [
    signInForm(page, language, 'desk', deskButton),
    signInForm(page, language, 'clinician', clinicianButton),
  ];
  return page.roles.has('desk') || page.roles.has('clinician')
    ? card('practice', title, tries, html`${forms}`)
    : emptyHtml;
}

function developerCard(page: StartPage, { language }: PageContext): Html {
  const { visitorSignUp, csrf } = page;
  const { title, tries, button, explorer, signUp, noEmailNeeded } = getMessages(language).sandboxStart.roles.developer;
  const account =
    visitorSignUp === undefined
      ? html`<p><a class="button secondary" href="/developer/sign-up">${signUp}</a></p>`
      : html`<form method="post" action="${visitorSignUp}">${hiddenField('csrf', csrf)}<button class="secondary">${signUp}</button></form>
<p class="hint">${noEmailNeeded}</p>`;
  const open = html`<p><a class="button secondary" href="/developer/explorer">${explorer}</a></p>`;
  return card('developer', title, tries, html`${signInForm(page, language, 'developer', button)}${account}${open}`);
}

function administratorCard(page: StartPage, { language }: PageContext): Html {
  const { title, tries, button } = getMessages(language).sandboxStart.roles.administrator;
  if (!page.roles.has('administrator')) return emptyHtml;
  return card('security', title, tries, signInForm(page, language, 'administrator', button));
}

const card = (name: IconName, title: string, tries: readonly string[], ways: Html): Html => html`
<section class="card"><h2>${icon(name)}${title}</h2>
<ul>${tries.map((text) => html`<li>${text}</li>`)}</ul>
${ways}</section>`;

/** Renders the button that signs in with a shared account, and its credentials for the sign-in page or an app. */
function signInForm(
  { csrf, roles }: StartPage,
  language: PageContext['language'],
  role: SharedRole,
  button: string,
): Html {
  if (!roles.has(role)) return emptyHtml;
  const { usernameHtml } = getMessages(language).sandboxStart;
  return html`
<form method="post" action="${SIGN_IN_PATH}">${hiddenField('csrf', csrf)}${hiddenField('role', role)}<button>${button}</button></form>
<p class="hint">${usernameHtml(SHARED_ACCOUNTS[role].username)}</p>`;
}

function addresses({ r4, dstu2, swagger, hasDemo }: StartPage, { language }: PageContext): Html {
  const { sandboxStart: messages } = getMessages(language);
  const address = (name: string, url: string, id: string): Html => html`
  <div><dt>${name}</dt><dd><code id="${id}">${url}</code> ${copyButton(language, id, messages.copyAddress(name))} <a href="${url}/metadata">metadata</a></dd></div>`;
  return html`
<div class="start-addresses">
<section><h2>${messages.addresses}</h2>
<dl class="facts">${address('FHIR R4', r4, 'r4-address')}${address('FHIR DSTU2', dstu2, 'dstu2-address')}
</dl></section>
<section><h2>${messages.tools}</h2>
<ul class="actions">
  <li><a href="/docs">${messages.docs}</a></li>
  <li><a href="/developer/explorer">${messages.explorer}</a></li>
  <li><a href="${swagger}">Swagger UI</a></li>
  <li><a href="/sandbox/apps">${messages.gallery}</a></li>
  ${hasDemo && html`<li><a href="/demo">${messages.demo}</a></li>`}
</ul></section>
</div>`;
}

function forOperators({ language }: PageContext): Html {
  const { administrators: messages } = getMessages(language).home;
  return html`
<p class="muted">${messages.title}: <a href="/practice/administration">${messages.administration}</a> · <a href="/review">${messages.review}</a></p>`;
}
