import { getMessages, type PageContext } from '../i18n/index.ts';
import { attribute, emptyHtml, type Html, html, joinHtml } from '../kernel/index.ts';
import { SEARCH_KEY_SCRIPT, stylesheetPath } from './assets.ts';
import { type PageHeader, renderHeader } from './header.ts';

export interface PageContent {
  /** Title of the browser tab, without the brand's name. `layout` appends that name. */
  readonly title: string;
  readonly body: Html;
  /** Navigation and account menu. A page with a header is wide. A page without one is a single step, such as sign-in. */
  readonly header?: PageHeader | undefined;
  /** Whether the text is small, for people who read long lists every day. */
  readonly dense?: boolean;
  /** Paths of scripts on this server. The page must also work without scripts. */
  readonly scripts?: readonly string[];
  /** Paths of additional stylesheets on this server. */
  readonly styles?: readonly string[];
}

/**
 * Renders the HTML document of a page. Every page works without JavaScript and loads only styles and scripts of this
 * server.
 */
export function layout(pageContext: PageContext, page: PageContent): Html {
  const { brand, language } = pageContext;
  const { common } = getMessages(language);
  const classes = [page.header !== undefined && 'page', page.dense === true && 'dense'].filter(
    (name) => name !== false,
  );
  const scripts = [
    ...(page.scripts ?? []),
    ...(page.header?.navigation.search === undefined ? [] : [SEARCH_KEY_SCRIPT]),
  ];
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${page.title} – ${brand.name}</title>
<link rel="stylesheet" href="${stylesheetPath}">
${(page.styles ?? []).map((path) => html`<link rel="stylesheet" href="${path}">`)}
${brand.style === undefined ? '' : html`<link rel="stylesheet" href="${brand.style}">`}
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
${scripts.map((path) => html`<script defer src="${path}"></script>`)}
</head>
<body ${attribute('class', classes.length > 0 && classes.join(' '))}>
<a class="skip" href="#main">${common.skip}</a>
${renderHeader(pageContext, page.header)}
<main id="main">
${page.body}
</main>
<footer>
${contact(pageContext)}
</footer>
</body>
</html>
`;
}

function contact({ brand, language }: PageContext): Html {
  const { name, phone, email, website } = brand;
  const contacts = [
    ...(phone === undefined ? [] : [html`<a href="tel:${phone.replaceAll(/[^+\d]/g, '')}">${phone}</a>`]),
    ...(email === undefined ? [] : [html`<a href="mailto:${email}">${email}</a>`]),
    ...(website === undefined ? [] : [html`<a href="${website}">${new URL(website).host}</a>`]),
  ];
  if (contacts.length === 0) return emptyHtml;
  return html`<p>${getMessages(language).common.questions(name)}: ${joinHtml(contacts, ' · ')}</p>`;
}
