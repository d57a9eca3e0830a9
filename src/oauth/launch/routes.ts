import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../../database/index.ts';
import { type Clock, later, minutes, Problem, type Random, secretText, sha256 } from '../../kernel/index.ts';
import type { Framing } from '../../words/index.ts';
import type { Addresses } from '../addresses.ts';
import { type Parameters, readParameters, unusableText } from '../parameters.ts';
import type {
  LaunchAppStep,
  LaunchPage,
  LaunchPatientStep,
  OAuthAudit,
  OAuthAuditEvent,
  OAuthPages,
  Records,
  ShareableRecord,
  Visitor,
  Visitors,
} from '../ports.ts';
import { type Chosen, checkChoices, choicesOf, NOTHING_CHOSEN, type Offer } from './choices.ts';
import type { LaunchableApp, LaunchableApps, RecordContents } from './ports.ts';
import { createLaunch } from './store.ts';

export interface LaunchDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly addresses: Addresses;
  readonly audit: OAuthAudit;
  readonly visitors: Visitors;
  readonly records: Pick<Records, 'ofStaff' | 'ofStaffByKey' | 'encounters'>;
  readonly apps: LaunchableApps;
  readonly contents: RecordContents;
  readonly pages: Pick<OAuthPages, 'launch'>;
  readonly framing: Framing;
  readonly provisionalApps: 'sandbox' | 'inactive';
}

const PATH = '/practice/launch';
/** Time to get from the launcher via the app to the authorization endpoint. It normally takes seconds. */
const LIFETIME = minutes(10);
/** `SelectableRecords.searchForStaff` returns at most this many patients. */
const SHOWN = 50;

/**
 * EHR launch (SMART App Launch 2.2 §2.0.8): a staff member picks a patient and an app and is redirected to the app with
 * a launch token. No state is stored between the pages. Requires the cookie and form plugins.
 */
export function launchRoutes(app: FastifyInstance, deps: LaunchDeps): void {
  app.get(PATH, (request, reply) => {
    const { values } = readParameters(request.query);
    return withStaffUser(request, reply, values, async (user) => {
      if (values['patient'] === undefined) return sendPatientList(request, reply, user, values['words'] ?? '');
      const record = await requirePatient(request, user, values['patient']);
      await audit(request, user, { recordId: record.recordId, detail: { action: 'patient' } });
      const { step } = await buildAppStep(record);
      return sendPage(request, reply, user, { ...step, choices: NOTHING_CHOSEN });
    });
  });

  app.post(PATH, (request, reply) => {
    const { values, unusable } = readParameters(request.body);
    deps.visitors.requireCsrf(request, values['csrf']);
    if (unusable.length > 0) throw new Problem('bad-request', { status: 400, message: unusableText(unusable) });
    return withStaffUser(request, reply, values, async (user) => {
      const record = await requirePatient(request, user, values['patient'] ?? '');
      const { step, offer } = await buildAppStep(record);
      const choices = choicesOf(values);
      const chosen = await checkChoices(choices, offer, deps.contents);
      if ('field' in chosen) return sendPage(request, reply.code(400), user, { ...step, choices, fault: chosen });
      return reply.redirect(await launch(request, user, record, chosen), 303);
    });
  });

  async function withStaffUser(
    request: FastifyRequest,
    reply: FastifyReply,
    values: Parameters,
    work: (user: Visitor) => Promise<FastifyReply>,
  ): Promise<FastifyReply> {
    reply.header('cache-control', 'no-store');
    const user = await deps.visitors.current(request);
    if (user === undefined) return reply.redirect(signInAddress(values), 303);
    return user.kind === 'staff' ? work(user) : sendPage(request, reply.code(403), user, { step: 'refused' });
  }

  async function sendPatientList(
    request: FastifyRequest,
    reply: FastifyReply,
    user: Visitor,
    words: string,
  ): Promise<FastifyReply> {
    const records = await deps.records.ofStaff(user.accountId, words);
    // The search text is never logged, because it contains a patient's name.
    await audit(request, user, { detail: { action: 'list', patients: records.length } });
    return sendPage(request, reply, user, { step: 'patient', words, records, cut: records.length >= SHOWN });
  }

  /**
   * Finds the picked patient. A key that isn't one of this staff member's patients gives 404, and the attempt is
   * recorded in the audit log.
   */
  async function requirePatient(request: FastifyRequest, user: Visitor, key: string): Promise<ShareableRecord> {
    const record = await deps.records.ofStaffByKey(user.accountId, key);
    if (record !== undefined) return record;
    await audit(request, user, { outcome: 'failure', detail: { action: 'patient' } });
    const message = 'None of your patients has this address. Go back and search for the patient again.';
    throw new Problem('not-found', { status: 404, message });
  }

  async function buildAppStep(
    record: ShareableRecord,
  ): Promise<{ step: Omit<LaunchAppStep, 'choices'>; offer: Offer }> {
    const all = await deps.apps.list();
    const apps = all.filter((one) => mayLaunch(one, record, deps.provisionalApps)).sort(byName);
    const encounters = await deps.records.encounters(record.recordId);
    const listedApps = apps.map(({ clientId, name, state }) => ({
      clientId,
      name,
      provisional: state === 'provisional',
    }));
    return {
      step: { step: 'app', record, apps: listedApps, encounters },
      offer: { recordId: record.recordId, apps, encounters },
    };
  }

  /** @returns URL of the app with a launch token, which represents all choices */
  async function launch(
    request: FastifyRequest,
    user: Visitor,
    { recordId }: ShareableRecord,
    { app: { clientId, launchUri, apis }, context }: Chosen,
  ): Promise<string> {
    const token = secretText(deps.random);
    const { accountId } = user;
    const expiresAt = later(deps.clock.now(), LIFETIME);
    await deps.db.transaction(async (tx) => {
      await createLaunch(tx, { hash: sha256(token), clientId, accountId, recordId, context, expiresAt });
      const detail = { action: 'launch', context: Object.keys(context) };
      await deps.audit.recordWithin(tx, { ...eventOf(request, user), recordId, clientId, detail });
    });
    const { r4, dstu2 } = deps.addresses.fhir;
    const query = new URLSearchParams({ iss: apis.includes('r4') ? r4 : dstu2, launch: token });
    return `${launchUri}${launchUri.includes('?') ? '&' : '?'}${query}`;
  }

  async function sendPage(
    request: FastifyRequest,
    reply: FastifyReply,
    user: Visitor,
    step: LaunchPatientStep | LaunchAppStep | { step: 'refused' },
  ): Promise<FastifyReply> {
    const page: LaunchPage = {
      personName: user.displayName,
      csrf: deps.visitors.csrf(request, reply),
      path: PATH,
      switchAccountPath: signInAddress({}),
      ...step,
    };
    return reply.type('text/html; charset=utf-8').send(deps.pages.launch(page, deps.framing.forStaff(request)));
  }

  const audit = (request: FastifyRequest, user: Visitor, event: Partial<OAuthAuditEvent>): Promise<void> =>
    deps.audit.record({ ...eventOf(request, user), ...event });
}

const byName = (one: LaunchableApp, other: LaunchableApp): number =>
  one.name.localeCompare(other.name, 'en') || one.clientId.localeCompare(other.clientId);

const eventOf = (request: FastifyRequest, { accountId }: Visitor) =>
  ({ kind: 'launch', outcome: 'success', requestId: request.id, accountId }) as const;

/** Sign-in page that returns here. `return_to` is built from our own path, never from the requested URL. */
function signInAddress(values: Parameters): string {
  const { words, patient } = values;
  const params = { ...(words === undefined ? {} : { words }), ...(patient === undefined ? {} : { patient }) };
  const query = new URLSearchParams(params).toString();
  return `/sign-in?${new URLSearchParams({ return_to: query === '' ? PATH : `${PATH}?${query}` })}`;
}

/** A provisional app can be launched for sandbox patients only, and not at all where provisional apps are inactive. */
function mayLaunch(app: LaunchableApp, record: ShareableRecord, provisionalApps: 'sandbox' | 'inactive'): boolean {
  if (app.kind !== 'staff' || app.launchUri === undefined) return false;
  if (app.state === 'provisional') return provisionalApps === 'sandbox' && record.practiceKind === 'sandbox';
  return app.state === 'active';
}
