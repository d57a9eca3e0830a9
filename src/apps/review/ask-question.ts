import type { Executor } from '../../database/index.ts';
import type { App } from '../../domain/index.ts';
import { conflictProblem, Problem } from '../../kernel/index.ts';
import { appRegistrant } from '../app.ts';
import { appendAppEvent } from '../app-events.ts';
import type { AppVersion } from '../versions/version.ts';
import { updateVersion } from '../versions/version-store.ts';
import { lockPendingVersion, type ReviewDeps, type VersionDecision } from './lock-version.ts';

/**
 * Asks the developer a question about the pending version of an app. The review deadline keeps
 * running. A new question replaces an unanswered one.
 */
export async function askDeveloper(
  tx: Executor,
  deps: ReviewDeps,
  deciding: VersionDecision,
  text: string,
): Promise<{ readonly app: App; readonly version: AppVersion }> {
  const question = text.toWellFormed().trim();
  if (question === '') {
    const fieldErrors = [{ field: 'question', message: 'Enter the question.' }];
    throw new Problem('fields-invalid', { status: 400, message: 'The question is missing.', fieldErrors });
  }
  const { app, open } = await lockPendingVersion(tx, deps.clock, deciding);
  if (!canAskDeveloper(app)) {
    throw conflictProblem(
      'An operator registered this app at the command line, so no developer can read the question.',
    );
  }
  const version = { ...open, question, askedAt: deps.clock.now() };
  await updateVersion(tx, version);
  const { clientId } = app;
  const { by: accountId } = deciding;
  const event = { clientId, bySide: 'operator', accountId, version: open.version, detail: { question } } as const;
  await appendAppEvent(tx, deps, { ...event, kind: 'asked' });
  return { app, version };
}

/**
 * Returns whether a question about an app has a recipient: its developers, or the app itself, which
 * reads its registration (RFC 7592 §2.1). No one receives a question about an app that an operator
 * registered or that comes with the server.
 */
export const canAskDeveloper = (app: App): boolean => ['developer', 'itself'].includes(appRegistrant(app));
