import { html } from 'ghtml';
import { type Brand, type Frame, LANGUAGE_NAMES, LANGUAGES, wordsIn } from '../words/index.ts';

export interface Page {
  /** Of the browser's tab; the brand is added. */
  readonly title: string;
  /** Escaped HTML. */
  readonly body: string;
  /** Escaped HTML between the brand and the main part: where else to go. */
  readonly navigation?: string;
  /** For tables and charts; others are one column of text. */
  readonly wide?: boolean;
  /** Paths of scripts of ours. The page works without them. */
  readonly scripts?: readonly string[];
  /** Paths of styles of ours, beside that of every page. */
  readonly styles?: readonly string[];
}

/** Every page works without JavaScript and loads nothing but this server's style, and its scripts where it has some. */
export function layout(frame: Frame, page: Page): string {
  const { brand, language } = frame;
  const { common } = wordsIn(language);
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${page.title} – ${brand.name}</title>
<link rel="stylesheet" href="/assets/pages.css">
!${(page.styles ?? []).map((path) => html`<link rel="stylesheet" href="${path}">`).join('')}
!${brand.style === undefined ? '' : html`<link rel="stylesheet" href="${brand.style}">`}
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
!${(page.scripts ?? []).map((path) => html`<script defer src="${path}"></script>`).join('')}
</head>
<body !${page.wide === true ? 'class="wide"' : ''}>
<a class="skip" href="#main">${common.skip}</a>
<header class="brand"><p><a href="/">!${logo(brand)}${brand.name}</a></p></header>
!${page.navigation ?? ''}
<main id="main">
!${page.body}
</main>
<footer>
!${contact(frame)}
!${languages(frame)}
</footer>
</body>
</html>
`;
}

/** The name stands beside it. */
const logo = ({ logo }: Brand): string => (logo === undefined ? '' : html`<img src="${logo}" alt="" height="40">`);

function contact({ brand, language }: Frame): string {
  const { name, phone, email, website } = brand;
  const ways = [
    ...(phone === undefined ? [] : [html`<a href="tel:${phone.replaceAll(/[^+\d]/g, '')}">${phone}</a>`]),
    ...(email === undefined ? [] : [html`<a href="mailto:${email}">${email}</a>`]),
    ...(website === undefined ? [] : [html`<a href="${website}">${new URL(website).host}</a>`]),
  ];
  if (ways.length === 0) return '';
  return html`<p>${wordsIn(language).common.questions(name)}: !${ways.join(' · ')}</p>`;
}

/** The others, each in its own words. */
function languages({ language, here }: Frame): string {
  if (here === undefined) return '';
  const links = LANGUAGES.filter((other) => other !== language).map(
    (other) =>
      html`<a lang="${other}" hreflang="${other}" href="/language?${new URLSearchParams({ to: other, return_to: here })}">${LANGUAGE_NAMES[other]}</a>`,
  );
  return html`<p>!${links.join(' · ')}</p>`;
}
