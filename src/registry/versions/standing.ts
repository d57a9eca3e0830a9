import type { Executor } from '../../database/index.ts';
import type { ClientId, Clock } from '../../kernel/index.ts';
import { lockApp } from '../app.ts';
import type { AppState } from '../lifecycle.ts';
import { type ReviewedField, waitingFields } from './matters.ts';
import { findVersions } from './store.ts';
import { isOpen } from './version.ts';

/** How far the review of an app is, for the app itself. */
export interface Standing {
  readonly state: AppState;
  /** undefined: nothing waits. */
  readonly waiting:
    | {
        readonly version: number;
        readonly since: Date;
        /** In which it differs from what works; none: nothing was approved yet. */
        readonly fields: readonly ReviewedField[];
        /** Asked by an administrator, and not answered by another version. */
        readonly question: string | undefined;
      }
    | undefined;
  /** Why the newest version was refused; undefined: it was not. */
  readonly refused: string | undefined;
}

export async function standingOf(tx: Executor, clock: Clock, clientId: ClientId): Promise<Standing> {
  const app = await lockApp(tx, clock, clientId);
  const versions = await findVersions(tx, clientId);
  const open = versions.find(({ state }) => isOpen(state));
  const [newest] = versions;
  const waiting =
    open === undefined
      ? undefined
      : {
          version: open.version,
          since: open.submittedAt,
          fields: waitingFields(app, open.terms),
          question: open.askedAt === undefined ? undefined : open.question,
        };
  return { state: app.state, waiting, refused: newest?.state === 'rejected' ? newest.reason : undefined };
}
