import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { printScopes, type Scope } from '../../access/index.ts';
import { Problem, sha256 } from '../../kernel/index.ts';
import { durationsFor, expiryOf } from '../consent/durations.ts';
import { applyDecision, asksSupporting, consentGroups, offlineBox } from '../consent/lines.ts';
import { findLastChoice } from '../consent/store.ts';
import { type Parameters, readParameters } from '../parameters.ts';
import type { Client, OAuthPages, Records, ShareableRecord, Visitor, Visitors } from '../ports.ts';
import { isFresh, wantsNobody, whenAsked } from './freshness.ts';
import { type GrantingDeps, giveCode } from './give-code.ts';
import { type AuthorizationRequest, checkRequest, type PipelineDeps } from './pipeline.ts';
import { answerAddress, errorAddress, RedirectableProblem } from './redirect.ts';
import { asksPatient, practicesAsked, requirePerson, selectable } from './whose-record.ts';

export interface AuthorizeDeps extends GrantingDeps, Omit<PipelineDeps, 'db' | 'clock'> {
  readonly visitors: Visitors;
  readonly records: Records;
  readonly pages: OAuthPages;
}

/** A request with the person who is to answer it. */
interface Asking {
  readonly asked: AuthorizationRequest;
  readonly visitor: Visitor;
}

/**
 * The authorization endpoint. Nothing is kept between its pages: each carries the request as it came, and each step
 * checks the whole of it again. So the back button, two tabs and a restart are no special cases.
 */
export function authorizeRoutes(app: FastifyInstance, deps: AuthorizeDeps): void {
  app.get('/authorize', (request, reply) =>
    orRedirect(request, reply, async () => {
      const asking = await whoAnswers(request, reply, readParameters(request.query));
      if (asking === undefined) return reply;
      const records = await selectable(deps.records, asking.asked, asking.visitor, '');
      if (records.kind !== 'choice') return showConsent(request, reply, asking, records.record);
      return showChoice(request, reply, asking, { words: '', records: records.records });
    }),
  );

  /** SMART `authorize-post`. A post from another site carries no cookies of ours; the redirect to ourselves does. */
  app.post('/authorize', (request, reply) =>
    orRedirect(request, reply, async () => {
      const { carried } = await checkRequest(readParameters(request.query, request.body), deps, request.id);
      return reply.redirect(ownAddress(carried), 303);
    }),
  );

  /** Which of several records; a member of staff may look for others first. */
  app.post('/authorize/record', (request, reply) =>
    orRedirect(request, reply, async () => {
      const form = readForm(request);
      const asking = await whoAnswers(request, reply, form.request);
      if (asking === undefined) return reply;
      if (form.values['decision'] === 'deny') return refuse(request, asking);
      const words = form.values['words'] ?? '';
      const records = await selectable(deps.records, asking.asked, asking.visitor, words);
      if (records.kind !== 'choice') return showConsent(request, reply, asking, records.record);
      const key = form.values['find'] === 'yes' ? undefined : form.values['record'];
      const record = await chosen(asking, records.records, key);
      if (record !== undefined) return showConsent(request, reply, asking, record, { chosen: true });
      const fault = form.values['find'] === 'yes' ? undefined : 'Choose whose record it is about.';
      return showChoice(request, reply, asking, { words, records: records.records, fault });
    }),
  );

  app.post('/authorize/decision', (request, reply) => orRedirect(request, reply, () => decide(request, reply)));

  /** The request, checked, and who is signed in and right to answer it; undefined: they were sent to sign in. */
  async function whoAnswers(
    request: FastifyRequest,
    reply: FastifyReply,
    read: ReturnType<typeof readParameters>,
  ): Promise<Asking | undefined> {
    const asked = await checkRequest(read, deps, request.id);
    const visitor = await deps.visitors.current(request);
    const fresh = visitor !== undefined && isFresh(asked.parameters, asked.carried, visitor, deps.clock.now());
    if (wantsNobody(asked.parameters)) {
      const [code, message] = fresh ? PERSON_NEEDED : NOBODY_THERE;
      throw refusal(asked, code, message);
    }
    if (fresh) {
      requirePerson(asked, visitor);
      return { asked, visitor };
    }
    await reply.redirect(signInAddress(asked), 303);
    return undefined;
  }

  async function showChoice(
    request: FastifyRequest,
    reply: FastifyReply,
    { asked, visitor }: Asking,
    found: { words: string; records: readonly ShareableRecord[]; fault?: string | undefined },
  ): Promise<FastifyReply> {
    const { words, records, fault } = found;
    if (asked.client.kind === 'staff') await keepListing(request, visitor, asked.client, records.length);
    const page = deps.pages.recordChoice({
      appName: asked.client.name,
      personName: visitor.displayName,
      records,
      ...(asked.client.kind === 'staff' ? { search: { words } } : {}),
      ...(fault === undefined ? {} : { fault }),
      csrf: deps.visitors.csrf(request, reply),
      request: new URLSearchParams(asked.carried).toString(),
      choicePath: `${deps.addresses.authorizePath}/record`,
      switchAccountPath: signInAddress(asked),
    });
    return reply
      .code(fault === undefined ? 200 : 400)
      .type(HTML)
      .send(page);
  }

  /** Names and dates of birth were shown: whose, is told by what the member of staff may open. */
  const keepListing = (request: FastifyRequest, { accountId }: Visitor, { clientId }: Client, patients: number) =>
    deps.audit.record({
      kind: 'launch',
      outcome: 'success',
      requestId: request.id,
      accountId,
      clientId,
      detail: { action: 'list', patients },
    });

  async function showConsent(
    request: FastifyRequest,
    reply: FastifyReply,
    { asked, visitor }: Asking,
    record: ShareableRecord | undefined,
    { chosen = false, changed = false } = {},
  ): Promise<FastifyReply> {
    const { client, scopes, guide } = asked;
    const { accountId } = visitor;
    const staff = client.kind === 'staff';
    const last =
      staff || record === undefined
        ? FIRST
        : await findLastChoice(deps.db, deps.clock.now(), {
            accountId,
            clientId: client.clientId,
            recordId: record.recordId,
          });
    const offline = offlineBox(scopes, guide);
    const page = deps.pages.consent({
      appName: client.name,
      appAddress: addressee(asked.redirect),
      provisional: client.state === 'provisional',
      personName: visitor.displayName,
      asked: staff ? 'staff' : 'patient',
      record,
      chosen,
      changed,
      offered: digestOf(scopes),
      hasAccess: last.hasAccess,
      groups: consentGroups(scopes, last.unticked, deps.types),
      supporting: asksSupporting(scopes, deps.types),
      practices: await practicesAsked(deps.records, asked, visitor),
      ...(offline === undefined ? {} : { offline }),
      durations: staff ? [] : durationsFor(),
      csrf: deps.visitors.csrf(request, reply),
      request: new URLSearchParams(asked.carried).toString(),
      decisionPath: `${deps.addresses.authorizePath}/decision`,
      switchAccountPath: signInAddress(asked),
    });
    return reply.type(HTML).send(page);
  }

  async function decide(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const form = readForm(request);
    const asking = await whoAnswers(request, reply, form.request);
    if (asking === undefined) return reply;
    const { asked, visitor } = asking;
    if (form.values['decision'] !== 'allow') return refuse(request, asking);
    const record = await recordOfForm(asking, form.values['record']);
    if (form.values['offered'] !== digestOf(asked.scopes)) {
      return showConsent(request, reply, asking, record, { changed: true });
    }
    const staff = asked.client.kind === 'staff';
    const offline = form.values['offline'] === 'yes';
    const allowed = staff ? everyKey(asked) : form.allowed;
    const consented = applyDecision(asked.scopes, { allowed, offline }, deps.types);
    if (consented === undefined) return refuse(request, asking, record);
    const ends = staff ? null : expiryOf(form.values['duration'] ?? '', deps.clock.now());
    const leftOut = offlineBox(asked.scopes, asked.guide) === undefined || offline ? [] : ['offline_access'];
    const earlierToo = !staff && form.values['earlier'] === 'yes';
    const taken = earlierToo ? [...consented.denied, ...leftOut] : undefined;
    const code = await giveCode(deps, request.id, { asked, visitor, record, consented, ends, taken });
    return reply.redirect(answerAddress(asked.redirect, answerOf(asked, code)), 303);
  }

  /** Staff allow an app as a whole. */
  const everyKey = (asked: AuthorizationRequest): readonly string[] =>
    consentGroups(asked.scopes, [], deps.types).flatMap(({ lines }) => lines.map(({ key }) => key));

  /** The record that the page named, and no other: what can be chosen may have changed since. */
  async function recordOfForm(asking: Asking, key: string | undefined): Promise<ShareableRecord | undefined> {
    const { asked, visitor } = asking;
    const records = await selectable(deps.records, asked, visitor, '');
    const record = records.kind === 'choice' ? await chosen(asking, records.records, key) : records.record;
    if (record?.key === key && (record !== undefined || records.kind === 'settled')) return record;
    throw new Problem('bad-request', {
      status: 400,
      message: 'The record that this page was about can’t be shared any more. Go back to the app and begin again.',
    });
  }

  /** The record with this key, of those on the page or, for staff, of all they may open. */
  async function chosen(
    { asked, visitor }: Asking,
    records: readonly ShareableRecord[],
    key: string | undefined,
  ): Promise<ShareableRecord | undefined> {
    if (key === undefined) return undefined;
    const shown = records.find((record) => record.key === key);
    if (shown !== undefined || asked.client.kind !== 'staff') return shown;
    const found = await deps.records.ofStaffByKey(visitor.accountId, key);
    return found !== undefined && asksPatient(asked, found) ? found : undefined;
  }

  async function refuse(request: FastifyRequest, { asked, visitor }: Asking, record?: ShareableRecord): Promise<never> {
    await deps.audit.record({
      kind: 'consent',
      outcome: 'failure',
      requestId: request.id,
      accountId: visitor.accountId,
      clientId: asked.client.clientId,
      recordId: record?.recordId,
    });
    throw refusal(
      asked,
      'access_denied',
      `The ${asked.client.kind === 'staff' ? 'user' : 'patient'} did not allow it.`,
    );
  }

  async function orRedirect(
    request: FastifyRequest,
    reply: FastifyReply,
    work: () => Promise<FastifyReply>,
  ): Promise<FastifyReply> {
    reply.header('cache-control', 'no-store');
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RedirectableProblem)) throw error;
      const client = await logRefusal(request, error);
      await requireTrust(request, client, error);
      return reply.redirect(errorAddress(error, deps.addresses.issuer), 303);
    }
  }

  /**
   * RFC 9700 §4.11.2: an app that registered itself could be anybody. Nobody is sent to it without having signed in, but
   * where it asks for an answer without a person.
   */
  async function requireTrust(
    request: FastifyRequest,
    client: Client | undefined,
    { code, message }: RedirectableProblem,
  ): Promise<void> {
    if (client?.registrationHash === undefined || code === 'login_required') return;
    if ((await deps.visitors.current(request)) !== undefined) return;
    throw new Problem('bad-request', {
      status: 400,
      message: `The app "${client.name}" asked for what can’t be done, and nothing was shared with it. ${message}`,
    });
  }

  /** That a person denied is an answer, and no fault of the app. */
  async function logRefusal(
    request: FastifyRequest,
    { code: error, message: cause }: RedirectableProblem,
  ): Promise<Client | undefined> {
    const { values } = readParameters(request.query, request.body, readForm(request, false).request.values);
    const client = values['client_id'] === undefined ? undefined : await deps.clients.find(values['client_id']);
    if (client !== undefined) {
      deps.log.refused({ clientId: client.clientId, endpoint: 'authorize', error, cause, requestId: request.id });
    }
    return client;
  }

  /** A form of ours. The ticked lines are the one field that it may repeat. */
  function readForm(request: FastifyRequest, ours = true) {
    const { values } = readParameters(request.body);
    if (ours) deps.visitors.requireCsrf(request, values['csrf']);
    const given = (request.body as { allow?: unknown } | null | undefined)?.allow ?? [];
    const allowed = (Array.isArray(given) ? given : [given]).filter((key) => typeof key === 'string');
    const read = readParameters(Object.fromEntries(new URLSearchParams(values['request'])));
    return { values, allowed, request: read };
  }

  const ownAddress = (parameters: Parameters): string =>
    `${deps.addresses.authorizePath}?${new URLSearchParams(parameters)}`;

  const signInAddress = ({ parameters, carried }: AuthorizationRequest): string =>
    `/sign-in?${new URLSearchParams({ return_to: ownAddress(whenAsked(parameters, carried, deps.clock.now())) })}`;

  const answerOf = (asked: AuthorizationRequest, code: string): Parameters => ({
    code,
    ...(asked.state === undefined ? {} : { state: asked.state }),
    iss: deps.addresses.issuer,
  });
}

const HTML = 'text/html; charset=utf-8';

const FIRST = { unticked: [], hasAccess: false } as const;

/** What a page offers to share: whatever an app or its registration says later, nothing else is shared by it. */
const digestOf = (scopes: readonly Scope[]): string => sha256(printScopes(scopes)).toString('base64url');

/** OpenID Connect Core §3.1.2.6: consent is asked for at every authorize, so nothing goes without a person. */
const PERSON_NEEDED = ['interaction_required', 'A person is asked at every authorize. Leave prompt=none out.'] as const;
const NOBODY_THERE = ['login_required', 'Nobody is signed in. Leave prompt=none out.'] as const;

const refusal = (
  { redirect, state }: AuthorizationRequest,
  code: RedirectableProblem['code'],
  message: string,
): RedirectableProblem => new RedirectableProblem(redirect, state, code, message);

/** Where a redirect leads, as a person can judge it. */
function addressee(redirect: string): string {
  const url = new URL(redirect);
  return url.host === '' ? url.protocol.replace(':', '') : url.host;
}
