import { type Html, html, toScriptJson } from '../../kernel/index.ts';

export const LIBRARY_PATH = '/demo/fhir-client.pure.min.js';

/** The configuration that the demo app gets: only what any registered app is given. */
export interface DemoConfig {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly issuer: string;
  readonly revokeUrl: string;
  readonly r4Base: string;
  readonly dstu2Base: string;
  readonly scope: string;
  /** Sandbox credentials that the app shows as a hint. */
  readonly hint: { readonly username: string; readonly password: string };
}

/**
 * The app runs entirely in its scripts; without JavaScript the page shows only a notice. No script or style is inline
 * (CSP). The app puts the texts of its messages into the elements with `data-text`.
 */
export const demoPage = (config: DemoConfig): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>My Record (demo)</title>
<link rel="stylesheet" href="/demo/demo.css">
<link rel="stylesheet" href="/demo/record.css">
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<script type="application/json" id="config">${toScriptJson(config)}</script>
<script src="${LIBRARY_PATH}" defer></script>
<script type="module" src="/demo/demo.js"></script>
</head>
<body>
<a class="skip" href="#app" data-text="skip">Skip to main content</a>
<header class="top"><p><strong>My Record (demo)</strong></p></header>
<main id="app" tabindex="-1"><noscript><p class="note">This app runs in your browser and needs JavaScript. <span lang="es">Esta aplicación funciona en su navegador y necesita JavaScript.</span></p></noscript></main>
<p id="news" class="quiet-news" role="status"></p>
<footer class="foot"><p><span data-text="fictional">All people and data here are fictional. The sandbox has no real patient data.</span> <a href="/demo/privacy" data-text="privacy">Privacy policy</a></p></footer>
</body>
</html>
`;
