import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasNamed, printScopes } from '../../access/index.ts';
import type { Database } from '../../database/index.ts';
import { type Clock, later, Problem, type Random, seconds } from '../../kernel/index.ts';
import { applyDecision, asksSupporting, consentLines, type Decision, offlineBox } from '../consent/lines.ts';
import { keepConsent, lastDenied } from '../consent/store.ts';
import { LIFETIMES, refreshSeconds } from '../lifetimes.ts';
import { type Parameters, readParameters } from '../parameters.ts';
import type { OAuthAudit, OAuthPages, Records, ShareableRecord, Visitor, Visitors } from '../ports.ts';
import { insertCodeAndFamily } from '../token/store.ts';
import { mintToken, newFamilyId } from '../token/token-text.ts';
import { type AuthorizationRequest, checkRequest, type PipelineDeps } from './pipeline.ts';
import { answerAddress, errorAddress, RedirectableProblem } from './redirect.ts';

export interface AuthorizeDeps extends PipelineDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: OAuthAudit;
  readonly visitors: Visitors;
  readonly records: Records;
  readonly pages: OAuthPages;
}

/**
 * The authorization endpoint. Nothing is kept between its pages: each carries the request as it came, and each step
 * checks the whole of it again. So the back button, two tabs and a restart are no special cases.
 */
export function authorizeRoutes(app: FastifyInstance, deps: AuthorizeDeps): void {
  app.get('/authorize', (request, reply) => orRedirect(reply, () => askPerson(request, reply)));

  /** SMART `authorize-post`. A post from another site carries no cookies of ours; the redirect to ourselves does. */
  app.post('/authorize', (request, reply) =>
    orRedirect(reply, async () => {
      const { parameters } = await checkRequest(readParameters(request.query, request.body), deps);
      return reply.redirect(ownAddress(parameters), 303);
    }),
  );

  app.post('/authorize/decision', (request, reply) => orRedirect(reply, () => decide(request, reply)));

  async function askPerson(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const asked = await checkRequest(readParameters(request.query), deps);
    const visitor = await deps.visitors.current(request);
    if (visitor === undefined) return reply.redirect(signInAddress(asked), 303);
    const records = await recordsFor(asked, visitor);
    return reply.type('text/html; charset=utf-8').send(await consentPage(request, reply, { asked, visitor, records }));
  }

  async function consentPage(
    request: FastifyRequest,
    reply: FastifyReply,
    {
      asked,
      visitor,
      records,
    }: { asked: AuthorizationRequest; visitor: Visitor; records: readonly [ShareableRecord, ...ShareableRecord[]] },
  ): Promise<string> {
    const { client, scopes, guide } = asked;
    const { recordId } = records[0];
    const denied = await lastDenied(deps.db, { accountId: visitor.accountId, clientId: client.clientId, recordId });
    const offline = offlineBox(scopes, guide);
    return deps.pages.consent({
      appName: client.name,
      appAddress: addressee(asked.redirect),
      provisional: client.state === 'provisional',
      personName: visitor.displayName,
      records,
      lines: consentLines(scopes, denied, deps.types),
      supporting: asksSupporting(scopes, deps.types),
      ...(offline === undefined ? {} : { offline }),
      csrf: deps.visitors.csrf(request, reply),
      request: new URLSearchParams(asked.parameters).toString(),
      decisionPath: `${deps.addresses.authorizePath}/decision`,
      switchAccountPath: signInAddress(asked),
    });
  }

  async function decide(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const form = readParameters(request.body);
    const { types } = readTicked(request.body);
    deps.visitors.requireCsrf(request, form.values['csrf']);
    const asked = await checkRequest(
      readParameters(Object.fromEntries(new URLSearchParams(form.values['request']))),
      deps,
    );
    const visitor = await deps.visitors.current(request);
    if (visitor === undefined) return reply.redirect(signInAddress(asked), 303);
    const records = await recordsFor(asked, visitor);
    if (form.values['decision'] !== 'allow') return refuse(request, asked, visitor);
    const record = chosen(records, form.values['record']);
    const decision = { allowed: types, offline: form.values['offline'] === 'yes' };
    const consented = applyDecision(asked.scopes, decision, deps.types);
    if (consented === undefined) return refuse(request, asked, visitor, record);
    const code = await grant(request, { asked, visitor, record }, consented);
    return reply.redirect(answerAddress(asked.redirect, answerOf(asked, code)), 303);
  }

  async function refuse(
    request: FastifyRequest,
    asked: AuthorizationRequest,
    visitor: Visitor,
    record?: ShareableRecord,
  ): Promise<never> {
    await deps.audit.record({
      kind: 'consent',
      outcome: 'failure',
      requestId: request.id,
      accountId: visitor.accountId,
      clientId: asked.client.clientId,
      recordId: record?.recordId,
    });
    throw new RedirectableProblem(asked.redirect, asked.state, 'access_denied', 'The patient did not allow it.');
  }

  /** Grant, family, code and audit: one transaction. */
  async function grant(
    request: FastifyRequest,
    { asked, visitor, record }: Deciding,
    { scopes, shown, denied }: NonNullable<ReturnType<typeof applyDecision>>,
  ): Promise<string> {
    const now = deps.clock.now();
    const code = mintToken(deps.random, newFamilyId(deps.random));
    const key = { accountId: visitor.accountId, clientId: asked.client.clientId, recordId: record.recordId };
    const online = !hasNamed(scopes, 'offline_access') && hasNamed(scopes, 'online_access') && !asked.guide;
    await deps.db.transaction(async (tx) => {
      const grantId = await keepConsent(tx, key, { grantId: deps.random.uuid(), shown, denied, now });
      await insertCodeAndFamily(tx, now, {
        code,
        expires: later(now, seconds(LIFETIMES.code)),
        grantId,
        scope: printScopes(scopes),
        refreshSeconds: refreshSeconds(scopes, asked.guide),
        sessionId: online ? visitor.sessionId : null,
        redirectUri: asked.redirect,
        challenge: asked.challenge ?? null,
        nonce: asked.nonce ?? null,
      });
      const detail = { scope: printScopes(scopes), denied };
      await deps.audit.recordWithin(tx, {
        kind: 'consent',
        outcome: 'success',
        requestId: request.id,
        ...key,
        grantId,
        detail,
      });
    });
    return code.text;
  }

  /** The records this app may be offered: a provisional app reaches sandbox practices only. */
  async function recordsFor(
    asked: AuthorizationRequest,
    visitor: Visitor,
  ): Promise<readonly [ShareableRecord, ...ShareableRecord[]]> {
    const held = await deps.records.ofAccount(visitor.accountId);
    const [first, ...others] = held.filter(
      (record) => asked.client.state === 'active' || record.practiceKind === 'sandbox',
    );
    if (first !== undefined) return [first, ...others];
    const message =
      held.length === 0
        ? 'This account has no record to share.'
        : 'This app is provisional: until it is approved it can reach sandbox patients only.';
    throw new RedirectableProblem(asked.redirect, asked.state, 'access_denied', message);
  }

  async function orRedirect(reply: FastifyReply, work: () => Promise<FastifyReply>): Promise<FastifyReply> {
    reply.header('cache-control', 'no-store');
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RedirectableProblem)) throw error;
      return reply.redirect(errorAddress(error, deps.addresses.issuer), 303);
    }
  }

  const ownAddress = (parameters: Parameters): string =>
    `${deps.addresses.authorizePath}?${new URLSearchParams(parameters)}`;

  const signInAddress = (asked: AuthorizationRequest): string =>
    `/sign-in?${new URLSearchParams({ return_to: ownAddress(asked.parameters) })}`;

  const answerOf = (asked: AuthorizationRequest, code: string): Parameters => ({
    code,
    ...(asked.state === undefined ? {} : { state: asked.state }),
    iss: deps.addresses.issuer,
  });
}

interface Deciding {
  readonly asked: AuthorizationRequest;
  readonly visitor: Visitor;
  readonly record: ShareableRecord;
}

/** The ticked lines: the one field that a form may repeat. */
function readTicked(body: unknown): { types: Decision['allowed'] } {
  const given = (body as { allow?: unknown } | undefined)?.allow ?? [];
  return { types: (Array.isArray(given) ? given : [given]).filter((type) => typeof type === 'string') };
}

function chosen(records: readonly [ShareableRecord, ...ShareableRecord[]], key: string | undefined): ShareableRecord {
  if (records.length === 1) return records[0];
  const record = records.find((candidate) => candidate.key === key);
  if (record !== undefined) return record;
  throw new Problem('bad-request', { status: 400, message: 'Choose whose record to share, then allow again.' });
}

/** Where a redirect leads, as a person can judge it. */
function addressee(redirect: string): string {
  const url = new URL(redirect);
  return url.host === '' ? url.protocol.replace(':', '') : url.host;
}
