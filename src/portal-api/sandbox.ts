import type { TestAccount } from './contract/explorer.ts';

/** An account of the sandbox as its generator describes it. */
export interface SandboxAccount {
  readonly username: string;
  readonly kind: TestAccount['kind'];
  readonly about: string;
  readonly covers: TestAccount['covers'];
}

/** The public credentials and accounts of the sandbox. An installation may have no sandbox. */
export interface PublishedSandbox {
  /** The sandbox app as which the API explorer and Swagger UI authorize. */
  readonly explorer: { readonly clientId: string; readonly scope: string };
  readonly testAccounts: readonly SandboxAccount[];
  readonly testPassword: string;
}
