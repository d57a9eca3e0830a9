import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/index.ts';
import type { PageContexts } from '../i18n/index.ts';
import type { IdentityModule } from '../identity/index.ts';
import { type BackgroundWork, HOURLY } from '../jobs/index.ts';
import { days } from '../kernel/index.ts';
import type { ServerEmailQueue } from '../mail/index.ts';
import type { PortalContext } from '../portal-api/index.ts';
import { signUpRoutes } from './routes.ts';
import { purgeSignUps } from './sign-up-store.ts';
import { findVisitorSignUp } from './visitor-sign-up.ts';

export interface SignUpModuleDeps {
  readonly context: PortalContext;
  readonly config: Pick<Config, 'publicUrl' | 'brandName' | 'passwordCost' | 'sandbox'>;
  readonly mail: ServerEmailQueue;
  readonly pageContexts: PageContexts;
  readonly identity: Pick<IdentityModule, 'cookies' | 'signedIn' | 'entrance' | 'passkeys'>;
}

export interface SignUpModule extends BackgroundWork {
  /** Adds the pages of developer sign-up. The cookie and form plugins must be registered on the Fastify instance. */
  addPages(scope: FastifyInstance): void;
  /** Returns the path of the form with which visitors of the sandbox sign up; undefined if it isn't available. */
  findVisitorSignUp(): Promise<string | undefined>;
}

/** Creates the module with which developers sign up. */
export function createSignUp({
  context,
  config,
  mail: post,
  pageContexts: framing,
  identity,
}: SignUpModuleDeps): SignUpModule {
  const { publicUrl, brandName, passwordCost, sandbox } = config;
  const { cookies, signedIn, entrance, passkeys } = identity;
  const { db } = context;
  const pages = { cookies, signedIn, entrance, passkeys, framing };
  return {
    addPages: (scope) =>
      signUpRoutes(scope, { ...context, ...pages, post, publicUrl, brandName, passwordCost, sandbox }),
    findVisitorSignUp: () => findVisitorSignUp({ db, post, sandbox }),
    tasks: [{ name: 'purge-sign-ups', cron: HOURLY, keptFor: days(1), run: (before) => purgeSignUps(db, before) }],
  };
}
