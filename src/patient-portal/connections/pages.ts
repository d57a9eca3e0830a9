import { formatLongDate } from '../../i18n/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { parsePolicyLink } from '../../oauth/index.ts';
import { formatMinute } from '../date-format.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { backLink, definitionList, renderPortalPage } from '../portal-page.ts';
import { sanitizeText } from '../sanitize-text.ts';
import type { AppConnection } from './connection.ts';
import type { VisibleCategory } from './visible-data.ts';

/** Renders the list of connected apps: current connections first, then past ones. */
export function renderConnectionsPage(context: PatientPortalContext, connections: readonly AppConnection[]): Html {
  const { messages, patientName } = context;
  const { connections: w } = messages;
  const current = connections.filter(({ connected }) => connected);
  const past = connections.filter(({ connected }) => !connected);
  const body = html`
<h1>${w.title(patientName)}</h1>
${current.length === 0 ? noneConnected(context) : html`<p class="lead">${w.some(current.length, patientName)}</p>`}
${context.record.apiEnabled ? '' : html`<div class="note"><p>${messages.closed}</p></div>`}
${current.map((connection) => connectedCard(context, connection))}
<p><a href="/apps">${w.gallery}</a></p>
<h2>${w.past}</h2>
${past.length === 0 ? html`<p>${w.pastNone}</p>` : html`<ul class="list">${past.map((one) => pastItem(context, one))}</ul>`}`;
  return renderPortalPage(context, { title: w.title(patientName), body, section: '/apps' });
}

function noneConnected({ messages: { connections: w }, patientName }: PatientPortalContext): Html {
  return html`
<p class="lead">${w.noneTitle}.</p>
<p>${w.none(patientName)}</p>
<p>${w.how}</p>`;
}

/** Renders the page for the case that the connections couldn't be read. It must never look as if no app had access. */
export function renderConnectionsUnavailablePage(context: PatientPortalContext): Html {
  const { connections: w } = context.messages;
  const body = html`
<h1>${w.listUnavailableTitle}</h1>
<p class="lead">${w.listUnavailable}</p>
<p><a href="${context.basePath}/apps">${w.again}</a></p>`;
  return renderPortalPage(context, { title: w.listUnavailableTitle, body, section: '/apps' });
}

function connectedCard(context: PatientPortalContext, connection: AppConnection): Html {
  const { messages, basePath } = context;
  const { connections: w } = messages;
  const { grant } = connection;
  const app = sanitizeText(grant.app);
  const path = `${basePath}/apps/${grant.grant_id}`;
  return html`
<section class="card" aria-labelledby="app-${grant.grant_id}">
<h2 id="app-${grant.grant_id}">${app}</h2>
${connectionFacts(context, connection)}
<p><a href="${path}">${w.more(app)}</a></p>
<p><a class="button second" href="${path}/disconnect">${w.disconnectApp(app)}</a></p>
</section>`;
}

function pastItem(context: PatientPortalContext, connection: AppConnection): Html {
  const { messages, basePath } = context;
  const { grant, state, endedAt } = connection;
  const { connections: w } = messages;
  const how = w.states[state];
  const when = endedAt === undefined ? how : w.endedOn(how, formatMinute(context, endedAt));
  return html`
<li><a href="${basePath}/apps/${grant.grant_id}">${sanitizeText(grant.app)}</a><p>${when}</p></li>`;
}

export function renderConnectionPage(context: PatientPortalContext, connection: AppConnection): Html {
  const { messages, basePath } = context;
  const { connections: w } = messages;
  const { grant, connected } = connection;
  const app = sanitizeText(grant.app);
  const path = `${basePath}/apps/${grant.grant_id}`;
  const log = `${basePath}/log?${new URLSearchParams({ app: grant.client_id })}`;
  const body = html`
${backLink(`${basePath}/apps`, messages.disconnect.toApps)}
<h1>${app}</h1>
${connectionFacts(context, connection)}
${connected ? html`<p><a class="button second" href="${path}/disconnect">${w.disconnectApp(app)}</a></p>` : ''}
<ul class="list">
  <li><a href="${log}">${w.itsReads(app)}</a></li>
  <li><a href="${basePath}/receipts?${new URLSearchParams({ app: grant.grant_id })}">${w.receipts(app)}</a></li>
</ul>
${policyLink(context, connection)}`;
  return renderPortalPage(context, { title: app, body, section: '/apps' });
}

function connectionFacts(context: PatientPortalContext, connection: AppConnection): Html {
  const { messages, pageContext, record } = context;
  const { connections: w } = messages;
  const { grant, state, visibleData, expiresAt, offlineAccess, usage, endedAt, connected } = connection;
  const day = (at: Date): string => formatLongDate(pageContext.language, at, record.timeZone);
  const text = (value: string | undefined) => (value === undefined || value === '' ? undefined : html`${value}`);
  const how = w.states[state];
  return definitionList([
    [w.madeBy, text(describeDeveloper(context, connection))],
    [w.state, text(endedAt === undefined ? how : w.endedOn(how, formatMinute(context, endedAt)))],
    [w.sees, visibleData === undefined ? undefined : renderVisibleData(context, visibleData)],
    [w.since, text(day(grant.granted_at))],
    [
      w.until,
      connected ? text(expiresAt === undefined ? w.untilStopped : formatMinute(context, expiresAt)) : undefined,
    ],
    [w.away, connected && visibleData !== undefined ? text(offlineAccess ? w.awayYes : w.awayNo) : undefined],
    [w.lastUsed, text(usage === undefined ? w.never : formatMinute(context, usage.last))],
    [w.reads, usage === undefined ? undefined : text(w.readsCount(usage.reads))],
  ]);
}

function describeDeveloper({ messages: { connections: w } }: PatientPortalContext, { grant }: AppConnection): string {
  const developer = sanitizeText(grant.developer ?? '');
  const made =
    developer === ''
      ? w.unknownDeveloper
      : grant.verified_at === null
        ? w.notVerified(developer)
        : w.verified(developer);
  return grant.app_state === 'provisional' ? `${made} ${w.provisional}` : made;
}

function renderVisibleData(
  { messages: { connections: w } }: PatientPortalContext,
  sees: NonNullable<AppConnection['visibleData']>,
): Html {
  const { categories, supporting, sensitive } = sees;
  if (categories.length === 0 && !supporting) return html`${w.sawNothing}`;
  const lines = [
    ...categories.map((kind) => formatCategory(kind, w.someOf)),
    ...sensitive,
    ...(supporting ? [w.supporting] : []),
  ];
  return html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
}

function formatCategory({ label, parts, hasUnnamed }: VisibleCategory, someOf: string): string {
  const all = [...parts, ...(hasUnnamed ? [someOf] : [])];
  return all.length === 0 ? label : `${label}: ${all.join(', ')}`;
}

/** Renders the link to the app's privacy policy. The app supplied the address. */
export function policyLink(
  { messages: { connections: w } }: PatientPortalContext,
  { grant }: AppConnection,
): Html | undefined {
  const address = grant.metadata as { readonly policy_uri?: unknown } | null;
  const policy = parsePolicyLink(address?.policy_uri);
  if (policy === undefined) return undefined;
  return html`
<p><a href="${policy.href}" rel="noopener noreferrer">${w.policy(sanitizeText(grant.app))}</a> (${policy.host}, ${w.policyHint})</p>`;
}
