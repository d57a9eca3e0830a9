import type { LoggedRead } from '../../audit/index.ts';
import { type Words, wordsIn } from '../../words/index.ts';
import { kindLabels } from '../connections/what.ts';
import type { AccountDeps } from '../deps.ts';
import type { Place } from '../place.ts';
import { plain } from '../plain.ts';

/** An access log entry as the reader sees it. */
export interface EntryWords {
  readonly who: string;
  readonly what: string;
  /** Number of entries that were read; empty when it isn't known. */
  readonly entries: string;
  readonly outcome: string;
  readonly refused: boolean;
}

/** Creates a function that describes log entries of a record to the signed-in person. */
export function entryTeller(
  { types }: Pick<AccountDeps, 'types'>,
  { frame: pageContext, session }: Pick<Place, 'frame' | 'session'>,
): (entry: LoggedRead) => EntryWords {
  const messages = wordsIn(pageContext.language);
  const { reads: w } = messages.account;
  const labels = kindLabels(messages);
  return (entry) => {
    const { outcome, resources } = entry;
    const denied = outcome === 'failure';
    return {
      who: readerOf(entry, session.accountId, w),
      what: whatOf(entry, labels, types.aliases, w),
      entries: resources === undefined || denied ? '' : String(resources),
      outcome: denied ? w.refused : w.allowed,
      refused: denied,
    };
  };
}

type ReadWords = Words['account']['reads'];

/** The person and the app they used. The reader's own apps are named without the person. */
function readerOf(entry: LoggedRead, ownAccountId: string, w: ReadWords): string {
  const { accountId, clientId, personKind } = entry;
  const person = plain(entry.person ?? w.someone, 120);
  if (clientId === undefined) return accountId === ownAccountId ? w.you : person;
  const app = plain(entry.app ?? w.unknownApp, 120);
  if (accountId === undefined) return w.service(app);
  if (accountId === ownAccountId) return app;
  return personKind === 'staff' ? w.staffIn(person, app) : w.byPerson(app, person);
}

function whatOf(
  { kind, type, detail }: LoggedRead,
  labels: ReadonlyMap<string, string>,
  aliases: Readonly<Record<string, string>>,
  w: ReadWords,
): string {
  const label = labels.get(aliases[type ?? ''] ?? type ?? '');
  if (kind === 'record-view') {
    const view = w.views[String(detail['view'])] ?? w.otherView;
    return label === undefined ? view : `${view}: ${label}`;
  }
  if (kind === 'document') return w.document;
  if (kind === 'export') return w.export;
  if (type === 'Group') return w.group;
  return label ?? w.unknownKind;
}
