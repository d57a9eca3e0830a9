import { type Executor, statement } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import type { ReviewDeps } from './lock-version.ts';

/** A note about an app that only administrators see. The app's developer never sees it. */
export interface ReviewNote {
  readonly noteId: string;
  readonly at: Date;
  readonly who: string;
  readonly content: string;
}

const insert = statement(
  'registry.review-note.insert',
  {},
  'insert into review_note (client_id, note_id, at, account_id, content) values ($1, $2, $3, $4, $5)',
);
const list = statement(
  'registry.review-note.list',
  { note_id: 'uuid', at: 'timestamptz', who: 'text?', content: 'text' },
  `select n.note_id, n.at, a.display_name as who, n.content
   from review_note n left join account a on a.account_id = n.account_id
   where n.client_id = $1 order by n.at desc, n.note_id`,
);

/** Adds an administrator's note about an app. The app's developer never sees it. */
export async function addReviewNote(
  tx: Executor,
  { clock, random }: ReviewDeps,
  note: { readonly clientId: string; readonly accountId: AccountId; readonly content: string },
): Promise<void> {
  await tx.query(insert, [note.clientId, random.uuid(), clock.now(), note.accountId, note.content.trim()]);
}

/** Returns the internal notes about an app, newest first. */
export async function listReviewNotes(db: Executor, clientId: string): Promise<readonly ReviewNote[]> {
  const rows = await db.query(list, [clientId]);
  return rows.map((row) => ({ noteId: row.note_id, at: row.at, who: row.who ?? '', content: row.content }));
}
