import type { FastifyRequest } from 'fastify';
import { chosenLanguage, type PageContext } from '../../i18n/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import { readChart } from '../chart/chart.ts';
import type { PatientChart } from '../contract.ts';
import { hashInvitationToken } from '../invitation/codes.ts';
import { findInvitationByHash, type StoredInvitation } from '../invitation/store.ts';
import { findSandboxPatient, findSandboxPatientByLetter, type SandboxPatient } from '../sandbox/sandbox-patients.ts';
import type { EnrollmentPageDeps } from './deps.ts';
import { readStepCookie } from './step-cookie.ts';

/**
 * An invitation whose link a person opened, with the patient's chart and the page data that the enrollment pages need.
 */
export interface OpenedInvitation {
  readonly invitation: StoredInvitation;
  readonly chart: PatientChart;
  readonly pageContext: PageContext;
  /** SHA-256 of the token in the invitation link. */
  readonly hash: Buffer;
  /** Path of the invitation's pages, `/enroll/TOKEN`. */
  readonly path: string;
}

/** Details for the page that says that an invitation can't be used. */
export interface EndedInvitation {
  readonly pageContext: PageContext;
  /** Name of the practice that sent the invitation; `undefined` if the invitation is unknown. */
  readonly practice?: string;
  /** Account that was created with the invitation, or to which the record was added; `undefined` if there is none. */
  readonly usedBy?: AccountId | undefined;
  /** True if enrollment with this invitation was started in this browser. */
  readonly wasHere?: boolean;
  /** SHA-256 of the token in the invitation link; `undefined` if the invitation is unknown. */
  readonly hash?: Buffer;
  /**
   * The sandbox patient whom the invitation is for, if visitors of the sandbox try enrollment with the patient. The
   * page then says when the patient is ready for the next visitor.
   */
  readonly sandboxPatient?: SandboxPatient | undefined;
}

/** Thrown if an invitation can't be used. The page that the person sees then doesn't say why. */
export class InvitationEnded extends Error {
  override readonly name = 'Over';
  readonly ended: EndedInvitation;
  constructor(ended: EndedInvitation) {
    super('over');
    this.ended = ended;
  }
}

/**
 * Loads the invitation that a link opens. Changes nothing, because email programs open links to preview them. Throws
 * `InvitationEnded` unless the invitation is open or declined.
 */
export async function openInvitation(
  deps: EnrollmentPageDeps,
  request: FastifyRequest,
  token: string,
): Promise<OpenedInvitation> {
  const hash = hashInvitationToken(token);
  const now = deps.clock.now();
  const invitation = hash === undefined ? undefined : await findInvitationByHash(deps.db, hash, now);
  if (hash === undefined || invitation === undefined)
    throw new InvitationEnded({
      pageContext: deps.framing.forOperator(request, requestPath(request)),
      sandboxPatient: hash && (await findSandboxPatientByLetter(deps.db, hash)),
    });
  const pageContext = await invitationPageContext(deps, request, invitation);
  const usable = invitation.state === 'open' || invitation.state === 'declined';
  const read = usable ? await readChart(deps.db, invitation.recordId, now) : undefined;
  const chart = deps.sandbox || read?.practiceKind !== 'sandbox' ? read : undefined;
  if (chart === undefined) {
    const wasHere = readStepCookie(request, { secure: deps.secure, hash }) !== undefined;
    throw new InvitationEnded({
      pageContext,
      practice: pageContext.brand.name,
      usedBy: invitation.usedBy,
      wasHere,
      hash,
      sandboxPatient: await findSandboxPatient(deps.db, invitation.recordId),
    });
  }
  return { invitation, chart, pageContext, hash, path: `/enroll/${token}` };
}

/**
 * Returns the language and brand of an invitation's pages. The language is the invitation's, unless the person chose a
 * language in this browser.
 */
async function invitationPageContext(
  deps: EnrollmentPageDeps,
  request: FastifyRequest,
  { practiceId, language }: StoredInvitation,
) {
  const pageContext = await deps.framing.forPractice(request, practiceId, requestPath(request));
  return chosenLanguage(request.headers) === undefined ? { ...pageContext, language } : pageContext;
}

/**
 * Returns the path for the links that change the language. It works after a form was submitted too, because each form
 * posts to the path of its own page.
 */
const requestPath = ({ url }: FastifyRequest): string => url.split('?')[0] ?? '/enroll';
