import { formatLongDate } from '../../i18n/index.ts';
import { emptyHtml, type Html, html } from '../../kernel/index.ts';
import { appMark, type IconName, icon } from '../../web-pages/index.ts';
import type { AppConnection } from '../connections/connection.ts';
import { describeNoReads } from '../connections/usage-text.ts';
import { formatMinute } from '../date-format.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { renderPortalPage } from '../portal-page.ts';
import { sanitizeText } from '../sanitize-text.ts';
import { type AccessChange, listAccessChanges } from './access-changes.ts';

export interface OverviewData {
  /** Connections of the account to the record. undefined if they couldn't be read. */
  readonly connections: readonly AppConnection[] | undefined;
  /** Latest reads of the record, newest first. */
  readonly reads: readonly {
    readonly who: string;
    readonly what: string;
    readonly when: string;
    readonly madeUp: boolean;
  }[];
  /** Email address of the signed-in account. */
  readonly email: string | undefined;
  readonly unconfirmedEmail: string | undefined;
  readonly now: Date;
}

/** Number of connected apps that the overview names. */
const NAMED_APPS = 5;

/** Renders the overview: who can read the record, who read it, what changed, and the ways to the other pages. */
export function renderOverviewPage(context: PatientPortalContext, overview: OverviewData): Html {
  const { messages, patientName, record } = context;
  const { home: w } = messages;
  const body = html`
<h1>${w.title(patientName)}</h1>
<p class="lead">${w.lead(patientName)}</p>
${unconfirmedNote(context, overview)}
${record.apiEnabled ? '' : html`<div class="note"><p>${messages.closed}</p></div>`}
<div class="overview">
${recordSection(context)}
${appsSection(context, overview.connections)}
${readsSection(context, overview)}
</div>
${changesSection(context, overview)}
${pageCards(context)}`;
  return renderPortalPage(context, { title: w.title(patientName), body, section: '' });
}

/** The record itself comes first, because most patients come for it. */
function recordSection({ messages, patientName, basePath }: PatientPortalContext): Html {
  const { home: w } = messages;
  return html`
<section class="card"><h2>${icon('record')}<a href="${basePath}/record">${w.myRecord(patientName)}</a></h2>
<p class="figure">${w.record}</p>
<p><a class="button" href="${basePath}/record">${w.openRecord}</a></p></section>`;
}

function appsSection(context: PatientPortalContext, connections: OverviewData['connections']): Html {
  const { messages, basePath } = context;
  const { home: w } = messages;
  const connected = connections?.filter((one) => one.connected) ?? [];
  const count =
    connections === undefined ? w.appsUnavailable : connected.length === 0 ? w.appsNone : w.appsSome(connected.length);
  const items = connected.slice(0, NAMED_APPS).map((connection) => appItem(context, connection));
  const [path, text] = appsAction(context, { connected: connected.length, all: connections?.length });
  return html`
<section class="card"><h2>${icon('apps')}<a href="${basePath}/apps">${messages.apps}</a></h2>
<p class="figure">${count}</p>
${items.length === 0 ? '' : html`<ul class="list links">${items}</ul>`}
<p><a class="button secondary" href="${path}">${text}</a></p>
${context.offersDemo && connections?.length === 0 && html`<p><a class="button secondary" href="/demo">${messages.connections.demo}</a></p>`}</section>`;
}

/** Returns the button of the card: to manage the connected apps, to see past connections, or to find apps. */
function appsAction(
  { messages, basePath }: PatientPortalContext,
  { connected, all }: { readonly connected: number; readonly all: number | undefined },
): readonly [path: string, text: string] {
  if (all === 0) return ['/apps', messages.connections.gallery];
  const onlyPast = all !== undefined && connected === 0;
  return [`${basePath}/apps`, onlyPast ? messages.connections.past(all) : messages.home.manageApps];
}

function appItem(context: PatientPortalContext, { grant, usage }: AppConnection): Html {
  const { messages, basePath } = context;
  const app = sanitizeText(grant.app);
  const used =
    usage?.last === undefined
      ? describeNoReads(context, usage)
      : messages.home.lastRead(formatMinute(context, usage.last));
  return html`
<li class="app">${appMark(app)}<div><a href="${basePath}/apps/${grant.grant_id}">${app}</a><p>${used}</p></div></li>`;
}

function readsSection({ messages, basePath }: PatientPortalContext, { reads, connections }: OverviewData): Html {
  const { home: w } = messages;
  const onlyExamples = reads.every(({ madeUp }) => madeUp) && connections?.some(({ connected }) => connected) === false;
  const items = reads.map(({ who, what, when }) => html`<li><b>${who}</b><p>${what}, ${when}</p></li>`);
  return html`
<section class="card"><h2>${icon('log')}<a href="${basePath}/log">${messages.log}</a></h2>
${items.length === 0 ? html`<p class="figure">${w.logNone}</p>` : html`<p class="figure">${w.latestReads}</p>${onlyExamples && html`<p>${w.exampleReads}</p>`}<ul class="list">${items}</ul>`}
<p><a class="button secondary" href="${basePath}/log">${w.allReads}</a></p></section>`;
}

function changesSection(context: PatientPortalContext, { connections = [], now }: OverviewData): Html {
  const { messages, pageContext, record } = context;
  const changes = listAccessChanges(connections, now);
  if (changes.length === 0) return emptyHtml;
  const items = changes.map(
    ({ kind, app, at }: AccessChange) =>
      html`<li>${messages.home.changes[kind](sanitizeText(app), formatLongDate(pageContext.language, at, record.timeZone))}</li>`,
  );
  return html`
<section class="changes"><h2>${messages.home.recentChanges}</h2><ul class="list">${items}</ul></section>`;
}

function pageCards({ messages, basePath }: PatientPortalContext): Html {
  const { home: w } = messages;
  const cards: readonly (readonly [name: IconName, path: string, title: string, text: string])[] = [
    ['download', `${basePath}/downloads`, messages.downloads, w.downloads],
    ['receipt', `${basePath}/receipts`, messages.receipts, w.receipts],
    ['security', '/account/security', messages.security, w.security],
  ];
  return html`
<ul class="cards">${cards.map(([name, path, title, text]) => html`<li>${icon(name)}<h2><a href="${path}">${title}</a></h2><p>${text}</p></li>`)}</ul>`;
}

function unconfirmedNote(
  { messages: { home: w } }: PatientPortalContext,
  { email, unconfirmedEmail }: OverviewData,
): Html {
  if (unconfirmedEmail === undefined) return emptyHtml;
  const text = email === undefined ? w.unconfirmed(unconfirmedEmail) : w.unconfirmedChange(unconfirmedEmail, email);
  return html`<div class="note"><p>${text} <a href="/account/security/email/confirm">${w.confirmAgain}</a></p></div>`;
}
