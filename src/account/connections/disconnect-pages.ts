import { html } from 'ghtml';
import { hidden } from '../../pages/index.ts';
import { dayOf, timeOf } from '../../words/index.ts';
import { accountPage, backTo } from '../page.ts';
import type { Place } from '../place.ts';
import { plain } from '../plain.ts';
import { isoDayOf, whenOf } from '../times.ts';
import type { Connection } from './connection.ts';
import { policyLink } from './pages.ts';
import type { Elsewhere } from './store.ts';

/** Asks once, names the app, and says what happens and what does not. */
export function disconnectPage(place: Place, connection: Connection, elsewhere: readonly Elsewhere[]): string {
  const { words, base, who, csrf } = place;
  const { disconnect: w } = words;
  const app = plain(connection.grant.app);
  const path = `${base}/apps/${connection.grant.grant_id}`;
  const policy = policyLink(place, connection);
  const body = html`
<h1>${w.title(app)}</h1>
<p class="lead">${w.lead(app, who)}</p>
<p>${w.keeps(app)}!${policy === '' ? '' : html` ${w.policy}`}</p>
!${policy}
!${elsewhereNote(place, app, elsewhere)}
<p>${w.again}</p>
<form method="post" action="${path}/disconnect">!${hidden('csrf', csrf)}
  <button>${w.yes(app)}</button>
</form>
<p><a href="${path}">${w.no}</a></p>`;
  return accountPage(place, { title: w.title(app), body, under: '/apps' });
}

function elsewhereNote({ words: { disconnect: w } }: Place, app: string, elsewhere: readonly Elsewhere[]): string {
  const mine = elsewhere.filter((one) => one.mine);
  const links = mine.map(
    ({ recordKey, grantId, person, practice }) =>
      html`<li><a href="/account/${recordKey}/apps/${grantId}">${plain(person)}, ${practice}</a></li>`,
  );
  return html`
!${mine.length === 0 ? '' : html`<p>${w.others(app)}</p><ul>!${links.join('')}</ul>`}
!${mine.length === elsewhere.length ? '' : html`<p>${w.otherPeople(app)}</p>`}`;
}

/** When it ended and when it read last, as the trail has it. */
export function endedPage(place: Place, connection: Connection, elsewhere: readonly Elsewhere[]): string {
  const { words, base } = place;
  const { disconnect: w } = words;
  const { usage } = connection;
  const app = plain(connection.grant.app);
  const ended = endOf(connection);
  const body = html`
!${backTo(`${base}/apps`, w.toApps)}
<h1>${w.doneTitle(app)}</h1>
<p class="lead" role="status">!${ended === undefined ? '' : html`${w.proof(momentOf(place, ended, ended))} `}${usage === undefined ? w.proofNever : lastRead(place, usage.last, ended)}</p>
<p class="hint">${ended === undefined ? '' : whenOf(place, ended)}. ${w.from}</p>
<p>${w.honest(app)}</p>
!${policyLink(place, connection)}
!${elsewhereNote(place, app, elsewhere)}`;
  return accountPage(place, { title: w.doneTitle(app), body, under: '/apps' });
}

/** A read that was under way at that moment was still answered: access lasted until then. */
function endOf({ endedAt, usage }: Connection): Date | undefined {
  if (endedAt === undefined || usage === undefined) return endedAt;
  return usage.last > endedAt ? usage.last : endedAt;
}

function lastRead(place: Place, last: Date, ended: Date | undefined): string {
  const { words, who } = place;
  const at = momentOf(place, last, ended);
  return who === undefined ? words.disconnect.proofLast(at) : words.disconnect.proofLastOf(at, who);
}

/** To the second, and on which day where that is not the day it ended. */
function momentOf({ frame, record, words }: Place, at: Date, ended: Date | undefined): string {
  const { timeZone } = record;
  const time = timeOf(frame.language, at, timeZone);
  const same = ended !== undefined && isoDayOf(at, timeZone) === isoDayOf(ended, timeZone);
  return same ? time : `${time}${words.disconnect.proofOtherDay(dayOf(frame.language, at, timeZone))}`;
}
