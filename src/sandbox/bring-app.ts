import type { Database } from '../database/index.ts';
import { type ClientId, systemClock as clock, systemRandom as random } from '../kernel/index.ts';
import { findApp, type NewApp, registerApp, setApp } from '../registry/index.ts';

/** An app that comes with the server: public, for patients of the sandbox. */
export interface BroughtApp {
  readonly clientId: ClientId;
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly scope: string;
  /** What patients are told about it. */
  readonly about?: Required<Pick<NewApp, 'developer' | 'dataUse' | 'metadata'>>;
}

/**
 * Registers it, provisional like any new app, or moves it to where the server is now. What an operator entered about it
 * stays.
 */
export async function bringApp(db: Database, { about, ...app }: BroughtApp): Promise<void> {
  const { clientId, redirectUris } = app;
  const deps = { clock, random };
  const known = await findApp(db, clock, clientId);
  if (known === undefined) {
    const kind = { kind: 'patient', auth: 'none', state: 'provisional', apis: ['r4', 'dstu2'] } as const;
    await registerApp(db, deps, { ...app, ...about, ...kind });
    return;
  }
  const isMoved = !redirectUris.every((uri) => known.redirectUris.includes(uri));
  const isUnsaid = about !== undefined && known.developer === null;
  const isOurs = isUnsaid || known.developer === about?.developer;
  if (!isMoved && !isUnsaid) return;
  await db.transaction((tx) =>
    setApp(tx, deps, clientId, ({ metadata }) => ({
      redirectUris,
      ...(isOurs && about !== undefined ? { ...about, metadata: { ...metadata, ...about.metadata } } : {}),
    })),
  );
}
