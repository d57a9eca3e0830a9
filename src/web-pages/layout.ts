import { getMessages, LANGUAGE_NAMES, LANGUAGES, type PageBrand, type PageContext } from '../i18n/index.ts';
import { attribute, emptyHtml, type Html, html, joinHtml } from '../kernel/index.ts';

export interface PageContent {
  /** Title of the browser tab, without the brand's name. `layout` appends that name. */
  readonly title: string;
  readonly body: Html;
  /** Navigation between the header and the main content. */
  readonly navigation?: Html;
  /** Whether the page is wide, for tables and charts. Other pages are one column of text. */
  readonly wide?: boolean;
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
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${page.title} – ${brand.name}</title>
<link rel="stylesheet" href="/assets/pages.css">
${(page.styles ?? []).map((path) => html`<link rel="stylesheet" href="${path}">`)}
${brand.style === undefined ? '' : html`<link rel="stylesheet" href="${brand.style}">`}
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
${(page.scripts ?? []).map((path) => html`<script defer src="${path}"></script>`)}
</head>
<body ${attribute('class', page.wide === true && 'wide')}>
<a class="skip" href="#main">${common.skip}</a>
<header class="brand"><p><a href="/">${logo(brand)}${brand.name}</a></p></header>
${page.navigation}
<main id="main">
${page.body}
</main>
<footer>
${contact(pageContext)}
${languages(pageContext)}
</footer>
</body>
</html>
`;
}

/** Renders the brand's logo. Its text alternative is empty, because the brand's name follows it. */
const logo = ({ logo }: PageBrand): Html =>
  logo === undefined ? emptyHtml : html`<img src="${logo}" alt="" height="40">`;

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

/** Renders links to the page in the other languages. Each language is listed by its own name. */
function languages({ language, currentPath }: PageContext): Html {
  if (currentPath === undefined) return emptyHtml;
  const links = LANGUAGES.filter((other) => other !== language).map(
    (other) =>
      html`<a lang="${other}" hreflang="${other}" href="/language?${new URLSearchParams({ to: other, return_to: currentPath })}">${LANGUAGE_NAMES[other]}</a>`,
  );
  return html`<p>${joinHtml(links, ' · ')}</p>`;
}
