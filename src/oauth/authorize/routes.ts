import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccessibleRecord, App, SessionUser } from '../../domain/index.ts';
import { applyUiLocales, getMessages, type PageContext, type PageContexts, requestLanguage } from '../../i18n/index.ts';
import { sendHtml, toSingleLine } from '../../kernel/index.ts';
import { displayAppName } from '../consent/app-description.ts';
import { createConsentOffer } from '../consent/consent-offer.ts';
import { type OAuthParameters, type ParsedParameters, readParameters } from '../parameters.ts';
import type { SessionUsers } from '../ports.ts';
import { type AuthorizationRequest, type CheckRequestDeps, checkAuthorizationRequest } from './check-request.ts';
import { decideConsent } from './consent-decision.ts';
import { type AuthorizationSession, buildConsentPage, type ConsentPageDeps } from './consent-page.ts';
import { type IssueCodeDeps, issueAuthorizationCode } from './issue-authorization-code.ts';
import type { AuthorizePages } from './pages.ts';
import { findSelectableRecords, MAX_NAME_LENGTH, mayReachRecord, requireMatchingUser } from './patient-picker.ts';
import { PersonProblem, translateForPerson } from './person-problem.ts';
import { buildErrorRedirectUrl, buildRedirectUrl, RedirectableProblem } from './redirect-uri.ts';
import { forbidsInteraction, isFresh, withRequestTime } from './sign-in-freshness.ts';

export interface AuthorizeDeps extends IssueCodeDeps, Omit<ConsentPageDeps, 'db'>, Omit<CheckRequestDeps, 'db'> {
  readonly visitors: SessionUsers;
  readonly pages: AuthorizePages;
  readonly framing: PageContexts;
  readonly sandbox: boolean;
  /**
   * Value of the parameter `iss` in redirects to apps (RFC 9207 §2). Undefined if redirects carry no `iss`.
   * docs/decisions/041
   */
  readonly responseIssuer: string | undefined;
}

/**
 * Registers the authorization endpoint. No state is stored between its pages: each page carries the original request,
 * which is checked completely again whenever a page is requested or submitted. Back button, parallel tabs and restarts
 * therefore need no special handling.
 */
export function authorizeRoutes(app: FastifyInstance, deps: AuthorizeDeps): void {
  app.get('/authorize', (request, reply) =>
    withErrorResponses(request, reply, async () => {
      const session = await resolveSession(request, reply, readParameters(request.query), true);
      if (session === undefined) return reply;
      const records = await findSelectableRecords(deps.records, session.authorization, session.user, '');
      if (records.kind !== 'choice') return sendConsentPage(request, reply, session, records.record);
      return sendRecordChoice(request, reply, session, { words: '', records: records.records });
    }),
  );

  /**
   * Receives an authorization request by POST (SMART `authorize-post`) and redirects it to the GET endpoint. The
   * cross-site POST doesn't carry our cookies, but the redirected GET does.
   */
  app.post('/authorize', (request, reply) =>
    withErrorResponses(request, reply, async () => {
      const { carried } = await checkAuthorizationRequest(
        readParameters(request.query, request.body),
        deps,
        request.id,
      );
      return reply.redirect(ownAddress(carried), 303);
    }),
  );

  /**
   * Receives the form of the patient picker: the chosen record, another search by staff, or the person's decision to
   * deny access.
   */
  app.post('/authorize/record', (request, reply) =>
    withErrorResponses(request, reply, async () => {
      const form = readForm(request);
      const session = await resolveSession(request, reply, form.request);
      if (session === undefined) return reply;
      if (form.values['decision'] === 'deny') return deny(request, session);
      const words = form.values['words'] ?? '';
      const records = await findSelectableRecords(deps.records, session.authorization, session.user, words);
      if (records.kind !== 'choice') return sendConsentPage(request, reply, session, records.record);
      const key = form.values['find'] === 'yes' ? undefined : form.values['record'];
      const record = await findChosenRecord(session, records.records, key);
      if (record !== undefined) return sendConsentPage(request, reply, session, record, { chosen: true });
      const error = form.values['find'] === 'yes' ? undefined : recordChoiceError(request);
      return sendRecordChoice(request, reply, session, { words, records: records.records, error });
    }),
  );

  app.post('/authorize/decision', (request, reply) => withErrorResponses(request, reply, () => decide(request, reply)));

  /**
   * Checks the request. Returns it with the signed-in person and the choices that the consent page offers. Returns
   * undefined if a response was already sent: a redirect to sign-in, or a page for developers.
   */
  async function resolveSession(
    request: FastifyRequest,
    reply: FastifyReply,
    read: ParsedParameters,
    isFirstStep = false,
  ): Promise<AuthorizationSession | undefined> {
    const authorization = await checkAuthorizationRequest(read, deps, request.id);
    if (isFirstStep) countStep(authorization, 'opened');
    if (authorization.pushed !== undefined)
      applyUiLocales(request.headers, authorization.parameters['ui_locales'] ?? '');
    const user = await deps.visitors.current(request);
    const fresh =
      user !== undefined && isFresh(authorization.parameters, authorization.carried, user, deps.clock.now());
    if (forbidsInteraction(authorization.parameters)) {
      const [code, message] = fresh ? INTERACTION_REQUIRED : LOGIN_REQUIRED;
      throw redirectError(authorization, code, message);
    }
    if (fresh && user.kind === 'developer') {
      await sendNoRecordPage(request, reply, authorization, user);
      return undefined;
    }
    if (fresh) {
      requireMatchingUser(authorization, user);
      if (isFirstStep) countStep(authorization, 'signed-in');
      const displayName = toSingleLine(user.displayName, MAX_NAME_LENGTH);
      return { authorization, user: { ...user, displayName }, offer: createConsentOffer(authorization, deps) };
    }
    await reply.redirect(signInAddress(authorization, parseCountedStep(authorization) ?? 'opened'), 303);
    return undefined;
  }

  /**
   * Sends a page that helps a developer to sign in as a patient. Developers try their apps in the browser in which they
   * are signed in with their developer account.
   */
  async function sendNoRecordPage(
    request: FastifyRequest,
    reply: FastifyReply,
    authorization: AuthorizationRequest,
    user: SessionUser,
  ): Promise<void> {
    const page = {
      appName: displayAppName(authorization.client),
      personName: toSingleLine(user.displayName, MAX_NAME_LENGTH),
      sandbox: deps.sandbox,
      switchAccountPath: signInAddress(authorization, 'opened'),
    };
    const html = deps.pages.noRecord(page, deps.framing.forOperator(request, ownAddress(authorization.carried)));
    await sendHtml(reply.code(403), html);
  }

  /**
   * Counts in the app's statistics how far an authorization got: request opened, person signed in, consent asked. Each
   * of these is counted once, even if the browser leaves for the sign-in page and comes back.
   */
  function countStep(authorization: AuthorizationRequest, step: CountedAuthorizationStep): void {
    const before = parseCountedStep(authorization);
    if (before === undefined || COUNTED_STEPS.indexOf(before) < COUNTED_STEPS.indexOf(step)) {
      deps.log.countStep(authorization.client.clientId, step);
    }
  }

  async function sendRecordChoice(
    request: FastifyRequest,
    reply: FastifyReply,
    { authorization, user }: AuthorizationSession,
    list: { words: string; records: readonly AccessibleRecord[]; error?: string | undefined },
  ): Promise<FastifyReply> {
    const { words, records, error } = list;
    if (authorization.client.kind === 'staff')
      await auditPatientList(request, user, authorization.client, records.length);
    const choice = {
      appName: displayAppName(authorization.client),
      personName: user.displayName,
      records,
      ...(authorization.client.kind === 'staff' ? { search: { words } } : {}),
      ...(error === undefined ? {} : { error }),
      csrf: deps.visitors.csrf(request, reply),
      request: new URLSearchParams(authorization.carried).toString(),
      choicePath: `${deps.addresses.authorizePath}/record`,
      switchAccountPath: signInAddress(authorization, 'signed-in'),
    };
    const page = deps.pages.recordChoice(choice, await getPageContext(request, authorization));
    return sendHtml(reply.code(error === undefined ? 200 : 400), page);
  }

  /**
   * Records in the audit log that a staff member saw a list of patients' names and birth dates. The event stores only
   * the number of patients, because the staff member's access rights tell which patients could be among them.
   */
  const auditPatientList = (request: FastifyRequest, { accountId }: SessionUser, { clientId }: App, patients: number) =>
    deps.audit.append({
      kind: 'launch',
      outcome: 'success',
      requestId: request.id,
      accountId,
      clientId,
      detail: { action: 'list', patients },
    });

  async function sendConsentPage(
    request: FastifyRequest,
    reply: FastifyReply,
    session: AuthorizationSession,
    record: AccessibleRecord | undefined,
    { chosen = false, changed = false } = {},
  ): Promise<FastifyReply> {
    const { authorization } = session;
    const pageContext = await getPageContext(request, authorization, record);
    const consent = {
      ...(await buildConsentPage(deps, session, { record, language: pageContext.language, chosen, changed })),
      csrf: deps.visitors.csrf(request, reply),
      request: new URLSearchParams(authorization.carried).toString(),
      decisionPath: `${deps.addresses.authorizePath}/decision`,
      switchAccountPath: signInAddress(authorization, 'asked'),
    };
    if (!changed) countStep(authorization, 'asked');
    return sendHtml(reply, deps.pages.consent(consent, pageContext));
  }

  /**
   * Returns the page context with the brand of the practice that the record belongs to, or with the operator's brand if
   * there is no record.
   */
  async function getPageContext(
    request: FastifyRequest,
    { carried }: AuthorizationRequest,
    record?: AccessibleRecord,
  ): Promise<PageContext> {
    const here = ownAddress({ ...carried, [STEP_PARAMETER]: record === undefined ? 'signed-in' : 'asked' });
    return record === undefined
      ? deps.framing.forOperator(request, here)
      : deps.framing.forPractice(request, record.practiceId, here);
  }

  const recordChoiceError = (request: FastifyRequest): string =>
    getMessages(requestLanguage(request.headers)).consent.recordChoice.noChoice;

  async function decide(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const form = readForm(request);
    const session = await resolveSession(request, reply, form.request);
    if (session === undefined) return reply;
    const { authorization, user, offer } = session;
    if (form.values['decision'] !== 'allow') return deny(request, session);
    const record = await requireDisplayedRecord(session, form.values['record']);
    if (form.values['offered'] !== offer.digest) {
      return sendConsentPage(request, reply, session, record, { changed: true });
    }
    const decision = await decideConsent(
      deps,
      session,
      record,
      form,
      await getPageContext(request, authorization, record),
    );
    if (decision === undefined) return deny(request, session, record);
    const code = await issueAuthorizationCode(deps, request.id, { authorization, user, record, ...decision });
    deps.log.countStep(authorization.client.clientId, 'allowed');
    return reply.redirect(buildRedirectUrl(authorization, { code }, deps.responseIssuer), 303);
  }

  /**
   * Returns the record that the submitted consent page displayed. Throws `bad-request` if the person can no longer
   * choose that record.
   */
  async function requireDisplayedRecord(
    session: AuthorizationSession,
    key: string | undefined,
  ): Promise<AccessibleRecord | undefined> {
    const { authorization, user } = session;
    const records = await findSelectableRecords(deps.records, authorization, user, '');
    const record = records.kind === 'choice' ? await findChosenRecord(session, records.records, key) : records.record;
    if (record?.key === key && (record !== undefined || records.kind === 'settled')) return record;
    throw new PersonProblem('bad-request', { status: 400, message: ({ recordGone }) => recordGone });
  }

  /**
   * Finds the record with this key among those on the page. For staff, also searches all other records that they may
   * open.
   */
  async function findChosenRecord(
    { authorization, user }: AuthorizationSession,
    records: readonly AccessibleRecord[],
    key: string | undefined,
  ): Promise<AccessibleRecord | undefined> {
    if (key === undefined) return undefined;
    const displayed = records.find((record) => record.key === key);
    if (displayed !== undefined || authorization.client.kind !== 'staff') return displayed;
    const accessible = await deps.records.findForStaffByKey(user.accountId, key);
    return accessible !== undefined && mayReachRecord(authorization, accessible) ? accessible : undefined;
  }

  async function deny(
    request: FastifyRequest,
    { authorization, user }: AuthorizationSession,
    record?: AccessibleRecord,
  ): Promise<never> {
    await deps.audit.append({
      kind: 'consent',
      outcome: 'failure',
      requestId: request.id,
      accountId: user.accountId,
      clientId: authorization.client.clientId,
      recordId: record?.recordId,
    });
    deps.log.countStep(authorization.client.clientId, 'denied');
    throw redirectError(
      authorization,
      'access_denied',
      `The ${authorization.client.kind === 'staff' ? 'user' : 'patient'} denied access.`,
    );
  }

  async function withErrorResponses(
    request: FastifyRequest,
    reply: FastifyReply,
    work: () => Promise<FastifyReply>,
  ): Promise<FastifyReply> {
    reply.header('cache-control', 'no-store');
    applyUiLocales(request.headers, appParameters(request)['ui_locales'] ?? '');
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RedirectableProblem)) throw translateForPerson(error, requestLanguage(request.headers));
      const client = await logRejection(request, error);
      await requireTrustedRedirect(request, client, error);
      return reply.redirect(buildErrorRedirectUrl(error, deps.responseIssuer), 303);
    }
  }

  /**
   * Throws an error page instead of redirecting to an app that registered itself, unless the person has signed in.
   * Anyone can register an app dynamically, so such a redirect could lead to a malicious site (RFC 9700 §4.11.2). Only
   * the error `login_required`, the answer to `prompt=none`, is always redirected.
   */
  async function requireTrustedRedirect(
    request: FastifyRequest,
    client: App | undefined,
    { code, message }: RedirectableProblem,
  ): Promise<void> {
    if (client?.registrationHash === undefined || code === 'login_required') return;
    if ((await deps.visitors.current(request)) !== undefined) return;
    const { name } = client;
    throw translateForPerson(
      new PersonProblem('bad-request', { status: 400, message: ({ untrusted }) => untrusted(name, message) }),
      requestLanguage(request.headers),
    );
  }

  /**
   * Adds the error to the activity log of the app. The entry is marked as unproved: anyone can send an authorization
   * request in the name of the app, because the request needs no credentials.
   */
  async function logRejection(
    request: FastifyRequest,
    { code: error, message: cause }: RedirectableProblem,
  ): Promise<App | undefined> {
    const { client_id: claimed } = appParameters(request);
    const client = claimed === undefined ? undefined : await deps.clients.find(claimed);
    if (client !== undefined) {
      const { clientId } = client;
      const entry = { endpoint: 'authorize', error, cause, status: 303, proved: false } as const;
      deps.log.logError({ clientId, ...entry, requestId: request.id });
    }
    return client;
  }

  /**
   * Returns the parameters of the app's request. They are in the URL, in the body, or in the `request` field of one of
   * our forms.
   */
  const appParameters = (request: FastifyRequest): OAuthParameters =>
    readParameters(request.query, request.body, readForm(request, false).request.values).values;

  /**
   * Reads a form of one of our own pages. Only the fields `allow`, which lists the checked items, and `group`, which
   * lists the groups that are on, may occur several times. Any other field that was sent with different values is left
   * out of `values` and named in `unusable`.
   */
  function readForm(request: FastifyRequest, checkCsrf = true) {
    const { values: sent, unusable } = readParameters(request.body);
    const values: OAuthParameters = Object.fromEntries(
      Object.entries(sent).filter(([name]) => !unusable.includes(name)),
    );
    if (checkCsrf) deps.visitors.requireCsrf(request, values['csrf']);
    const read = readParameters(Object.fromEntries(new URLSearchParams(values['request'])));
    const list = (name: string) => readList(request.body, name);
    return { values, unusable, allowed: list('allow'), groups: list('group'), request: read };
  }

  const ownAddress = (parameters: OAuthParameters): string =>
    `${deps.addresses.authorizePath}?${new URLSearchParams(parameters)}`;

  function signInAddress({ parameters, carried }: AuthorizationRequest, step: CountedAuthorizationStep): string {
    const returning = { ...withRequestTime(parameters, carried, deps.clock.now()), [STEP_PARAMETER]: step };
    return `/sign-in?${new URLSearchParams({ return_to: ownAddress(returning) })}`;
  }
}

/** Returns the values of a form field that may occur several times. */
function readList(body: unknown, name: string): readonly string[] {
  const given = (body as Readonly<Record<string, unknown>> | null | undefined)?.[name] ?? [];
  return (Array.isArray(given) ? given : [given]).filter((value) => typeof value === 'string');
}

/**
 * Parameter that we add to the request when the browser leaves for the sign-in page. It names the last step that
 * `countStep` counted, such as `opened`, so that no step is counted twice. An app that sends this parameter itself only
 * lowers its own statistics.
 */
const STEP_PARAMETER = '_step';
const COUNTED_STEPS = ['opened', 'signed-in', 'asked'] as const;
type CountedAuthorizationStep = (typeof COUNTED_STEPS)[number];

const parseCountedStep = ({ carried }: AuthorizationRequest): CountedAuthorizationStep | undefined =>
  COUNTED_STEPS.find((step) => step === carried[STEP_PARAMETER]);

/**
 * Error that the app gets for `prompt=none` when the person is signed in. Consent is required for every authorization,
 * so `prompt=none` always fails (OpenID Connect Core §3.1.2.6).
 */
const INTERACTION_REQUIRED = [
  'interaction_required',
  'Each authorization needs the person’s decision. Leave out prompt=none.',
] as const;
const LOGIN_REQUIRED = ['login_required', 'No one is signed in. Leave out prompt=none.'] as const;

const redirectError = (
  { redirect, state }: AuthorizationRequest,
  code: RedirectableProblem['code'],
  message: string,
): RedirectableProblem => new RedirectableProblem(redirect, state, code, message);
