import { setRequestLimit } from '../../apps/index.ts';
import { ERROR_RESPONSES, type PortalApi, RequestLimitBody, RequestLimitResponse } from '../../portal-api/index.ts';
import { requireReviewedApp } from './app-review.ts';
import type { ReviewRouteDeps } from './deps.ts';
import { params, tags } from './read-routes.ts';
import { requireDecider } from './review-space.ts';

/** Adds the route with which an administrator sets the rate limit of an app. It requires a recent authentication. */
export function requestLimitRoutes(api: PortalApi, deps: ReviewRouteDeps): void {
  const schema = {
    tags,
    summary: 'Set how many FHIR requests an app may send per minute',
    params,
    body: RequestLimitBody,
    response: { 200: RequestLimitResponse, ...ERROR_RESPONSES },
  };
  api.post('/review/apps/:clientId/request-limit', { schema }, async (request) => {
    const { session, deps: allowed } = await requireDecider(deps, request);
    const { accountId } = session;
    const { perMinute } = request.body;
    await allowed.db.transaction(async (tx) => {
      const { clientId } = await requireReviewedApp({ db: tx, clock: deps.clock }, request.params.clientId);
      const before = await setRequestLimit(tx, deps.clock, clientId, perMinute ?? undefined);
      const event = { kind: 'review', outcome: 'success', requestId: request.id, accountId, clientId } as const;
      const detail = { action: 'limited', from: before.requestsPerMinute ?? null, to: perMinute };
      await allowed.audit.appendInTransaction(tx, { ...event, detail });
    });
    return { perMinute, default: deps.fhirRequestsPerMinute };
  });
}
