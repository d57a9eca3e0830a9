import type { Executor } from '../../database/index.ts';
import type { AppReviewStatus } from '../../domain/index.ts';
import type { ClientId, Clock } from '../../kernel/index.ts';
import { lockApp } from '../app.ts';
import { fieldsNeedingReview } from './reviewed-fields.ts';
import { isPending } from './version.ts';
import { findVersions } from './version-store.ts';

export async function readReviewStatus(tx: Executor, clock: Clock, clientId: ClientId): Promise<AppReviewStatus> {
  const app = await lockApp(tx, clock, clientId);
  const versions = await findVersions(tx, clientId);
  const open = versions.find(({ state }) => isPending(state));
  const [newest] = versions;
  const pending =
    open === undefined
      ? undefined
      : {
          version: open.version,
          since: open.submittedAt,
          fields: fieldsNeedingReview(app, open.terms),
          question: open.askedAt === undefined ? undefined : open.question,
        };
  return { state: app.state, pending, rejection: newest?.state === 'rejected' ? newest.reason : undefined };
}
