import type { TestAccount } from './contract/explorer.ts';

/** An account of the sandbox that developers can sign in to, with a description of its person or role. */
export interface SandboxAccount {
  readonly username: string;
  readonly kind: TestAccount['kind'];
  readonly about: string;
  readonly covers: TestAccount['covers'];
}

/** The public credentials and accounts of the sandbox. An installation may have no sandbox. */
export interface PublishedSandbox {
  /** The sandbox app with whose client_id the API explorer and Swagger UI request authorization. */
  readonly explorer: { readonly clientId: string; readonly scope: string };
  readonly testAccounts: readonly SandboxAccount[];
  readonly testPassword: string;
}
