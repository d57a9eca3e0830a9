import type { FastifyInstance } from 'fastify';
import { type Config, usesHttps } from '../config/index.ts';
import type { Database } from '../database/index.ts';
import type { PageContexts } from '../i18n/index.ts';
import type { IdentityModule } from '../identity/index.ts';
import { type BackgroundWork, EVERY_MINUTE, HOURLY } from '../jobs/index.ts';
import type { PracticeId } from '../kernel/index.ts';
import type { Enrollments } from './contract.ts';
import { createEnrollments } from './enrollments.ts';
import { findInvitationPractice } from './invitation/find-practice.ts';
import { refreshWholePatientList } from './patient-list/refresh-list.ts';
import type { EnrollmentDeps } from './ports.ts';
import { purgeExpiredEnrollments } from './purge-expired.ts';
import { enrollmentRoutes } from './routes/routes.ts';
import { noteSandboxChanges } from './sandbox/note-changes.ts';

export interface EnrollmentModuleDeps extends Omit<EnrollmentDeps, 'publicUrl' | 'post'> {
  readonly db: Database;
  readonly config: Pick<Config, 'publicUrl' | 'brandName' | 'passwordCost' | 'sandbox'>;
  readonly mail: EnrollmentDeps['post'];
  readonly pageContexts: PageContexts;
  readonly identity: Pick<IdentityModule, 'cookies' | 'signedIn' | 'entrance' | 'passkeys'>;
}

export interface EnrollmentModule extends BackgroundWork {
  readonly enrollments: Enrollments;
  /**
   * Finds the practice that sent an invitation, by the address of one of its enrollment pages. Returns undefined for
   * any other address.
   */
  findInvitationPractice(address: URL): Promise<PracticeId | undefined>;
  /**
   * Registers the enrollment pages. The Fastify plugins for cookies and forms must be registered in the Fastify
   * instance `scope` before.
   */
  addRoutes(scope: FastifyInstance): void;
}

/** Creates the enrollment module: invitations, the enrollment pages, and the jobs and scheduled tasks for both. */
export function createEnrollment(deps: EnrollmentModuleDeps): EnrollmentModule {
  const { db, clock, random, audit, mail: post, config, pageContexts: framing, identity } = deps;
  const { publicUrl, brandName, passwordCost, sandbox } = config;
  const { cookies, signedIn: sessionGuard, entrance: signInCompletion, passkeys } = identity;
  const shared = { db, clock, random, audit, post, publicUrl };
  const enrollments = createEnrollments(shared);
  return {
    enrollments,
    findInvitationPractice: ({ pathname }) => findInvitationPractice({ db, clock }, pathname),
    addRoutes: (scope) =>
      enrollmentRoutes(scope, {
        ...shared,
        audit: noteSandboxChanges(audit, clock),
        sandbox,
        brandName,
        passwordCost,
        cookies,
        framing,
        sessionGuard,
        signInCompletion,
        passkeys,
        secure: usesHttps(config),
      }),
    handlers: { 'bulk-invitation': enrollments.processBulkTurn },
    queueMissingJobs: () => enrollments.queueUnfinishedBulks(),
    tasks: [
      { name: 'purge-enrollments', cron: HOURLY, run: (before) => purgeExpiredEnrollments(db, before) },
      { name: 'refresh-patient-list', cron: EVERY_MINUTE, run: () => refreshWholePatientList(db) },
    ],
  };
}
