import { type Html, html, toScriptJson } from '../../kernel/index.ts';

export const LIBRARY_PATH = '/demo/fhir-client.pure.min.js';

export interface AppDocument {
  /** The app's name. */
  readonly name: string;
  /** Values for the app's scripts: only those that any registered app is given. */
  readonly config: object;
  /** Paths of stylesheets beside those that both apps share. */
  readonly styles?: readonly string[];
  /** Path of the script that runs the app. */
  readonly script: string;
  /** Links after the notice in the footer. */
  readonly links: Html;
}

/**
 * The document of an app that runs entirely in its scripts. Without JavaScript it shows only a notice. No script or
 * style is inline (CSP). The app puts the texts of its messages into the elements with `data-text`.
 */
export const appDocument = ({ name, config, styles = [], script, links }: AppDocument): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${name}</title>
<link rel="stylesheet" href="/demo/shared/app.css">
<link rel="stylesheet" href="/demo/shared/record.css">
${styles.map((path) => html`<link rel="stylesheet" href="${path}">`)}
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<script type="application/json" id="config">${toScriptJson(config)}</script>
<script src="${LIBRARY_PATH}" defer></script>
<script type="module" src="${script}"></script>
</head>
<body>
<a class="skip" href="#app" data-text="skip">Skip to main content</a>
<header class="top"><p><strong>${name}</strong></p></header>
<main id="app" tabindex="-1"><noscript><p class="note">This app runs in your browser and needs JavaScript. <span lang="es">Esta aplicación funciona en su navegador y necesita JavaScript.</span></p></noscript></main>
<p id="news" class="quiet-news" role="status"></p>
<footer class="foot"><p><span data-text="fictional">All people and data here are fictional. The sandbox has no real patient data.</span> ${links}</p></footer>
</body>
</html>
`;
