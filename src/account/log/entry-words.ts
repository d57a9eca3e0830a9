import type { LoggedRead } from '../../audit/index.ts';
import { type Words, wordsIn } from '../../words/index.ts';
import { kindLabels } from '../connections/what.ts';
import type { AccountDeps } from '../deps.ts';
import type { Place } from '../place.ts';
import { plain } from '../plain.ts';

/** One entry of the list, in a person's words. */
export interface EntryWords {
  readonly who: string;
  readonly what: string;
  /** Empty: none can be counted. */
  readonly entries: string;
  readonly outcome: string;
  readonly refused: boolean;
}

/** Tells entries of a record to the person who looks. */
export function entryTeller(
  { types }: Pick<AccountDeps, 'types'>,
  { frame, session }: Pick<Place, 'frame' | 'session'>,
): (entry: LoggedRead) => EntryWords {
  const words = wordsIn(frame.language);
  const { reads: w } = words.account;
  const labels = kindLabels(words);
  return (entry) => {
    const { outcome, resources } = entry;
    const refused = outcome === 'failure';
    return {
      who: readerOf(entry, session.accountId, w),
      what: whatOf(entry, labels, types.aliases, w),
      entries: resources === undefined || refused ? '' : String(resources),
      outcome: refused ? w.refused : w.allowed,
      refused,
    };
  };
}

type ReadWords = Words['account']['reads'];

/** A person by name, in the app that they used: of one's own apps the app alone. */
function readerOf(entry: LoggedRead, me: string, w: ReadWords): string {
  const { accountId, clientId, personKind } = entry;
  const person = plain(entry.person ?? w.someone, 120);
  if (clientId === undefined) return accountId === me ? w.you : person;
  const app = plain(entry.app ?? w.unknownApp, 120);
  if (accountId === undefined) return w.service(app);
  if (accountId === me) return app;
  return personKind === 'staff' ? w.staffIn(person, app) : w.byPerson(app, person);
}

function whatOf(
  { kind, type, detail }: LoggedRead,
  labels: ReadonlyMap<string, string>,
  aliases: Readonly<Record<string, string>>,
  w: ReadWords,
): string {
  if (kind === 'record-view') return w.views[String(detail['view'])] ?? w.otherView;
  if (kind === 'document') return w.document;
  if (kind === 'export') return w.export;
  if (type === 'Group') return w.group;
  return labels.get(aliases[type ?? ''] ?? type ?? '') ?? w.unknownKind;
}
