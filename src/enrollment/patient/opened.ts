// Imported for its types only: they declare `request.cookies`.
import type {} from '@fastify/cookie';
import type { FastifyRequest } from 'fastify';
import type { AccountId } from '../../kernel/index.ts';
import { type Frame, LANGUAGE_COOKIE } from '../../words/index.ts';
import { readChart } from '../chart/chart.ts';
import type { Chart } from '../contract.ts';
import { invitationHash } from '../invitation/codes.ts';
import { findByHash, type StoredInvitation } from '../invitation/store.ts';
import type { EnrollDeps } from './deps.ts';
import { readStepCookie } from './step-cookie.ts';

/** An invitation that is open in a browser. */
export interface Opened {
  readonly invitation: StoredInvitation;
  readonly chart: Chart;
  readonly pageContext: Frame;
  /** SHA-256 of the invitation's token. */
  readonly hash: Buffer;
  /** Path of the invitation's pages, `/enroll/TOKEN`. */
  readonly path: string;
}

/** Details for the page of an invitation that can't be used. */
export interface Ended {
  readonly pageContext: Frame;
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
export class Over extends Error {
  override readonly name = 'Over';
  readonly ended: Ended;
  constructor(ended: Ended) {
    super('over');
    this.ended = ended;
  }
}

/**
 * Loads an invitation without changing it, because email programs open links to preview them. Throws `InvitationEnded`
 * unless it is open or declined.
 */
export async function open(deps: EnrollDeps, request: FastifyRequest, token: string): Promise<Opened> {
  const hash = invitationHash(token);
  const now = deps.clock.now();
  const invitation = hash === undefined ? undefined : await findByHash(deps.db, hash, now);
  if (hash === undefined || invitation === undefined)
    throw new Over({ pageContext: deps.framing.plain(request, pathOf(request)) });
  const pageContext = await frameOf(deps, request, invitation);
  const usable = invitation.state === 'open' || invitation.state === 'declined';
  const chart = usable ? await readChart(deps.db, invitation.recordId, now) : undefined;
  if (chart === undefined) {
    const wasHere = readStepCookie(request, { secure: deps.secure, hash }) !== undefined;
    throw new Over({ pageContext, practice: pageContext.brand.name, usedBy: invitation.usedBy, wasHere, hash });
  }
  return { invitation, chart, pageContext, hash, path: `/enroll/${token}` };
}

/** Page context in the invitation's language, until the person chooses another. */
async function frameOf(deps: EnrollDeps, request: FastifyRequest, { practiceId, language }: StoredInvitation) {
  const pageContext = await deps.framing.ofPractice(request, practiceId, pathOf(request));
  return request.cookies[LANGUAGE_COOKIE] === undefined ? { ...pageContext, language } : pageContext;
}

/** Path for the language links. A form posts to the path of its page, so a GET of the path shows that page. */
const pathOf = ({ url }: FastifyRequest): string => url.split('?')[0] ?? '/enroll';
