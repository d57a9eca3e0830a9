import { formatLongDate } from '../../i18n/index.ts';
import { attribute, type Html, html } from '../../kernel/index.ts';
import { parsePolicyLink } from '../../oauth/index.ts';
import { appMark, pagination } from '../../web-pages/index.ts';
import { formatMinute } from '../date-format.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { backLink, definitionList, renderPortalPage } from '../portal-page.ts';
import { sanitizeText } from '../sanitize-text.ts';
import type { AppConnection } from './connection.ts';
import { countReads, describeNoReads } from './usage-text.ts';
import { hiddenDataDetails, visibleDataDetails } from './visible-data-details.ts';

/** Number of past connections on a page. */
const PAST_PAGE_SIZE = 20;

/**
 * Renders the list of connected apps. Past connections are collapsed.
 * @param requestedPast number of the page of past connections, from 1; undefined: the list of past connections is closed
 */
export function renderConnectionsPage(
  context: PatientPortalContext,
  connections: readonly AppConnection[],
  requestedPast: number | undefined,
): Html {
  const { messages, patientName } = context;
  const { connections: w } = messages;
  const current = connections.filter(({ connected }) => connected);
  const past = connections.filter(({ connected }) => !connected);
  const body = html`
<h1>${w.title(patientName)}</h1>
${current.length === 0 ? noneConnected(context) : html`<p class="lead">${w.some(current.length, patientName)}</p>`}
${context.record.apiEnabled ? '' : html`<div class="note"><p>${messages.closed}</p></div>`}
${current.map((connection) => connectedCard(context, connection))}
${current.length === 0 ? '' : html`<p class="after"><a href="/apps">${w.gallery}</a></p>`}
${pastConnections(context, past, requestedPast)}`;
  return renderPortalPage(context, { title: w.title(patientName), body, section: '/apps' });
}

function pastConnections(
  context: PatientPortalContext,
  past: readonly AppConnection[],
  requestedPage: number | undefined,
): Html {
  const { messages, basePath, pageContext } = context;
  const { connections: w } = messages;
  if (past.length === 0) return html`<p class="muted">${w.pastNone}</p>`;
  const pages = Math.ceil(past.length / PAST_PAGE_SIZE);
  const page = Math.min(requestedPage ?? 1, pages);
  const visible = past.slice((page - 1) * PAST_PAGE_SIZE, page * PAST_PAGE_SIZE);
  return html`
<details class="past" ${attribute('open', requestedPage !== undefined)}><summary>${w.past(past.length)}</summary>
<ul class="list links">${visible.map((one) => pastItem(context, one))}</ul>
${pagination(pageContext, { path: `${basePath}/apps`, page, pages })}</details>`;
}

function noneConnected({ messages: { connections: w }, patientName, offersDemo }: PatientPortalContext): Html {
  return html`
<section class="empty-state"><h2>${w.noneTitle}</h2>
<p>${w.none(patientName)}</p>
<p>${w.how}</p>
${offersDemo && html`<p><a class="button" href="/demo">${w.demo}</a></p>`}
<p><a class="${offersDemo ? 'button secondary' : 'button'}" href="/apps">${w.gallery}</a></p></section>`;
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
  const { grant, state } = connection;
  const app = sanitizeText(grant.app);
  const path = `${basePath}/apps/${grant.grant_id}`;
  return html`
<section class="card connection" aria-labelledby="app-${grant.grant_id}">
<div class="app">${appMark(app)}<div><h2 id="app-${grant.grant_id}">${app}</h2><p>${describeDeveloper(context, connection)}</p></div>
<span class="tag ${state === 'active' ? 'success' : 'warning'}">${state === 'active' ? w.readsNow : w.readsNothing}</span></div>
${visibleDataDetails(context, connection)}
${hiddenDataDetails(context, connection)}
<p>${lifetime(context, connection)}</p>
<ul class="actions">
  <li><a class="button secondary danger" href="${path}/disconnect">${w.disconnectApp(app)}</a></li>
  <li><a href="${path}">${w.more(app)}</a></li>
</ul>
<details class="more-facts"><summary>${w.details}</summary>${connectionFacts(context, connection, { isCard: true })}</details>
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
${connected ? html`<p class="disconnect"><a class="button secondary danger" href="${path}/disconnect">${w.disconnectApp(app)}</a></p>` : ''}
${visibleDataDetails(context, connection)}
${hiddenDataDetails(context, connection)}
${connectionFacts(context, connection, { isCard: false })}
<ul class="list links">
  <li><a href="${log}">${w.itsReads(app)}</a></li>
  <li><a href="${basePath}/receipts?${new URLSearchParams({ app: grant.grant_id })}">${w.receipts(app)}</a></li>
</ul>
${policyLink(context, connection)}`;
  return renderPortalPage(context, { title: app, body, section: '/apps' });
}

/**
 * Renders the facts of a connection.
 * @param isCard whether the card around the facts names the developer and, for an app that can read, its state
 */
function connectionFacts(
  context: PatientPortalContext,
  connection: AppConnection,
  { isCard }: { readonly isCard: boolean },
): Html {
  const { messages, pageContext, record } = context;
  const { connections: w } = messages;
  const { grant, state, visibleData, expiresAt, offlineAccess, usage, endedAt, connected } = connection;
  const day = (at: Date): string => formatLongDate(pageContext.language, at, record.timeZone);
  const text = (value: string | undefined) => (value === undefined || value === '' ? undefined : html`${value}`);
  const how = w.states[state];
  const facts = [
    [w.madeBy, isCard ? undefined : text(describeDeveloper(context, connection))],
    [
      w.state,
      isCard && state === 'active'
        ? undefined
        : text(endedAt === undefined ? how : w.endedOn(how, formatMinute(context, endedAt))),
    ],
    [w.since, text(day(grant.granted_at))],
    [w.until, connected ? text(accessEnd(context, expiresAt)) : undefined],
    [w.away, connected && visibleData !== undefined ? text(offlineAccess ? w.awayYes : w.awayNo) : undefined],
    [w.lastUsed, text(usage?.last === undefined ? describeNoReads(context, usage) : formatMinute(context, usage.last))],
    [w.reads, usage?.last === undefined ? undefined : text(countReads(context, usage))],
  ] as const;
  return definitionList(facts);
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

const accessEnd = (context: PatientPortalContext, expiresAt: Date | undefined): string =>
  expiresAt === undefined ? context.messages.connections.untilStopped : formatMinute(context, expiresAt);

/** Says in one line how long the app keeps its access, or why it can't read now. */
function lifetime(context: PatientPortalContext, { state, expiresAt }: AppConnection): string {
  const { connections: w } = context.messages;
  if (state !== 'active') return w.states[state];
  return expiresAt === undefined ? w.untilStopped : w.endsOn(formatMinute(context, expiresAt));
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
