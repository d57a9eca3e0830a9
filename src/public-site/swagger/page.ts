import { emptyHtml, type Html, html, joinHtml, toScriptJson } from '../../kernel/index.ts';
import type { PublicPageContext } from '../../web-pages/index.ts';
import { publicPage } from '../layout/public-page.ts';

export interface SwaggerPageInput {
  /** Path of the page itself. */
  readonly path: string;
  /** Path of the folder with the page's scripts and style sheets. */
  readonly files: string;
  /** OpenAPI documents, in the order of the drop-down list. */
  readonly documents: readonly { readonly name: string; readonly url: string }[];
  readonly redirectUrl: string;
  /** The app with which Swagger UI authorizes. undefined if there is none; `missing` then says why. */
  readonly client: { readonly clientId: string; readonly scopes: readonly string[] } | undefined;
  readonly missing: string | undefined;
  /** Username and password of a test patient, which the page displays for signing in. undefined if there is none. */
  readonly hint: { readonly username: string; readonly password: string } | undefined;
}

/**
 * Renders the Swagger UI page. It has no inline scripts or styles: the scripts read their settings
 * from a JSON block.
 */
export function swaggerPage(context: PublicPageContext, page: SwaggerPageInput): Html {
  const body = html`
<p>${instructions(page)}</p>
<p class="tools"><a href="/developer/explorer">API explorer</a> · <a href="/developer/test-patients">Test patients</a> · JSON: ${documentLinks(page)}</p>
<div id="swagger-ui"><noscript><p>This page needs JavaScript. Without it, use the JSON documents above.</p></noscript></div>
<script type="application/json" id="config">${toScriptJson(page)}</script>
<script type="module" src="${page.files}/start.js"></script>`;
  return publicPage(context, {
    title: 'API reference',
    body,
    here: '/docs',
    returnTo: page.path,
    // The reset comes between the styles of all pages and those of Swagger UI.
    styles: [`${page.files}/reset.css`, `${page.files}/swagger-ui.css`, `${page.files}/page.css`],
    scripts: [`${page.files}/swagger-ui-bundle.js`, `${page.files}/swagger-ui-standalone-preset.js`],
  });
}

const documentLinks = ({ documents }: SwaggerPageInput): Html =>
  joinHtml(
    documents.map(({ name, url }) => html`<a href="${url}" download>${name}</a>`),
    ' ',
  );

function instructions({ missing, hint }: SwaggerPageInput): Html {
  if (missing !== undefined) return html`${missing}`;
  if (hint === undefined) return emptyHtml;
  return html`Choose the FHIR version, then choose <strong>Authorize</strong>. Select the scopes and sign in as a test patient, such as <code>${hint.username}</code> with <code>${hint.password}</code>.`;
}

/**
 * Renders the page at Swagger UI's redirect URI. It opens in its own window and passes the
 * authorization response to the window that opened it.
 */
export const redirectPage = (files: string): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<title>Signed in</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<script type="module" src="${files}/oauth2-redirect.js"></script>
</head>
<body><p id="news" role="status">One moment…</p></body>
</html>
`;
