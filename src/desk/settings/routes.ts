import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isAddress } from '../../mail/index.ts';
import type { FieldFault } from '../../pages/index.ts';
import { requireChangeable } from '../../people/index.ts';
import {
  type Details,
  enablePractice,
  findSettings,
  isPlaceholderName,
  keepDetails,
  type PracticeSettings,
  readDetails,
} from '../../practices/index.ts';
import type { OfficeDeps } from '../deps.ts';
import { fieldOf } from '../given.ts';
import { type AtDesk, notFound, staffAt } from '../roles.ts';
import { apiPage, settingsPage, settingsPath } from './page.ts';
import { previewPage } from './preview-page.ts';

export const SETTINGS = '/practice/:practiceId/settings';

export interface AtSettings extends AtDesk {
  readonly settings: PracticeSettings;
}

/** For the administrators of a practice. */
export async function atSettings(deps: OfficeDeps, request: FastifyRequest): Promise<AtSettings> {
  const at = await staffAt(deps, request, 'administrator');
  const settings = await findSettings(deps.db, at.job.practiceId);
  if (settings === undefined) throw notFound();
  return { ...at, settings };
}

/** How a practice looks to its patients, and whether apps can read from it. */
export function settingsRoutes(app: FastifyInstance, deps: OfficeDeps): void {
  app.get(SETTINGS, async (request, reply) => {
    const at = await atSettings(deps, request);
    return show(request, reply, at, at.settings, []);
  });

  app.post(SETTINGS, async (request, reply) => {
    deps.cookies.requireCsrf(request, fieldOf(request.body, 'csrf'));
    const at = await atSettings(deps, request);
    requireChangeable(at.session);
    const given = detailsIn(request.body);
    const { details, faults } = readDetails(given, isAddress);
    if (faults.length > 0) return show(request, reply.code(400), at, given, faults);
    const { practiceId } = at.settings;
    const kept = await deps.db.transaction(async (tx) => {
      if (!(await keepDetails(tx, practiceId, details))) return false;
      const changed = (Object.keys(details) as (keyof Details)[]).filter((key) => details[key] !== at.settings[key]);
      await record(request, at, tx, { action: 'change', changed });
      return true;
    });
    if (!kept) return show(request, reply.code(400), at, given, [TAKEN]);
    return reply.redirect(`${settingsPath({ ...at, csrf: '' })}?done=saved`, 303);
  });

  app.get(`${SETTINGS}/preview`, async (request, reply) => {
    const { settings } = await atSettings(deps, request);
    const frame = await deps.framing.ofPractice(request, settings.practiceId);
    const back = `/practice/${settings.practiceId}/settings`;
    return send(reply, previewPage({ ...frame, language: 'en', here: undefined }, { back, address: settings.address }));
  });

  app.get(`${SETTINGS}/api`, async (request, reply) => {
    const page = { ...(await atSettings(deps, request)), csrf: deps.cookies.csrf(request, reply), faults: [] };
    return send(reply, apiPage(deps.framing.forStaff(request), page));
  });

  app.post(`${SETTINGS}/api`, async (request, reply) => {
    deps.cookies.requireCsrf(request, fieldOf(request.body, 'csrf'));
    const at = await atSettings(deps, request);
    requireChangeable(at.session);
    const page = { ...at, csrf: deps.cookies.csrf(request, reply) };
    if (fieldOf(request.body, 'sure') !== 'yes')
      return send(reply.code(400), apiPage(deps.framing.forStaff(request), { ...page, faults: [NOT_SURE] }));
    // What the page asked for: pressing twice doesn't turn it on again.
    const enabled = fieldOf(request.body, 'enabled') === 'yes';
    await deps.db.transaction(async (tx) => {
      if (!(await enablePractice(tx, at.settings.practiceId, enabled))) return;
      await record(request, at, tx, { action: enabled ? 'api-on' : 'api-off' });
    });
    return reply.redirect(`${settingsPath(page)}?done=${enabled ? 'on' : 'off'}`, 303);
  });

  function show(
    request: FastifyRequest,
    reply: FastifyReply,
    at: AtSettings,
    given: Details,
    faults: readonly FieldFault[],
  ): FastifyReply {
    const done = DONE[fieldOf(request.query, 'done')];
    const unpublished = publishesNothing(deps, at.settings);
    const page = { ...at, csrf: deps.cookies.csrf(request, reply), given, faults, done, unpublished };
    return send(reply, settingsPage(deps.framing.forStaff(request), page));
  }

  const record = (
    request: FastifyRequest,
    { session, settings }: AtSettings,
    tx: Parameters<typeof deps.audit.recordWithin>[0],
    detail: Readonly<Record<string, unknown>>,
  ): Promise<void> =>
    deps.audit.recordWithin(tx, {
      kind: 'practice',
      outcome: 'success',
      requestId: request.id,
      accountId: session.accountId,
      detail: { ...detail, practice: settings.practiceId },
    });
}

/** Over https a name that stands where none was given is a fault of the brands that apps are told. */
const publishesNothing = ({ publicUrl }: OfficeDeps, { kind, enabled, name }: PracticeSettings): boolean =>
  publicUrl.startsWith('https:') && kind === 'live' && enabled && isPlaceholderName(name);

const send = (reply: FastifyReply, page: string): FastifyReply => reply.type('text/html; charset=utf-8').send(page);

const detailsIn = (form: unknown): Details => ({
  name: fieldOf(form, 'name'),
  phone: fieldOf(form, 'phone'),
  email: fieldOf(form, 'email'),
  website: fieldOf(form, 'website'),
  address: fieldOf(form, 'address'),
  npi: fieldOf(form, 'npi'),
  color: fieldOf(form, 'color'),
  timeZone: fieldOf(form, 'timeZone'),
});

const TAKEN: FieldFault = { field: 'name', message: 'There is another practice with that name. Choose another' };
const NOT_SURE: FieldFault = { field: 'sure', message: 'Tick the box if you are sure' };

const DONE: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  saved: 'Saved. Patients see it from now on.',
  logo: 'The logo is changed. Patients see it from now on.',
  'logo-removed': 'The logo is removed.',
  on: 'The API is on: apps can read.',
  off: 'The API is off: no app can read.',
});
