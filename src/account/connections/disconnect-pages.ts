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

/** Asks for confirmation once. The page names the app and says what ends and what doesn't. */
export function disconnectPage(context: Place, connection: Connection, others: readonly Elsewhere[]): string {
  const { words: messages, base: basePath, who: patientName, csrf } = context;
  const { disconnect: w } = messages;
  const app = plain(connection.grant.app);
  const path = `${basePath}/apps/${connection.grant.grant_id}`;
  const policy = policyLink(context, connection);
  const body = html`
<h1>${w.title(app)}</h1>
<p class="lead">${w.lead(app, patientName)}</p>
<p>${w.keeps(app)}!${policy === '' ? '' : html` ${w.policy}`}</p>
!${policy}
!${elsewhereNote(context, app, others)}
<p>${w.again}</p>
<form method="post" action="${path}/disconnect">!${hidden('csrf', csrf)}
  <button>${w.yes(app)}</button>
</form>
<p><a href="${path}">${w.no}</a></p>`;
  return accountPage(context, { title: w.title(app), body, under: '/apps' });
}

function elsewhereNote({ words: { disconnect: w } }: Place, app: string, others: readonly Elsewhere[]): string {
  const ownConnections = others.filter((one) => one.mine);
  const links = ownConnections.map(
    ({ recordKey, grantId, person, practice }) =>
      html`<li><a href="/account/${recordKey}/apps/${grantId}">${plain(person)}, ${practice}</a></li>`,
  );
  return html`
!${ownConnections.length === 0 ? '' : html`<p>${w.others(app)}</p><ul>!${links.join('')}</ul>`}
!${ownConnections.length === others.length ? '' : html`<p>${w.otherPeople(app)}</p>`}`;
}

/** Shows when access ended and when the app last read, both from the audit log. */
export function endedPage(context: Place, connection: Connection, others: readonly Elsewhere[]): string {
  const { words: messages, base: basePath } = context;
  const { disconnect: w } = messages;
  const { usage } = connection;
  const app = plain(connection.grant.app);
  const ended = endOf(connection);
  const body = html`
!${backTo(`${basePath}/apps`, w.toApps)}
<h1>${w.doneTitle(app)}</h1>
<p class="lead" role="status">!${ended === undefined ? '' : html`${w.proof(momentOf(context, ended, ended))} `}${usage === undefined ? w.proofNever : lastRead(context, usage.last, ended)}</p>
<p class="hint">${ended === undefined ? '' : whenOf(context, ended)}. ${w.from}</p>
<p>${w.honest(app)}</p>
!${policyLink(context, connection)}
!${elsewhereNote(context, app, others)}`;
  return accountPage(context, { title: w.doneTitle(app), body, under: '/apps' });
}

/** A read in flight at the moment of disconnection was still answered, so access ended when that read did. */
function endOf({ endedAt, usage }: Connection): Date | undefined {
  if (endedAt === undefined || usage === undefined) return endedAt;
  return usage.last > endedAt ? usage.last : endedAt;
}

function lastRead(context: Place, last: Date, ended: Date | undefined): string {
  const { words: messages, who: patientName } = context;
  const at = momentOf(context, last, ended);
  return patientName === undefined
    ? messages.disconnect.proofLast(at)
    : messages.disconnect.proofLastOf(at, patientName);
}

/** Formats a time to the second. Adds the date if it isn't the date on which access ended. */
function momentOf({ frame: pageContext, record, words: messages }: Place, at: Date, ended: Date | undefined): string {
  const { timeZone } = record;
  const time = timeOf(pageContext.language, at, timeZone);
  const isSameDay = ended !== undefined && isoDayOf(at, timeZone) === isoDayOf(ended, timeZone);
  return isSameDay ? time : `${time}${messages.disconnect.proofOtherDay(dayOf(pageContext.language, at, timeZone))}`;
}
