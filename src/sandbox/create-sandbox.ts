import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/index.ts';
import type { PageContexts } from '../i18n/index.ts';
import type { OAuthAddresses } from '../oauth/index.ts';
import type { PublishedSandbox } from '../portal-api/index.ts';
import type { Asset } from '../web-pages/index.ts';
import { demoAssets } from './demo/assets.ts';
import { demoRoutes, staffAppRoutes } from './demo/routes.ts';
import { EXPLORER_CLIENT_ID, EXPLORER_SCOPE, SANDBOX_PASSWORD } from './published-credentials.ts';
import { testAccounts } from './test-accounts.ts';

export interface SandboxDeps {
  readonly config: Pick<Config, 'publicUrl' | 'sandbox' | 'provisionalApps'>;
  readonly addresses: OAuthAddresses;
  readonly pageContexts: PageContexts;
}

export interface SandboxModule {
  /** The published credentials and clients of the sandbox. Undefined for an installation without a sandbox. */
  readonly published: PublishedSandbox | undefined;
  /** Adds the pages of the demo app and the staff app, unless the demo app is off. */
  addPages(scope: FastifyInstance): void;
  /** Scripts and stylesheets of both apps. Empty if the demo app is off. */
  readonly assets: readonly Asset[];
}

/** Creates the public side of the sandbox: its published credentials, the demo app and the staff app. */
export function createSandbox({ config, addresses, pageContexts }: SandboxDeps): SandboxModule {
  const { publicUrl, sandbox, provisionalApps } = config;
  // Both apps are provisional like any new app. They are off if provisional apps are inactive on this server, because
  // they couldn't read any data.
  const hasDemo = sandbox && provisionalApps === 'sandbox';
  return {
    published: sandbox
      ? {
          explorer: { clientId: EXPLORER_CLIENT_ID, scope: EXPLORER_SCOPE },
          testAccounts,
          testPassword: SANDBOX_PASSWORD,
        }
      : undefined,
    addPages: (scope) => {
      if (!hasDemo) return;
      demoRoutes(scope, { publicUrl, addresses, pageContexts });
      staffAppRoutes(scope, { publicUrl, addresses, pageContexts });
    },
    assets: hasDemo ? demoAssets : [],
  };
}
