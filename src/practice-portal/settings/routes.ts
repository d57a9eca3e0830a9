import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formatList, getMessages, type Language } from '../../i18n/index.ts';
import { requireChangeableAccount } from '../../identity/index.ts';
import { isEmailAddress, sendHtml } from '../../kernel/index.ts';
import {
  findPracticeSettings,
  isPlaceholderName,
  type PracticeDetails,
  type PracticeSettings,
  savePracticeDetails,
  setPracticeEnabled,
  type ValidatedDetails,
  validatePracticeDetails,
} from '../../practices/index.ts';
import type { FormFieldError } from '../../web-pages/index.ts';
import { hasConfirmedIdentity } from '../confirmed-identity.ts';
import type { PracticeAdminDeps } from '../deps.ts';
import { findNotice, formField } from '../form-fields.ts';
import { loadStaffContext, notFound, type StaffContext } from '../roles.ts';
import { findTimeZone, timeZoneLabel } from '../time-zones.ts';
import { COLOR_PICKER, renderApiSwitchPage, renderSettingsPage, settingsPath } from './page.ts';
import { renderPreviewPage } from './preview-page.ts';

export const SETTINGS_PATH = '/practice/:practiceId/settings';

export interface PracticeSettingsContext extends StaffContext {
  readonly settings: PracticeSettings;
}

/** Loads the settings of a practice. Throws an error unless the person is an administrator of the practice. */
export async function loadSettingsContext(
  deps: PracticeAdminDeps,
  request: FastifyRequest,
): Promise<PracticeSettingsContext> {
  const context = await loadStaffContext(deps, request, 'administrator');
  const settings = await findPracticeSettings(deps.db, context.job.practiceId);
  if (settings === undefined) throw notFound();
  return { ...context, settings };
}

/**
 * Registers the settings pages of a practice: the details and the brand that patients see, and the page that turns the
 * API on and off.
 */
export function settingsRoutes(app: FastifyInstance, deps: PracticeAdminDeps): void {
  app.get(SETTINGS_PATH, async (request, reply) => {
    const context = await loadSettingsContext(deps, request);
    return show(request, reply, context, context.settings, []);
  });

  app.post(SETTINGS_PATH, async (request, reply) => {
    deps.cookies.requireCsrf(request, formField(request.body, 'csrf'));
    const context = await loadSettingsContext(deps, request);
    requireChangeableAccount(context.session);
    const input = parseDetails(request.body);
    const { details, errors } = validateDetails(input, deps.framing.forStaff(request).language);
    if (errors.length > 0) return show(request, reply.code(400), context, input, errors);
    const { practiceId } = context.settings;
    const saved = await deps.db.transaction(async (tx) => {
      if (!(await savePracticeDetails(tx, practiceId, details))) return false;
      const changed = (Object.keys(details) as (keyof PracticeDetails)[]).filter(
        (key) => details[key] !== context.settings[key],
      );
      await auditChange(request, context, tx, { action: 'change', changed });
      return true;
    });
    if (!saved) {
      const error = { field: 'name', message: messagesFor(request).nameTaken };
      return show(request, reply.code(400), context, input, [error]);
    }
    return reply.redirect(`${settingsPath({ ...context, csrf: '' })}?done=saved`, 303);
  });

  app.get(`${SETTINGS_PATH}/preview`, async (request, reply) => {
    const { settings } = await loadSettingsContext(deps, request);
    const pageContext = await deps.framing.forPractice(request, settings.practiceId);
    const backPath = `/practice/${settings.practiceId}/settings`;
    return sendHtml(reply, renderPreviewPage(pageContext, { back: backPath, address: settings.address }));
  });

  app.get(`${SETTINGS_PATH}/api`, async (request, reply) => {
    const context = await loadSettingsContext(deps, request);
    if (!hasConfirmedIdentity(deps, context.session, request, reply)) return reply;
    const page = { ...context, csrf: deps.cookies.csrf(request, reply), errors: [] };
    return sendHtml(reply, renderApiSwitchPage(deps.framing.forStaff(request), page));
  });

  app.post(`${SETTINGS_PATH}/api`, async (request, reply) => {
    deps.cookies.requireCsrf(request, formField(request.body, 'csrf'));
    const context = await loadSettingsContext(deps, request);
    requireChangeableAccount(context.session);
    if (!hasConfirmedIdentity(deps, context.session, request, reply)) return reply;
    const page = { ...context, csrf: deps.cookies.csrf(request, reply) };
    if (formField(request.body, 'sure') !== 'yes')
      return sendHtml(
        reply.code(400),
        renderApiSwitchPage(deps.framing.forStaff(request, settingsPath(page, 'api')), {
          ...page,
          errors: [{ field: 'sure', message: messagesFor(request).api.notConfirmed }],
        }),
      );
    // The form sends the requested state (on or off), not a change of state. Submitting it twice to turn the API off
    // therefore doesn't turn the API on again.
    const enabled = formField(request.body, 'enabled') === 'yes';
    await deps.db.transaction(async (tx) => {
      if (!(await setPracticeEnabled(tx, context.settings.practiceId, enabled))) return;
      await auditChange(request, context, tx, { action: enabled ? 'api-on' : 'api-off' });
    });
    return reply.redirect(`${settingsPath(page)}?done=${enabled ? 'on' : 'off'}`, 303);
  });

  function show(
    request: FastifyRequest,
    reply: FastifyReply,
    context: PracticeSettingsContext,
    input: PracticeDetails,
    errors: readonly FormFieldError[],
  ): FastifyReply {
    const done = findNotice(request.query, messagesFor(request).notices);
    const unpublished = blocksPublishing(deps, context.settings);
    const page = {
      ...context,
      csrf: deps.cookies.csrf(request, reply),
      given: input,
      errors,
      done,
      unpublished,
    };
    return sendHtml(reply, renderSettingsPage(deps.framing.forStaff(request, settingsPath(page)), page));
  }

  const messagesFor = (request: FastifyRequest) =>
    getMessages(deps.framing.forStaff(request).language).practicePortal.settings;

  const auditChange = (
    request: FastifyRequest,
    { session, settings }: PracticeSettingsContext,
    tx: Parameters<typeof deps.audit.appendInTransaction>[0],
    detail: Readonly<Record<string, unknown>>,
  ): Promise<void> =>
    deps.audit.appendInTransaction(tx, {
      kind: 'practice',
      outcome: 'success',
      requestId: request.id,
      accountId: session.accountId,
      detail: { ...detail, practice: settings.practiceId },
    });
}

/**
 * Whether this practice keeps the practice brands from being published to apps, because it is a live practice with a
 * placeholder name, on a server with https.
 */
const blocksPublishing = ({ publicUrl }: PracticeAdminDeps, { kind, enabled, name }: PracticeSettings): boolean =>
  publicUrl.startsWith('https:') && kind === 'live' && enabled && isPlaceholderName(name);

/**
 * Validates the details of the form. The form takes many names of a time zone, and its error suggests the ones that the
 * text could mean.
 */
function validateDetails(input: PracticeDetails, language: Language): ValidatedDetails {
  const { zone, suggestions } = findTimeZone(input.timeZone);
  const { details, errors } = validatePracticeDetails(
    { ...input, timeZone: zone ?? input.timeZone },
    isEmailAddress,
    language,
  );
  const typed = details.timeZone;
  const { unknownTimeZone, similarTimeZones } = getMessages(language).practicePortal.settings.fields;
  const labels = suggestions.map((one) => timeZoneLabel(language, one));
  const message =
    labels.length === 0 ? unknownTimeZone(typed) : similarTimeZones(typed, formatList(language, labels, 'disjunction'));
  return {
    details,
    errors: errors.map((error) => (error.field === 'timeZone' && typed !== '' ? { ...error, message } : error)),
  };
}

const parseDetails = (form: unknown): PracticeDetails => ({
  name: formField(form, 'name'),
  phone: formField(form, 'phone'),
  email: formField(form, 'email'),
  website: formField(form, 'website'),
  address: formField(form, 'address'),
  npi: formField(form, 'npi'),
  color: parseColor(form),
  timeZone: formField(form, 'timeZone'),
});

/** Returns the picked color if the picker was used, and the typed one otherwise. */
function parseColor(form: unknown): string {
  const picked = formField(form, COLOR_PICKER.picked);
  const isUnused = picked === '' || picked === formField(form, COLOR_PICKER.shown);
  return isUnused ? formField(form, 'color') : picked;
}
