// Imported for its types only: they declare `request.cookies`.
import type {} from '@fastify/cookie';
import type { FastifyRequest } from 'fastify';
import { LANGUAGE_COOKIE, type PageContext } from '../../i18n/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import { readChart } from '../chart/chart.ts';
import type { PatientChart } from '../contract.ts';
import { hashInvitationToken } from '../invitation/codes.ts';
import { findInvitationByHash, type StoredInvitation } from '../invitation/store.ts';
import type { EnrollmentPageDeps } from './deps.ts';
import { readStepCookie } from './step-cookie.ts';

/** An invitation that is open in a browser. */
export interface OpenedInvitation {
  readonly invitation: StoredInvitation;
  readonly chart: PatientChart;
  readonly pageContext: PageContext;
  /** SHA-256 of the invitation's token. */
  readonly hash: Buffer;
  /** Path of the invitation's pages, `/enroll/TOKEN`. */
  readonly path: string;
}

/** Details for the page of an invitation that can't be used. */
export interface EndedInvitation {
  readonly pageContext: PageContext;
  /** Name of the practice that sent the invitation; `undefined` if the invitation is unknown. */
  readonly practice?: string;
  /** The account that was created with it. */
  readonly usedBy?: AccountId | undefined;
  /** This browser had started the enrollment. */
  readonly wasHere?: boolean;
  /** SHA-256 of the invitation's token. */
  readonly hash?: Buffer;
}

/** Thrown when an invitation can't be used. The page is the same for every reason. */
export class InvitationEnded extends Error {
  override readonly name = 'Over';
  readonly ended: EndedInvitation;
  constructor(ended: EndedInvitation) {
    super('over');
    this.ended = ended;
  }
}

/**
 * Loads an invitation without changing it, because email programs open links to preview them. Throws `InvitationEnded`
 * unless it is open or declined.
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
    throw new InvitationEnded({ pageContext: deps.framing.forOperator(request, requestPath(request)) });
  const pageContext = await invitationPageContext(deps, request, invitation);
  const usable = invitation.state === 'open' || invitation.state === 'declined';
  const chart = usable ? await readChart(deps.db, invitation.recordId, now) : undefined;
  if (chart === undefined) {
    const wasHere = readStepCookie(request, { secure: deps.secure, hash }) !== undefined;
    throw new InvitationEnded({
      pageContext,
      practice: pageContext.brand.name,
      usedBy: invitation.usedBy,
      wasHere,
      hash,
    });
  }
  return { invitation, chart, pageContext, hash, path: `/enroll/${token}` };
}

/** Page context in the invitation's language, until the person chooses another. */
async function invitationPageContext(
  deps: EnrollmentPageDeps,
  request: FastifyRequest,
  { practiceId, language }: StoredInvitation,
) {
  const pageContext = await deps.framing.forPractice(request, practiceId, requestPath(request));
  return request.cookies[LANGUAGE_COOKIE] === undefined ? { ...pageContext, language } : pageContext;
}

/** Path for the language links. A form posts to the path of its page, so a GET of the path shows that page. */
const requestPath = ({ url }: FastifyRequest): string => url.split('?')[0] ?? '/enroll';
