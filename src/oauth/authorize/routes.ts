import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { plainLine } from '../../kernel/index.ts';
import { type Frame, type Framing, honourLocales, languageOf, wordsIn } from '../../words/index.ts';
import { type Parameters, type ReadParameters, readParameters } from '../parameters.ts';
import type { Client, OAuthPages, ShareableRecord, Visitor, Visitors } from '../ports.ts';
import { shownName } from './asking-app.ts';
import { type Asking, type ConsentingDeps, digestOf, pageOf } from './consent-page.ts';
import { decided } from './decided.ts';
import { isFresh, wantsNobody, whenAsked } from './freshness.ts';
import { type GrantingDeps, giveCode } from './give-code.ts';
import { PersonProblem, told } from './person-problem.ts';
import { type AuthorizationRequest, checkRequest, type PipelineDeps } from './pipeline.ts';
import { answerAddress, errorAddress, RedirectableProblem } from './redirect.ts';
import { asksPatient, LONGEST_NAME, requirePerson, selectable } from './whose-record.ts';

export interface AuthorizeDeps extends GrantingDeps, Omit<ConsentingDeps, 'db'>, Omit<PipelineDeps, 'db'> {
  readonly visitors: Visitors;
  readonly pages: OAuthPages;
  readonly framing: Framing;
  /** RFC 9207 §2: the `iss` of redirects to apps; undefined: they carry none. docs/decisions/041 */
  readonly responseIssuer: string | undefined;
}

/**
 * The authorization endpoint. Nothing is kept between its pages: each carries the request as it came, and each step
 * checks the whole of it again. So the back button, two tabs and a restart are no special cases.
 */
export function authorizeRoutes(app: FastifyInstance, deps: AuthorizeDeps): void {
  app.get('/authorize', (request, reply) =>
    orRedirect(request, reply, async () => {
      const asking = await whoAnswers(request, reply, readParameters(request.query), true);
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
      const fault = form.values['find'] === 'yes' ? undefined : choiceFault(request, asking.asked);
      return showChoice(request, reply, asking, { words, records: records.records, fault });
    }),
  );

  app.post('/authorize/decision', (request, reply) => orRedirect(request, reply, () => decide(request, reply)));

  /** The request, checked, and who is signed in and right to answer it; undefined: they were sent to sign in. */
  async function whoAnswers(
    request: FastifyRequest,
    reply: FastifyReply,
    read: ReadParameters,
    comes = false,
  ): Promise<Asking | undefined> {
    const asked = await checkRequest(read, deps, request.id);
    if (comes) reached(asked, 'opened');
    if (asked.pushed !== undefined) honourLocales(request.headers, asked.parameters['ui_locales'] ?? '');
    const visitor = await deps.visitors.current(request);
    const fresh = visitor !== undefined && isFresh(asked.parameters, asked.carried, visitor, deps.clock.now());
    if (wantsNobody(asked.parameters)) {
      const [code, message] = fresh ? PERSON_NEEDED : NOBODY_THERE;
      throw refusal(asked, code, message);
    }
    if (fresh && visitor.kind === 'developer') {
      await sayNoRecord(request, reply, asked, visitor);
      return undefined;
    }
    if (fresh) {
      requirePerson(asked, visitor);
      if (comes) reached(asked, 'signed-in');
      return { asked, visitor: { ...visitor, displayName: plainLine(visitor.displayName, LONGEST_NAME) } };
    }
    await reply.redirect(signInAddress(asked, stepBefore(asked) ?? 'opened'), 303);
    return undefined;
  }

  /** Whoever makes apps tries them in the same browser: they are helped to be somebody else. */
  async function sayNoRecord(
    request: FastifyRequest,
    reply: FastifyReply,
    asked: AuthorizationRequest,
    visitor: Visitor,
  ): Promise<void> {
    const page = {
      appName: shownName(asked.client),
      personName: plainLine(visitor.displayName, LONGEST_NAME),
      switchAccountPath: signInAddress(asked, 'opened'),
    };
    const html = deps.pages.noRecord(page, deps.framing.plain(request, ownAddress(asked.carried)));
    await reply.code(403).type(HTML).send(html);
  }

  /** Counts a step of this request, unless it was counted before the browser went elsewhere and came back. */
  function reached(asked: AuthorizationRequest, step: Step): void {
    const before = stepBefore(asked);
    if (before === undefined || STEPS.indexOf(before) < STEPS.indexOf(step)) {
      deps.log.reached(asked.client.clientId, step);
    }
  }

  async function showChoice(
    request: FastifyRequest,
    reply: FastifyReply,
    { asked, visitor }: Asking,
    found: { words: string; records: readonly ShareableRecord[]; fault?: string | undefined },
  ): Promise<FastifyReply> {
    const { words, records, fault } = found;
    if (asked.client.kind === 'staff') await keepListing(request, visitor, asked.client, records.length);
    const choice = {
      appName: shownName(asked.client),
      personName: visitor.displayName,
      records,
      ...(asked.client.kind === 'staff' ? { search: { words } } : {}),
      ...(fault === undefined ? {} : { fault }),
      csrf: deps.visitors.csrf(request, reply),
      request: new URLSearchParams(asked.carried).toString(),
      choicePath: `${deps.addresses.authorizePath}/record`,
      switchAccountPath: signInAddress(asked, 'signed-in'),
    };
    const page = deps.pages.recordChoice(choice, await frameOf(request, asked));
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
    asking: Asking,
    record: ShareableRecord | undefined,
    { chosen = false, changed = false } = {},
  ): Promise<FastifyReply> {
    const { asked } = asking;
    const frame = await frameOf(request, asked, record);
    const consent = {
      ...(await pageOf(deps, asking, { record, language: frame.language, chosen, changed })),
      csrf: deps.visitors.csrf(request, reply),
      request: new URLSearchParams(asked.carried).toString(),
      decisionPath: `${deps.addresses.authorizePath}/decision`,
      switchAccountPath: signInAddress(asked, 'asked'),
    };
    if (!changed) reached(asked, 'asked');
    return reply.type(HTML).send(deps.pages.consent(consent, frame));
  }

  /** Of the practice whose record it is. Staff are written to in English. */
  async function frameOf(
    request: FastifyRequest,
    { carried, client }: AuthorizationRequest,
    record?: ShareableRecord,
  ): Promise<Frame> {
    const here = ownAddress({ ...carried, [STEP]: record === undefined ? 'signed-in' : 'asked' });
    const frame =
      record === undefined
        ? deps.framing.plain(request, here)
        : await deps.framing.ofPractice(request, record.practiceId, here);
    return client.kind === 'staff' ? { ...frame, language: 'en', here: undefined } : frame;
  }

  const choiceFault = (request: FastifyRequest, { client }: AuthorizationRequest): string =>
    wordsIn(client.kind === 'staff' ? 'en' : languageOf(request.headers)).consent.choice.fault;

  async function decide(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const form = readForm(request);
    const asking = await whoAnswers(request, reply, form.request);
    if (asking === undefined) return reply;
    const { asked, visitor } = asking;
    if (form.values['decision'] !== 'allow') return refuse(request, asking);
    const record = await recordOfForm(asking, form.values['record']);
    if (form.values['offered'] !== digestOf(deps, asked)) {
      return showConsent(request, reply, asking, record, { changed: true });
    }
    const decision = await decided(deps, asking, record, form, await frameOf(request, asked, record));
    if (decision === undefined) return refuse(request, asking, record);
    const code = await giveCode(deps, request.id, { asked, visitor, record, ...decision });
    deps.log.reached(asked.client.clientId, 'allowed');
    return reply.redirect(answerAddress(asked, { code }, deps.responseIssuer), 303);
  }

  /** The record that the page named, and no other: what can be chosen may have changed since. */
  async function recordOfForm(asking: Asking, key: string | undefined): Promise<ShareableRecord | undefined> {
    const { asked, visitor } = asking;
    const records = await selectable(deps.records, asked, visitor, '');
    const record = records.kind === 'choice' ? await chosen(asking, records.records, key) : records.record;
    if (record?.key === key && (record !== undefined || records.kind === 'settled')) return record;
    throw new PersonProblem('bad-request', { status: 400, tell: ({ recordGone }) => recordGone });
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
    deps.log.reached(asked.client.clientId, 'denied');
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
    honourLocales(request.headers, sentWith(request)['ui_locales'] ?? '');
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RedirectableProblem)) throw told(error, languageOf(request.headers));
      const client = await logRefusal(request, error);
      await requireTrust(request, client, error);
      return reply.redirect(errorAddress(error, deps.responseIssuer), 303);
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
    const { name } = client;
    throw told(
      new PersonProblem('bad-request', { status: 400, tell: ({ untrusted }) => untrusted(name, message) }),
      languageOf(request.headers),
    );
  }

  /** That a person denied is an answer, and no fault of the app. */
  async function logRefusal(
    request: FastifyRequest,
    { code: error, message: cause }: RedirectableProblem,
  ): Promise<Client | undefined> {
    const { client_id: claimed } = sentWith(request);
    const client = claimed === undefined ? undefined : await deps.clients.find(claimed);
    if (client !== undefined) {
      const { clientId } = client;
      const told = { endpoint: 'authorize', error, cause, status: 303, proved: false } as const;
      deps.log.refused({ clientId, ...told, requestId: request.id });
    }
    return client;
  }

  /** The parameters of the app's request, however they came. */
  const sentWith = (request: FastifyRequest): Parameters =>
    readParameters(request.query, request.body, readForm(request, false).request.values).values;

  /** A form of ours. The ticked lines are the one field that it may repeat: another that is there twice does not count. */
  function readForm(request: FastifyRequest, ours = true) {
    const { values: sent, unusable } = readParameters(request.body);
    const values: Parameters = Object.fromEntries(Object.entries(sent).filter(([name]) => !unusable.includes(name)));
    if (ours) deps.visitors.requireCsrf(request, values['csrf']);
    const given = (request.body as { allow?: unknown } | null | undefined)?.allow ?? [];
    const allowed = (Array.isArray(given) ? given : [given]).filter((key) => typeof key === 'string');
    const read = readParameters(Object.fromEntries(new URLSearchParams(values['request'])));
    return { values, unusable, allowed, request: read };
  }

  const ownAddress = (parameters: Parameters): string =>
    `${deps.addresses.authorizePath}?${new URLSearchParams(parameters)}`;

  function signInAddress({ parameters, carried }: AuthorizationRequest, step: Step): string {
    const waiting = { ...whenAsked(parameters, carried, deps.clock.now()), [STEP]: step };
    return `/sign-in?${new URLSearchParams({ return_to: ownAddress(waiting) })}`;
  }
}

const HTML = 'text/html; charset=utf-8';

/** Our own mark in a request whose browser comes back to it: how far it was counted. An app that sends it counts less of itself. */
const STEP = '_step';
const STEPS = ['opened', 'signed-in', 'asked'] as const;
type Step = (typeof STEPS)[number];

const stepBefore = ({ carried }: AuthorizationRequest): Step | undefined =>
  STEPS.find((step) => step === carried[STEP]);

/** OpenID Connect Core §3.1.2.6: consent is asked for at every authorize, so nothing goes without a person. */
const PERSON_NEEDED = ['interaction_required', 'A person is asked at every authorize. Leave prompt=none out.'] as const;
const NOBODY_THERE = ['login_required', 'Nobody is signed in. Leave prompt=none out.'] as const;

const refusal = (
  { redirect, state }: AuthorizationRequest,
  code: RedirectableProblem['code'],
  message: string,
): RedirectableProblem => new RedirectableProblem(redirect, state, code, message);
