import { getMessages, type PageContext } from '../i18n/index.ts';
import { type Html, html } from '../kernel/index.ts';
import { publicHeader } from './header.ts';
import { icon } from './icons.ts';
import { layout } from './layout.ts';
import type { PublicPageContext } from './page-context.ts';

export interface HomePage {
  readonly issuer: string;
  readonly r4: string;
  readonly dstu2: string;
  /** Path of Swagger UI. */
  readonly swagger: string;
  /** Whether the page links to the start page of the sandbox. */
  readonly hasSandbox: boolean;
  readonly hasDemo: boolean;
}

/** Renders the public home page. It asks who the reader is: a patient, a member of a practice's staff, or a developer. */
export function homePage(page: HomePage, pageContext: PublicPageContext): Html {
  const { home } = getMessages(pageContext.language);
  const body = html`
<h1>${home.heading}</h1>
<p class="lead">${home.lead}</p>
<div class="options">
${forPatients(pageContext)}
${forPractices(pageContext)}
${forDevelopers(pageContext)}
</div>
${page.hasSandbox && html`<section class="note"><h2>${home.sandbox.title}</h2>${page.hasDemo && html`<p>${home.sandbox.textHtml}</p>`}<p><a href="/sandbox">${home.sandbox.start}</a></p></section>`}
${addresses(page, pageContext)}
${forAdministrators(pageContext)}`;
  return layout(pageContext, { title: home.title, body, header: publicHeader(pageContext, '/') });
}

function forPatients({ language }: PageContext): Html {
  const { home } = getMessages(language);
  return html`
<section class="card">${icon('person')}<h2>${home.patients}</h2>
<p>${home.accountHint}</p>
<p><a class="button" href="/account">${home.account}</a></p>
<p><a href="/enroll">${home.enroll}</a> ${home.enrollHint} ${home.noLetter}</p></section>`;
}

function forPractices({ language }: PageContext): Html {
  const { practices: messages } = getMessages(language).home;
  return html`
<section class="card">${icon('practice')}<h2>${messages.title}</h2>
<p>${messages.portalText}</p>
<p><a class="button secondary" href="/practice">${messages.portal}</a></p></section>`;
}

function forDevelopers({ language }: PageContext): Html {
  const { developers: messages } = getMessages(language).home;
  return html`
<section class="card">${icon('developer')}<h2>${messages.title}</h2>
<p>${messages.portalText}</p>
<p><a class="button secondary" href="/developer">${messages.portal}</a></p>
<p class="after"><a href="/docs">${messages.docs}</a></p></section>`;
}

/** Renders the addresses of the APIs, and the tools to try them. */
function addresses({ issuer, r4, dstu2, swagger }: HomePage, { language }: PageContext): Html {
  const { developers: messages } = getMessages(language).home;
  return html`
<h2 class="section-title">${messages.addresses}</h2>
<dl class="facts">
  <div><dt>FHIR R4</dt><dd><code class="long">${r4}</code> <a href="${r4}/metadata">metadata</a></dd></div>
  <div><dt>FHIR DSTU2</dt><dd><code class="long">${dstu2}</code> <a href="${dstu2}/metadata">metadata</a></dd></div>
  <div><dt>${messages.authorization}</dt><dd><code class="long">${issuer}</code> <a href="${r4}/.well-known/smart-configuration">SMART configuration</a></dd></div>
</dl>
<ul class="actions">
  <li><a href="/developer/explorer">${messages.explorer}</a></li>
  <li><a href="${swagger}">Swagger UI</a></li>
</ul>`;
}

function forAdministrators({ language }: PageContext): Html {
  const { administrators: messages } = getMessages(language).home;
  return html`
<h2 class="section-title">${messages.title}</h2>
<ul class="list links">
  <li><a href="/practice/administration">${messages.administration}</a><p>${messages.administrationText}</p></li>
  <li><a href="/review">${messages.review}</a><p>${messages.reviewText}</p></li>
</ul>`;
}
