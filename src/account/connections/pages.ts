import { html } from 'ghtml';
import { policyOf } from '../../oauth/index.ts';
import { dayOf } from '../../words/index.ts';
import { accountPage, backTo, factList } from '../page.ts';
import type { Place } from '../place.ts';
import { plain } from '../plain.ts';
import { whenOf } from '../times.ts';
import type { Connection } from './connection.ts';
import type { SeenKind } from './what.ts';

/** Lists current connections first, then past ones. */
export function connectionsPage(context: Place, connections: readonly Connection[]): string {
  const { words: messages, who: patientName } = context;
  const { connections: w } = messages;
  const current = connections.filter(({ connected }) => connected);
  const past = connections.filter(({ connected }) => !connected);
  const body = html`
<h1>${w.title(patientName)}</h1>
!${current.length === 0 ? noneConnected(context) : html`<p class="lead">${w.some(current.length, patientName)}</p>`}
!${context.record.open ? '' : html`<div class="note"><p>${messages.closed}</p></div>`}
!${current.map((connection) => connectedCard(context, connection)).join('')}
<p><a href="/apps">${w.gallery}</a></p>
<h2>${w.past}</h2>
!${past.length === 0 ? html`<p>${w.pastNone}</p>` : html`<ul class="list">!${past.map((one) => pastItem(context, one)).join('')}</ul>`}`;
  return accountPage(context, { title: w.title(patientName), body, under: '/apps' });
}

function noneConnected({ words: { connections: w }, who: patientName }: Place): string {
  return html`
<p class="lead">${w.noneTitle}.</p>
<p>${w.none(patientName)}</p>
<p>${w.how}</p>`;
}

/** Connections couldn't be read. The page must never look as if no app had access. */
export function unreadPage(context: Place): string {
  const { connections: w } = context.words;
  const body = html`
<h1>${w.unreadTitle}</h1>
<p class="lead">${w.unread}</p>
<p><a href="${context.base}/apps">${w.again}</a></p>`;
  return accountPage(context, { title: w.unreadTitle, body, under: '/apps' });
}

function connectedCard(context: Place, connection: Connection): string {
  const { words: messages, base: basePath } = context;
  const { connections: w } = messages;
  const { grant } = connection;
  const app = plain(grant.app);
  const path = `${basePath}/apps/${grant.grant_id}`;
  return html`
<section class="card" aria-labelledby="app-${grant.grant_id}">
<h2 id="app-${grant.grant_id}">${app}</h2>
!${facts(context, connection)}
<p><a href="${path}">${w.more(app)}</a></p>
<p><a class="button second" href="${path}/disconnect">${w.disconnectApp(app)}</a></p>
</section>`;
}

function pastItem(context: Place, connection: Connection): string {
  const { words: messages, base: basePath } = context;
  const { grant, state, endedAt } = connection;
  const { connections: w } = messages;
  const how = w.states[state];
  const when = endedAt === undefined ? how : w.endedOn(how, whenOf(context, endedAt));
  return html`
<li><a href="${basePath}/apps/${grant.grant_id}">${plain(grant.app)}</a><p>${when}</p></li>`;
}

export function connectionPage(context: Place, connection: Connection): string {
  const { words: messages, base: basePath } = context;
  const { connections: w } = messages;
  const { grant, connected } = connection;
  const app = plain(grant.app);
  const path = `${basePath}/apps/${grant.grant_id}`;
  const log = `${basePath}/log?${new URLSearchParams({ app: grant.client_id })}`;
  const body = html`
!${backTo(`${basePath}/apps`, messages.disconnect.toApps)}
<h1>${app}</h1>
!${facts(context, connection)}
!${connected ? html`<p><a class="button second" href="${path}/disconnect">${w.disconnectApp(app)}</a></p>` : ''}
<ul class="list">
  <li><a href="${log}">${w.itsReads(app)}</a></li>
  <li><a href="${basePath}/receipts?${new URLSearchParams({ app: grant.grant_id })}">${w.receipts(app)}</a></li>
</ul>
!${policyLink(context, connection)}`;
  return accountPage(context, { title: app, body, under: '/apps' });
}

function facts(context: Place, connection: Connection): string {
  const { words: messages, frame: pageContext, record } = context;
  const { connections: w } = messages;
  const { grant, state, sees, until, away, usage, endedAt, connected } = connection;
  const day = (at: Date): string => dayOf(pageContext.language, at, record.timeZone);
  const text = (value: string | undefined) => (value === undefined ? undefined : html`${value}`);
  const how = w.states[state];
  return factList([
    [w.madeBy, text(makerOf(context, connection))],
    [w.state, text(endedAt === undefined ? how : w.endedOn(how, whenOf(context, endedAt)))],
    [w.sees, sees === undefined ? undefined : seesList(context, sees)],
    [w.since, text(day(grant.granted_at))],
    [w.until, connected ? text(until === undefined ? w.untilStopped : whenOf(context, until)) : undefined],
    [w.away, connected && sees !== undefined ? text(away ? w.awayYes : w.awayNo) : undefined],
    [w.lastUsed, text(usage === undefined ? w.never : whenOf(context, usage.last))],
    [w.reads, usage === undefined ? undefined : text(w.readsCount(usage.reads))],
  ]);
}

function makerOf({ words: { connections: w } }: Place, { grant }: Connection): string {
  const developer = plain(grant.developer ?? '');
  const made =
    developer === '' ? w.unknownMaker : grant.verified_at === null ? w.notVerified(developer) : w.verified(developer);
  return grant.app_state === 'provisional' ? `${made} ${w.provisional}` : made;
}

function seesList({ words: { connections: w } }: Place, sees: NonNullable<Connection['sees']>): string {
  const { kinds, supporting, sensitive } = sees;
  if (kinds.length === 0 && !supporting) return html`${w.sawNothing}`;
  const lines = [...kinds.map((kind) => kindLine(kind, w.someOf)), ...sensitive, ...(supporting ? [w.supporting] : [])];
  return html`<ul>!${lines.map((line) => html`<li>${line}</li>`).join('')}</ul>`;
}

function kindLine({ label, parts, some }: SeenKind, someOf: string): string {
  const all = [...parts, ...(some ? [someOf] : [])];
  return all.length === 0 ? label : `${label}: ${all.join(', ')}`;
}

/** Link to the privacy policy whose address the app supplied. */
export function policyLink({ words: { connections: w } }: Place, { grant }: Connection): string {
  const address = grant.metadata as { readonly policy_uri?: unknown } | null;
  const policy = policyOf(address?.policy_uri);
  if (policy === undefined) return '';
  return html`
<p><a href="${policy.href}" rel="noopener noreferrer">${w.policy(plain(grant.app))}</a> (${policy.host}, ${w.policyHint})</p>`;
}
