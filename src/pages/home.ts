import { html } from 'ghtml';
import { layout } from './layout.ts';

export interface HomePage {
  readonly issuer: string;
  readonly r4: string;
  readonly dstu2: string;
  readonly sandbox: boolean;
}

export function homePage(page: HomePage): string {
  const body = html`
<h1>Your health record, in the app you choose</h1>
<p class="lead">This server gives apps that a patient allows access to that patient’s record, over FHIR R4 and FHIR DSTU2.</p>
!${page.sandbox ? SANDBOX : ''}
<h2>For the practice</h2>
<p>People who work here can <a href="/practice/launch">open an app for a patient</a>.</p>
<h2>For app developers</h2>
<dl>
  <dt>FHIR R4</dt><dd><code>${page.r4}</code> <a href="${page.r4}/metadata">metadata</a></dd>
  <dt>FHIR DSTU2</dt><dd><code>${page.dstu2}</code> <a href="${page.dstu2}/metadata">metadata</a></dd>
  <dt>Authorization server</dt><dd><code>${page.issuer}</code> <a href="${page.r4}/.well-known/smart-configuration">SMART configuration</a></dd>
</dl>`;
  return layout({ title: 'Home', body });
}

const SANDBOX = html`
<section class="note"><h2>See it work</h2>
<p>The <a href="/demo">demo app</a> connects to a made-up patient’s record. Sign in as <code>patientapitest</code> with <code>Password1!</code></p></section>`;
