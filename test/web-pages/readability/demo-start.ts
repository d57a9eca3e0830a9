import { vi } from 'vitest';
import { DOCUMENT, htmlOf } from '../../support/browser/demo-page.ts';

/** Scripts of the demo app, which are JavaScript for browsers. */
const load = (name: string) => import(new URL(`../../../src/sandbox/demo/assets/${name}`, import.meta.url).href);

/** Renders the start pages of the demo app: on a first visit, and after a patient denied access. */
export async function demoStartPages(): Promise<Readonly<Record<string, string>>> {
  const app = { ...DOCUMENT.createElement('main'), replaceChildren: (...views: unknown[]) => void shown.push(views) };
  const shown: unknown[][] = [];
  vi.stubGlobal('document', { ...DOCUMENT, getElementById: () => ({ ...app, focus() {} }) });
  vi.stubGlobal('scrollTo', () => {});
  try {
    const { showStart } = await load('patient/view-start.js');
    const { Failure } = await load('shared/failure.js');
    const config = { hint: { username: 'patientapitest', password: 'Password1!' } };
    showStart(config, { connect() {} });
    showStart(config, { connect() {}, failure: new Failure('', { code: 'access_denied' }) });
  } finally {
    vi.unstubAllGlobals();
  }
  const [first = '', denied = ''] = shown.map((views) => `<main>${views.map(htmlOf).join('')}</main>`);
  return { 'demo app': first, 'demo app, access denied': denied };
}
