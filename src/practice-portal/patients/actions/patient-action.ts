import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type EnrollmentActor, EnrollmentError } from '../../../enrollment/index.ts';
import { getMessages, type Messages, type PageContext } from '../../../i18n/index.ts';
import { requireChangeableAccount, type StaffRole } from '../../../identity/index.ts';
import { type Html, sendHtml } from '../../../kernel/index.ts';
import type { FormFieldError } from '../../../web-pages/index.ts';
import { hasConfirmedIdentity } from '../../confirmed-identity.ts';
import { type FormFields, parseFields } from '../../parse-fields.ts';
import { loadStaffContext, notFound, type StaffContext } from '../../roles.ts';
import { practicePath } from '../../staff-page.ts';
import type { PatientAdminDeps } from '../deps.ts';
import { findPatient, type PracticePatient } from '../find-patient.ts';
import type { PatientNotice } from '../notices.ts';

/** Roles that may change a patient's account. Other staff can only view it. */
export const ENROLLMENT_ROLES: readonly StaffRole[] = ['front-desk', 'administrator'];

/** The signed-in staff member, and the patient of their practice whom the page is about. */
export interface PatientAdminContext extends StaffContext {
  readonly patient: PracticePatient;
  /** Path of the patient's page. The paths of all actions start with it. */
  readonly patientPath: string;
  /** Parameters of the request path, such as an account or invitation id. */
  readonly params: FormFields;
  readonly csrf: string;
  readonly pageContext: PageContext;
  /** Texts in the language of the page. */
  readonly messages: Messages['practicePortal'];
  readonly actor: EnrollmentActor;
}

/**
 * Result of a submitted form: return to the patient's page with a notice (`done`), show a page once, or show the form
 * again with `errors`.
 */
export type PatientActionResult =
  | { readonly done: PatientNotice }
  | { readonly page: Html }
  | { readonly errors: readonly FormFieldError[] };

/** An action on a patient: a page with a form, and the handler of that form. */
export interface PatientAction {
  /** Path of the action relative to the patient's page. */
  readonly path: string;
  /** Name of the form field that shows errors which concern no single field. */
  readonly errorField?: string;
  /**
   * Whether the action gives or removes access to an account. Such actions need a recent authentication, and are not
   * available in sessions with shared sandbox credentials.
   */
  readonly changesAccount?: boolean;
  /**
   * Whether sessions with shared sandbox credentials may perform the action on the locked account with which a sandbox
   * patient starts. No one can sign in with that account, and it is locked again within the hour.
   */
  readonly opensStartAccount?: boolean;
  /** Renders the form. undefined if the action isn't possible in the patient's current state. */
  renderForm(
    context: PatientAdminContext,
    form: FormFields,
    errors: readonly FormFieldError[],
  ): Promise<Html | undefined>;
  perform(context: PatientAdminContext, form: FormFields): Promise<PatientActionResult>;
}

/**
 * Loads the signed-in staff member and the patient whose id is in the path.
 * @throws {Problem} `not-found` for a patient of another practice and for an unknown patient
 */
export async function loadPatientContext(
  deps: PatientAdminDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  ...roles: readonly StaffRole[]
): Promise<PatientAdminContext> {
  const { session, job } = await loadStaffContext(deps, request, ...roles);
  const params = parseFields(request.params);
  const patient = await findPatient(deps.db, deps.clock.now(), job.practiceId, params['patientId'] ?? '');
  if (patient === undefined) throw notFound();
  const pageContext = deps.framing.forStaff(request);
  return {
    session,
    job,
    patient,
    patientPath: `${practicePath(job.practiceId, 'patients')}/${patient.patientId}`,
    params,
    csrf: deps.cookies.csrf(request, reply),
    pageContext,
    messages: getMessages(pageContext.language).practicePortal,
    actor: {
      accountId: session.accountId,
      requestId: request.id,
      visitor: session.published ? session.browser : undefined,
    },
  };
}

/**
 * Registers an action on a patient: GET shows the form and POST performs the action. If the action isn't possible in
 * the patient's current state, both redirect to the patient's page.
 */
export function patientActionRoutes(app: FastifyInstance, deps: PatientAdminDeps, action: PatientAction): void {
  const path = `/practice/:practiceId/patients/:patientId/${action.path}`;

  /** Returns undefined if it redirected to the page that asks for the second factor. */
  async function enter(request: FastifyRequest, reply: FastifyReply): Promise<PatientAdminContext | undefined> {
    const context = await loadPatientContext(deps, request, reply, ...ENROLLMENT_ROLES);
    if (action.changesAccount !== true) return context;
    if (!(await isStartAccount(context))) requireChangeableAccount(context.session);
    return hasConfirmedIdentity(deps, context.session, request, reply) ? context : undefined;
  }

  const isStartAccount = async ({ patient, params }: PatientAdminContext): Promise<boolean> => {
    if (action.opensStartAccount !== true) return false;
    const found = await deps.enrollments.findSandboxPatient(patient.recordId);
    return found?.accountId !== undefined && found.accountId === params['accountId'];
  };

  app.get(path, async (request, reply) => {
    const context = await enter(request, reply);
    if (context === undefined) return reply;
    // The form is never prefilled from the query string. Otherwise a link could fill in values that staff then only
    // confirm.
    const page = await action.renderForm(context, parseFields({}), []);
    return page === undefined ? redirectToPatient(reply, context, 'changed') : sendHtml(reply, page);
  });

  app.post(path, async (request, reply) => {
    const form = parseFields(request.body);
    deps.cookies.requireCsrf(request, form['csrf']);
    const context = await enter(request, reply);
    if (context === undefined) return reply;
    const outcome = await action.perform(context, form).catch((error) => toActionErrors(action, context, error));
    if ('done' in outcome) return redirectToPatient(reply, context, outcome.done);
    if ('page' in outcome) return sendHtml(reply, outcome.page);
    // The form with errors links to itself in the other language. A page that is shown once doesn't, because the link
    // would lose it.
    const retry = { ...context, pageContext: deps.framing.forStaff(request, request.url) };
    const page = await action.renderForm(retry, form, outcome.errors);
    return page === undefined ? redirectToPatient(reply, context, 'changed') : sendHtml(reply.code(400), page);
  });
}

const redirectToPatient = (
  reply: FastifyReply,
  { patientPath }: PatientAdminContext,
  done: PatientNotice,
): FastifyReply => reply.redirect(`${patientPath}?${new URLSearchParams({ done })}`, 303);

function toActionErrors(
  { errorField = 'main' }: PatientAction,
  { messages }: PatientAdminContext,
  error: unknown,
): PatientActionResult {
  if (!(error instanceof EnrollmentError)) throw error;
  return { errors: [{ field: errorField, message: messages.patientInvitation.rejections[error.rejection] }] };
}
