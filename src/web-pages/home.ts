import { getMessages, type PageContext } from '../i18n/index.ts';
import { type Html, html } from '../kernel/index.ts';
import { layout } from './layout.ts';

export interface HomePage {
  readonly issuer: string;
  readonly r4: string;
  readonly dstu2: string;
  /** Path of Swagger UI. */
  readonly swagger: string;
  readonly sandbox: boolean;
}

/** Renders the public home page. It addresses patients first, then practices, developers and administrators. */
export function homePage(page: HomePage, pageContext: PageContext): Html {
  const { home } = getMessages(pageContext.language);
  const body = html`
<h1>${home.heading}</h1>
<p class="lead">${home.lead}</p>
<ul class="list">
  <li><a href="/account">${home.account}</a><p>${home.accountHint}</p></li>
  <li><a href="/enroll">${home.enroll}</a><p>${home.enrollHint}</p></li>
</ul>
<p>${home.noLetter}</p>
${page.sandbox ? html`<section class="note"><h2>${home.sandbox.title}</h2><p>${home.sandbox.textHtml}</p></section>` : ''}
${forPractices(pageContext)}
${forDevelopers(page, pageContext)}
${forAdministrators(pageContext)}`;
  return layout(pageContext, { title: home.title, body });
}

function forPractices({ language }: PageContext): Html {
  const { practices: messages } = getMessages(language).home;
  return html`
<h2 class="part">${messages.title}</h2>
<p><a href="/practice">${messages.portal}</a>: ${messages.portalText}</p>`;
}

function forDevelopers({ issuer, r4, dstu2, swagger }: HomePage, { language }: PageContext): Html {
  const { developers: messages } = getMessages(language).home;
  return html`
<h2 class="part">${messages.title}</h2>
<p><a href="/developer">${messages.portal}</a>: ${messages.portalText} <a href="/docs">${messages.docs}</a>, <a href="/developer/explorer">${messages.explorer}</a>, <a href="${swagger}">Swagger UI</a>, <a href="/status">${messages.status}</a>, <a href="/service-base-urls">${messages.practices}</a>.</p>
<dl>
  <dt>FHIR R4</dt><dd><code>${r4}</code> <a href="${r4}/metadata">metadata</a></dd>
  <dt>FHIR DSTU2</dt><dd><code>${dstu2}</code> <a href="${dstu2}/metadata">metadata</a></dd>
  <dt>${messages.authorization}</dt><dd><code>${issuer}</code> <a href="${r4}/.well-known/smart-configuration">SMART configuration</a></dd>
</dl>`;
}

function forAdministrators({ language }: PageContext): Html {
  const { administrators: messages } = getMessages(language).home;
  return html`
<h2 class="part">${messages.title}</h2>
<p><a href="/practice/administration">${messages.administration}</a>: ${messages.administrationText} <a href="/review">${messages.review}</a>: ${messages.reviewText}</p>`;
}
