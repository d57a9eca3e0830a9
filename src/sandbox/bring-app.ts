import type { Database } from '../database/index.ts';
import { type ClientId, systemClock as clock, systemRandom as random } from '../kernel/index.ts';
import { findApp, moveApp, registerApp } from '../registry/index.ts';

/** An app that comes with the server: public, for patients of the sandbox. */
export interface BroughtApp {
  readonly clientId: ClientId;
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly scope: string;
}

/** Registers it, provisional like any new app, or moves it to where the server is now. */
export async function bringApp(db: Database, app: BroughtApp): Promise<void> {
  const { clientId, redirectUris } = app;
  const known = await findApp(db, clock, clientId);
  if (known === undefined) {
    const kind = { kind: 'patient', auth: 'none', state: 'provisional', apis: ['r4', 'dstu2'] } as const;
    await registerApp(db, { clock, random }, { ...app, ...kind });
  } else if (!redirectUris.every((uri) => known.redirectUris.includes(uri))) {
    await moveApp(db, clientId, redirectUris);
  }
}
