import type { TestAccount } from './contract/explorer.ts';

/** An account of the sandbox as its generator describes it. */
export interface SandboxAccount {
  readonly username: string;
  readonly kind: TestAccount['kind'];
  readonly about: string;
  readonly covers: TestAccount['covers'];
}

/** The sandbox, whose credentials are public. An installation may have none. */
export interface PublishedSandbox {
  /** The app with which the API explorer and Swagger UI authorize. */
  readonly explorer: { readonly clientId: string; readonly scope: string };
  readonly testAccounts: readonly SandboxAccount[];
  readonly testPassword: string;
}
