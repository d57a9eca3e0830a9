import { changeAppState, endSecrets, findPendingVersion, updateVersion, withdrawVersion } from '../../apps/index.ts';
import { conflictProblem } from '../../kernel/index.ts';
import { AppResponse, DeveloperReply, ERROR_RESPONSES, type PortalApi } from '../../portal-api/index.ts';
import type { SpaceRouteDeps } from '../deps.ts';
import { changeApp } from './change-app.ts';
import { assertNoIssues, isPlainText } from './check-draft.ts';
import { appRouteSchema } from './params.ts';

const response = { 200: AppResponse, ...ERROR_RESPONSES };
const NOT_PLAIN_TEXT = {
  field: 'text',
  code: 'not-plain',
  message: 'The answer can contain only visible characters.',
} as const;

/** Adds the routes with which a developer answers a review, withdraws a version or retires an app. */
export function lifecycleRoutes(api: PortalApi, deps: SpaceRouteDeps): void {
  const withdraw = { ...appRouteSchema('Withdraw the pending version'), response };
  api.post('/developer/apps/:clientId/withdraw', { schema: withdraw }, async (request) => {
    const changeRequest = { clientId: request.params.clientId, role: 'developer' } as const;
    const { app } = await changeApp(deps, request, changeRequest, async ({ tx, app: { clientId }, by }) => {
      if (await withdrawVersion(tx, deps, clientId, by)) return;
      throw conflictProblem('No version is pending. It may have been decided in the meantime. Reload the page.');
    });
    return app;
  });

  const answer = { ...appRouteSchema('Answer a question from an administrator'), body: DeveloperReply, response };
  api.post('/developer/apps/:clientId/answer', { schema: answer }, async (request) => {
    const changeRequest = { clientId: request.params.clientId, role: 'developer' } as const;
    const text = request.body.text.trim();
    const { app } = await changeApp(deps, request, changeRequest, async ({ tx, app: { clientId }, record }) => {
      const open = await findPendingVersion(tx, clientId);
      if (open?.askedAt === undefined) {
        throw conflictProblem(
          'No question is open. It may have been answered or the version decided in the meantime. Reload the page.',
        );
      }
      if (!isPlainText(text)) assertNoIssues([NOT_PLAIN_TEXT]);
      await updateVersion(tx, { ...open, askedAt: undefined });
      await record('answered', { answer: text }, open.version);
    });
    return app;
  });

  const retire = { ...appRouteSchema('Retire an app permanently. All its tokens, secrets and keys end'), response };
  api.post('/developer/apps/:clientId/retire', { schema: retire }, async (request) => {
    const changeRequest = { clientId: request.params.clientId, role: 'administrator', proof: true } as const;
    const { app } = await changeApp(deps, request, changeRequest, async ({ tx, app: { clientId }, by, record }) => {
      await withdrawVersion(tx, deps, clientId, by);
      await changeAppState(tx, deps.clock, clientId, 'retired');
      await endSecrets(tx, clientId);
      await record('retired');
    });
    return app;
  });
}
