import type { Executor } from '../../database/index.ts';
import type { ClientId, Clock } from '../../kernel/index.ts';
import { lockApp } from '../app.ts';
import type { AppState } from '../lifecycle.ts';
import { fieldsNeedingReview, type ReviewedField } from './reviewed-fields.ts';
import { isPending } from './version.ts';
import { findVersions } from './version-store.ts';

/** The review status of an app, for the app itself (RFC 7592). */
export interface AppReviewStatus {
  readonly state: AppState;
  /** The pending version; undefined if there is none. */
  readonly waiting:
    | {
        readonly version: number;
        readonly since: Date;
        /** Fields that differ from the terms in effect. Empty if nothing was approved yet. */
        readonly fields: readonly ReviewedField[];
        /** An administrator's question that no new version has answered. */
        readonly question: string | undefined;
      }
    | undefined;
  /** Reason why the newest version was rejected; undefined if it wasn't. */
  readonly refused: string | undefined;
}

export async function readReviewStatus(tx: Executor, clock: Clock, clientId: ClientId): Promise<AppReviewStatus> {
  const app = await lockApp(tx, clock, clientId);
  const versions = await findVersions(tx, clientId);
  const open = versions.find(({ state }) => isPending(state));
  const [newest] = versions;
  const waiting =
    open === undefined
      ? undefined
      : {
          version: open.version,
          since: open.submittedAt,
          fields: fieldsNeedingReview(app, open.terms),
          question: open.askedAt === undefined ? undefined : open.question,
        };
  return { state: app.state, waiting, refused: newest?.state === 'rejected' ? newest.reason : undefined };
}
