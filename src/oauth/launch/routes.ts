import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../../database/index.ts';
import type { AccessibleRecord, SessionUser } from '../../domain/index.ts';
import type { PageContexts } from '../../i18n/index.ts';
import {
  type Clock,
  later,
  minutes,
  Problem,
  type Random,
  randomSecret,
  sendHtml,
  sha256,
} from '../../kernel/index.ts';
import type { OAuthAddresses } from '../addresses.ts';
import { chartPath } from '../chart-path.ts';
import { type OAuthParameters, readParameters, unusableParametersMessage } from '../parameters.ts';
import type { OAuthAudit, OAuthAuditEvent, SelectableRecords, SessionUsers } from '../ports.ts';
import {
  initialChoices,
  type LaunchOffer,
  parseLaunchChoices,
  type ValidatedLaunch,
  validateLaunchChoices,
} from './launch-choices.ts';
import { createLaunch } from './launch-store.ts';
import type { LaunchAppStep, LaunchPage, LaunchPages, LaunchPatientStep } from './pages.ts';
import type { LaunchableApp, LaunchableApps, LaunchRecordContents } from './ports.ts';

export interface LaunchDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly addresses: OAuthAddresses;
  readonly audit: OAuthAudit;
  readonly visitors: SessionUsers;
  readonly records: Pick<SelectableRecords, 'searchForStaff' | 'findForStaffByKey'>;
  readonly apps: LaunchableApps;
  readonly contents: LaunchRecordContents;
  readonly pages: LaunchPages;
  readonly framing: PageContexts;
  readonly provisionalApps: 'sandbox' | 'inactive';
}

const PATH = '/practice/launch';
/** Leads from an app back to the chart. Its parameter `patient` is the Patient.id, which is all that an app knows. */
const CHART_PATH = `${PATH}/chart`;
/**
 * Maximum time between the launch and the app's authorization request. Apps normally send the request within seconds.
 */
const LAUNCH_LIFETIME = minutes(10);
/** `SelectableRecords.searchForStaff` returns at most this many patients. */
const MAX_PATIENTS = 50;

/**
 * Registers the EHR launcher (SMART App Launch 2.2 §2.0.8): a staff member picks a patient and an app and is redirected
 * to the app with a launch token. No state is stored between the pages. Requires the cookie and form plugins.
 */
export function launchRoutes(app: FastifyInstance, deps: LaunchDeps): void {
  app.get(PATH, (request, reply) => {
    const { values } = readParameters(request.query);
    return withStaffUser(request, reply, values, async (user) => {
      if (values['patient'] === undefined) return sendPatientList(request, reply, user, values['words'] ?? '');
      const record = await requirePatient(request, user, values['patient']);
      await audit(request, user, { recordId: record.recordId, detail: { action: 'patient' } });
      const { step, offer } = await buildAppStep(record);
      const choices = initialChoices(offer.encounters, deps.clock.now(), values['encounter']);
      return sendPage(request, reply, user, { ...step, choices });
    });
  });

  app.get(CHART_PATH, (request, reply) => {
    const { values } = readParameters(request.query);
    return withStaffUser(request, reply, values, async (user) => {
      const record = await requirePatient(request, user, values['patient'] ?? '');
      return reply.redirect(chartPath(record), 303);
    });
  });

  app.post(PATH, (request, reply) => {
    const { values, unusable } = readParameters(request.body);
    deps.visitors.requireCsrf(request, values['csrf']);
    if (unusable.length > 0)
      throw new Problem('bad-request', { status: 400, message: unusableParametersMessage(unusable) });
    return withStaffUser(request, reply, values, async (user) => {
      const record = await requirePatient(request, user, values['patient'] ?? '');
      const { step, offer } = await buildAppStep(record);
      const choices = parseLaunchChoices(values);
      const chosen = await validateLaunchChoices(choices, offer, deps.contents);
      if ('field' in chosen) return sendPage(request, reply.code(400), user, { ...step, choices, error: chosen });
      return reply.redirect(await launch(request, user, record, chosen), 303);
    });
  });

  async function withStaffUser(
    request: FastifyRequest,
    reply: FastifyReply,
    values: OAuthParameters,
    work: (user: SessionUser) => Promise<FastifyReply>,
  ): Promise<FastifyReply> {
    reply.header('cache-control', 'no-store');
    const user = await deps.visitors.current(request);
    if (user === undefined) return reply.redirect(signInUrl(values), 303);
    return user.kind === 'staff' ? work(user) : sendPage(request, reply.code(403), user, { step: 'refused' });
  }

  async function sendPatientList(
    request: FastifyRequest,
    reply: FastifyReply,
    user: SessionUser,
    words: string,
  ): Promise<FastifyReply> {
    const records = await deps.records.searchForStaff(user.accountId, words);
    // The search text is never logged, because it contains a patient's name.
    await audit(request, user, { detail: { action: 'list', patients: records.length } });
    return sendPage(request, reply, user, {
      step: 'patient',
      words,
      records,
      isTruncated: records.length >= MAX_PATIENTS,
    });
  }

  /**
   * Finds the patient whom the staff member picked. If `key` identifies none of the staff
   * member's patients, throws 404 and records the attempt in the audit log.
   */
  async function requirePatient(request: FastifyRequest, user: SessionUser, key: string): Promise<AccessibleRecord> {
    const record = await deps.records.findForStaffByKey(user.accountId, key);
    if (record !== undefined) return record;
    await audit(request, user, { outcome: 'failure', detail: { action: 'patient' } });
    const message = 'No patient of your practices has this address. Go back and search for the patient again.';
    throw new Problem('not-found', { status: 404, message });
  }

  async function buildAppStep(
    record: AccessibleRecord,
  ): Promise<{ step: Omit<LaunchAppStep, 'choices'>; offer: LaunchOffer }> {
    const all = await deps.apps.list();
    const apps = all.filter((one) => mayLaunch(one, record, deps.provisionalApps)).sort(compareByName);
    const encounters = await deps.contents.listEncounters(record.recordId);
    const listedApps = apps.map(({ clientId, name, state }) => ({
      clientId,
      name,
      provisional: state === 'provisional',
    }));
    return {
      step: { step: 'app', chartPath: chartPath(record), record, apps: listedApps, encounters },
      offer: { recordId: record.recordId, apps, encounters },
    };
  }

  /**
   * Stores the launch.
   * @returns launch URL of the app with a launch token, which stands for all choices
   */
  async function launch(
    request: FastifyRequest,
    user: SessionUser,
    { recordId }: AccessibleRecord,
    { app: { clientId, launchUri, apis }, context }: ValidatedLaunch,
  ): Promise<string> {
    const token = randomSecret(deps.random);
    const { accountId } = user;
    const expiresAt = later(deps.clock.now(), LAUNCH_LIFETIME);
    await deps.db.transaction(async (tx) => {
      await createLaunch(tx, { hash: sha256(token), clientId, accountId, recordId, context, expiresAt });
      const detail = { action: 'launch', context: Object.keys(context) };
      await deps.audit.appendInTransaction(tx, { ...launchEvent(request, user), recordId, clientId, detail });
    });
    const { r4, dstu2 } = deps.addresses.fhir;
    const query = new URLSearchParams({ iss: apis.includes('r4') ? r4 : dstu2, launch: token });
    return `${launchUri}${launchUri.includes('?') ? '&' : '?'}${query}`;
  }

  async function sendPage(
    request: FastifyRequest,
    reply: FastifyReply,
    user: SessionUser,
    step: LaunchPatientStep | LaunchAppStep | { step: 'refused' },
  ): Promise<FastifyReply> {
    const page: LaunchPage = {
      personName: user.displayName,
      csrf: deps.visitors.csrf(request, reply),
      path: PATH,
      switchAccountPath: signInUrl({}),
      ...step,
    };
    return sendHtml(reply, deps.pages.launch(page, deps.framing.forStaff(request)));
  }

  const audit = (request: FastifyRequest, user: SessionUser, event: Partial<OAuthAuditEvent>): Promise<void> =>
    deps.audit.append({ ...launchEvent(request, user), ...event });
}

const compareByName = (one: LaunchableApp, other: LaunchableApp): number =>
  one.name.localeCompare(other.name, 'en') || one.clientId.localeCompare(other.clientId);

const launchEvent = (request: FastifyRequest, { accountId }: SessionUser) =>
  ({ kind: 'launch', outcome: 'success', requestId: request.id, accountId }) as const;

/**
 * Returns the URL of the sign-in page, which leads back to the launcher. `return_to` is built from our own path, never
 * from the URL of the request.
 */
function signInUrl(values: OAuthParameters): string {
  const kept = ['words', 'patient', 'encounter'].flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [[name, value]];
  });
  const query = new URLSearchParams(kept).toString();
  return `/sign-in?${new URLSearchParams({ return_to: query === '' ? PATH : `${PATH}?${query}` })}`;
}

/**
 * Whether a staff member may launch the app for this patient. A provisional app, which isn't approved yet, can be
 * launched for sandbox patients only, and not at all if provisional apps are inactive on this server.
 */
function mayLaunch(app: LaunchableApp, record: AccessibleRecord, provisionalApps: 'sandbox' | 'inactive'): boolean {
  if (app.kind !== 'staff' || app.launchUri === undefined) return false;
  if (app.state === 'provisional') return provisionalApps === 'sandbox' && record.practiceKind === 'sandbox';
  return app.state === 'active';
}
