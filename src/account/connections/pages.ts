import { html } from 'ghtml';
import { policyOf } from '../../oauth/index.ts';
import { dayOf } from '../../words/index.ts';
import { accountPage, backTo, factList } from '../page.ts';
import type { Place } from '../place.ts';
import { plain } from '../plain.ts';
import { whenOf } from '../times.ts';
import type { Connection } from './connection.ts';
import type { SeenKind } from './what.ts';

/** All of them: what is connected first, then what was. */
export function connectionsPage(place: Place, connections: readonly Connection[]): string {
  const { words, who } = place;
  const { connections: w } = words;
  const now = connections.filter(({ connected }) => connected);
  const past = connections.filter(({ connected }) => !connected);
  const body = html`
<h1>${w.title(who)}</h1>
!${now.length === 0 ? noneConnected(place) : html`<p class="lead">${w.some(now.length, who)}</p>`}
!${place.record.open ? '' : html`<div class="note"><p>${words.closed}</p></div>`}
!${now.map((connection) => connectedCard(place, connection)).join('')}
<p><a href="/apps">${w.gallery}</a></p>
<h2>${w.past}</h2>
!${past.length === 0 ? html`<p>${w.pastNone}</p>` : html`<ul class="list">!${past.map((one) => pastItem(place, one)).join('')}</ul>`}`;
  return accountPage(place, { title: w.title(who), body, under: '/apps' });
}

function noneConnected({ words: { connections: w }, who }: Place): string {
  return html`
<p class="lead">${w.noneTitle}.</p>
<p>${w.none(who)}</p>
<p>${w.how}</p>`;
}

/** Whether it reads is not known: that must never look as if it did not. */
export function unreadPage(place: Place): string {
  const { connections: w } = place.words;
  const body = html`
<h1>${w.unreadTitle}</h1>
<p class="lead">${w.unread}</p>
<p><a href="${place.base}/apps">${w.again}</a></p>`;
  return accountPage(place, { title: w.unreadTitle, body, under: '/apps' });
}

function connectedCard(place: Place, connection: Connection): string {
  const { words, base } = place;
  const { connections: w } = words;
  const { grant } = connection;
  const app = plain(grant.app);
  const path = `${base}/apps/${grant.grant_id}`;
  return html`
<section class="card" aria-labelledby="app-${grant.grant_id}">
<h2 id="app-${grant.grant_id}">${app}</h2>
!${facts(place, connection)}
<p><a href="${path}">${w.more(app)}</a></p>
<p><a class="button second" href="${path}/disconnect">${w.disconnectApp(app)}</a></p>
</section>`;
}

function pastItem(place: Place, connection: Connection): string {
  const { words, base } = place;
  const { grant, state, endedAt } = connection;
  const { connections: w } = words;
  const how = w.states[state];
  const when = endedAt === undefined ? how : w.endedOn(how, whenOf(place, endedAt));
  return html`
<li><a href="${base}/apps/${grant.grant_id}">${plain(grant.app)}</a><p>${when}</p></li>`;
}

/** One app, connected or not. */
export function connectionPage(place: Place, connection: Connection): string {
  const { words, base } = place;
  const { connections: w } = words;
  const { grant, connected } = connection;
  const app = plain(grant.app);
  const path = `${base}/apps/${grant.grant_id}`;
  const log = `${base}/log?${new URLSearchParams({ app: grant.client_id })}`;
  const body = html`
!${backTo(`${base}/apps`, words.disconnect.toApps)}
<h1>${app}</h1>
!${facts(place, connection)}
!${connected ? html`<p><a class="button second" href="${path}/disconnect">${w.disconnectApp(app)}</a></p>` : ''}
<ul class="list">
  <li><a href="${log}">${w.itsReads(app)}</a></li>
  <li><a href="${base}/receipts?${new URLSearchParams({ app: grant.grant_id })}">${w.receipts(app)}</a></li>
</ul>
!${policyLink(place, connection)}`;
  return accountPage(place, { title: app, body, under: '/apps' });
}

function facts(place: Place, connection: Connection): string {
  const { words, frame, record } = place;
  const { connections: w } = words;
  const { grant, state, sees, until, away, usage, endedAt, connected } = connection;
  const day = (at: Date): string => dayOf(frame.language, at, record.timeZone);
  const text = (value: string | undefined) => (value === undefined ? undefined : html`${value}`);
  const how = w.states[state];
  return factList([
    [w.madeBy, text(makerOf(place, connection))],
    [w.state, text(endedAt === undefined ? how : w.endedOn(how, whenOf(place, endedAt)))],
    [w.sees, sees === undefined ? undefined : seesList(place, sees)],
    [w.since, text(day(grant.granted_at))],
    [w.until, connected ? text(until === undefined ? w.untilStopped : whenOf(place, until)) : undefined],
    [w.away, connected && sees !== undefined ? text(away ? w.awayYes : w.awayNo) : undefined],
    [w.lastUsed, text(usage === undefined ? w.never : whenOf(place, usage.last))],
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

/** As the app says. */
export function policyLink({ words: { connections: w } }: Place, { grant }: Connection): string {
  const address = grant.metadata as { readonly policy_uri?: unknown } | null;
  const policy = policyOf(address?.policy_uri);
  if (policy === undefined) return '';
  return html`
<p><a href="${policy.href}" rel="noopener noreferrer">${w.policy(plain(grant.app))}</a> (${policy.host}, ${w.policyHint})</p>`;
}
