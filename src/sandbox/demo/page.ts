import { type Html, html } from '../../kernel/index.ts';
import { appDocument } from './document.ts';

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

/** The page of the patient app. */
export const demoPage = (config: DemoConfig): Html =>
  appDocument({
    name: 'My Record (demo)',
    config,
    script: '/demo/patient/demo.js',
    links: html`<a href="/demo/privacy" data-text="privacy">Privacy policy</a>`,
  });
