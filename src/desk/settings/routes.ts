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

/** Loads the settings of the practice. Only its administrators may use them. */
export async function atSettings(deps: OfficeDeps, request: FastifyRequest): Promise<AtSettings> {
  const context = await staffAt(deps, request, 'administrator');
  const settings = await findSettings(deps.db, context.job.practiceId);
  if (settings === undefined) throw notFound();
  return { ...context, settings };
}

/** Registers the settings of a practice: details and brand that patients see, and the API switch. */
export function settingsRoutes(app: FastifyInstance, deps: OfficeDeps): void {
  app.get(SETTINGS, async (request, reply) => {
    const context = await atSettings(deps, request);
    return show(request, reply, context, context.settings, []);
  });

  app.post(SETTINGS, async (request, reply) => {
    deps.cookies.requireCsrf(request, fieldOf(request.body, 'csrf'));
    const context = await atSettings(deps, request);
    requireChangeable(context.session);
    const input = detailsIn(request.body);
    const { details, faults: errors } = readDetails(input, isAddress);
    if (errors.length > 0) return show(request, reply.code(400), context, input, errors);
    const { practiceId } = context.settings;
    const saved = await deps.db.transaction(async (tx) => {
      if (!(await keepDetails(tx, practiceId, details))) return false;
      const changed = (Object.keys(details) as (keyof Details)[]).filter(
        (key) => details[key] !== context.settings[key],
      );
      await auditChange(request, context, tx, { action: 'change', changed });
      return true;
    });
    if (!saved) return show(request, reply.code(400), context, input, [TAKEN]);
    return reply.redirect(`${settingsPath({ ...context, csrf: '' })}?done=saved`, 303);
  });

  app.get(`${SETTINGS}/preview`, async (request, reply) => {
    const { settings } = await atSettings(deps, request);
    const pageContext = await deps.framing.ofPractice(request, settings.practiceId);
    const backPath = `/practice/${settings.practiceId}/settings`;
    return send(
      reply,
      previewPage({ ...pageContext, language: 'en', here: undefined }, { back: backPath, address: settings.address }),
    );
  });

  app.get(`${SETTINGS}/api`, async (request, reply) => {
    const page = { ...(await atSettings(deps, request)), csrf: deps.cookies.csrf(request, reply), faults: [] };
    return send(reply, apiPage(deps.framing.forStaff(request), page));
  });

  app.post(`${SETTINGS}/api`, async (request, reply) => {
    deps.cookies.requireCsrf(request, fieldOf(request.body, 'csrf'));
    const context = await atSettings(deps, request);
    requireChangeable(context.session);
    const page = { ...context, csrf: deps.cookies.csrf(request, reply) };
    if (fieldOf(request.body, 'sure') !== 'yes')
      return send(reply.code(400), apiPage(deps.framing.forStaff(request), { ...page, faults: [NOT_SURE] }));
    // The form sends the requested state, so submitting it twice doesn't turn the API on again.
    const enabled = fieldOf(request.body, 'enabled') === 'yes';
    await deps.db.transaction(async (tx) => {
      if (!(await enablePractice(tx, context.settings.practiceId, enabled))) return;
      await auditChange(request, context, tx, { action: enabled ? 'api-on' : 'api-off' });
    });
    return reply.redirect(`${settingsPath(page)}?done=${enabled ? 'on' : 'off'}`, 303);
  });

  function show(
    request: FastifyRequest,
    reply: FastifyReply,
    context: AtSettings,
    input: Details,
    errors: readonly FieldFault[],
  ): FastifyReply {
    const done = DONE[fieldOf(request.query, 'done')];
    const unpublished = publishesNothing(deps, context.settings);
    const page = {
      ...context,
      csrf: deps.cookies.csrf(request, reply),
      given: input,
      faults: errors,
      done,
      unpublished,
    };
    return send(reply, settingsPage(deps.framing.forStaff(request), page));
  }

  const auditChange = (
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

/**
 * Whether this practice keeps the brands from being published to apps: a live practice that still has a placeholder
 * name, on a server with https.
 */
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
