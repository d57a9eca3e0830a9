// Types only: request.cookies comes with the plugin.
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

/** An invitation that somebody has open in a browser. */
export interface Opened {
  readonly invitation: StoredInvitation;
  readonly chart: Chart;
  readonly frame: Frame;
  /** Of its token. */
  readonly hash: Buffer;
  /** `/enroll/…` */
  readonly path: string;
}

/** What there is to say of an invitation that can't be used. */
export interface Ended {
  readonly frame: Frame;
  /** Name of the practice that invited; undefined: it never was. */
  readonly practice?: string;
  /** The account that came of it. */
  readonly usedBy?: AccountId | undefined;
  /** This browser was on the way itself. */
  readonly wasHere?: boolean;
  /** Of its token. */
  readonly hash?: Buffer;
}

/** It can't be used: whatever the reason, the page is the same. */
export class Over extends Error {
  override readonly name = 'Over';
  readonly ended: Ended;
  constructor(ended: Ended) {
    super('over');
    this.ended = ended;
  }
}

/** Looks, and changes nothing: mail programs open links to look at them. Throws `Over` unless it is open or declined. */
export async function open(deps: EnrollDeps, request: FastifyRequest, token: string): Promise<Opened> {
  const hash = invitationHash(token);
  const now = deps.clock.now();
  const invitation = hash === undefined ? undefined : await findByHash(deps.db, hash, now);
  if (hash === undefined || invitation === undefined)
    throw new Over({ frame: deps.framing.plain(request, pathOf(request)) });
  const frame = await frameOf(deps, request, invitation);
  const good = invitation.state === 'open' || invitation.state === 'declined';
  const chart = good ? await readChart(deps.db, invitation.recordId, now) : undefined;
  if (chart === undefined) {
    const wasHere = readStepCookie(request, { secure: deps.secure, hash }) !== undefined;
    throw new Over({ frame, practice: frame.brand.name, usedBy: invitation.usedBy, wasHere, hash });
  }
  return { invitation, chart, frame, hash, path: `/enroll/${token}` };
}

/** In the language of the invitation, until the person chooses another. */
async function frameOf(deps: EnrollDeps, request: FastifyRequest, { practiceId, language }: StoredInvitation) {
  const frame = await deps.framing.ofPractice(request, practiceId, pathOf(request));
  return request.cookies[LANGUAGE_COOKIE] === undefined ? { ...frame, language } : frame;
}

/** Where what answers a form can be seen again: each form is at the address of its page. */
const pathOf = ({ url }: FastifyRequest): string => url.split('?')[0] ?? '/enroll';
