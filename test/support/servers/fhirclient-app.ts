import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CHECKOUT } from '../checkout.ts';

// Serves an app that uses fhirclient, the common library for SMART apps in a browser. The app has an origin of its own.

const LIBRARY = readFileSync(path.join(CHECKOUT, 'node_modules/fhirclient/build/fhir-client.min.js'), 'utf8');
const page = (script: string) =>
  `<!doctype html><title>App</title><script src="/library.js"></script><p id="app"></p>
   <script>const say = (text) => { document.querySelector('#app').textContent = text }; ${script}</script>`;

export interface FhirclientApp {
  /** Contents of the app's files, by path. */
  readonly files: Map<string, string>;
  /** Sets the authorization parameters of the app's start page. */
  startWith(settings: object): void;
  /** Makes a single-page app at `/one-page`, which is its redirect URI too. */
  startSinglePageWith(settings: object): void;
}

/**
 * An app with two pages. `/launch` starts authorization. `/app` is the redirect URI, has the library's client object as
 * `client`, and displays the result.
 */
export function fhirclientApp(): FhirclientApp {
  const done = "(client) => { window.client = client; say('Connected') }, (fault) => say(fault.message)";
  const ready = `FHIR.oauth2.ready().then(${done})`;
  const files = new Map([
    ['/library.js', LIBRARY],
    ['/app', page(ready)],
  ]);
  return {
    files,
    startWith(settings) {
      const all = JSON.stringify({ redirectUri: '/app', ...settings });
      files.set('/launch', page(`FHIR.oauth2.authorize(${all}).catch((fault) => say(fault.message))`));
    },
    startSinglePageWith(settings) {
      const all = JSON.stringify({ redirectUri: '/one-page', ...settings });
      files.set('/one-page', page(`FHIR.oauth2.init(${all}).then(${done})`));
    },
  };
}
