import { findApp, registerApp, saveAppLogo } from '../../apps/index.ts';
import { type Database, type Executor, inMadeUpSpace } from '../../database/index.ts';
import type { Clock, Random } from '../../kernel/index.ts';
import { drawLogo } from './draw-logo.ts';
import { type ExampleApp, GALLERY_APPS } from './gallery-apps.ts';

export interface GalleryFillDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Registers the made-up apps of the sandbox's gallery that are missing. They are in the space of examples, so no real
 * gallery, review or authorization can find them.
 */
export async function ensureExampleGallery(deps: GalleryFillDeps): Promise<void> {
  await inMadeUpSpace(deps.db, 'examples').transaction(async (tx) => {
    for (const app of GALLERY_APPS) await ensureGalleryApp(tx, deps, app);
  });
}

async function ensureGalleryApp(tx: Executor, { clock, random }: GalleryFillDeps, app: ExampleApp): Promise<void> {
  const { clientId, name, developer, category, description, dataUse, website } = app;
  if ((await findApp(tx, clock, clientId)) !== undefined) return;
  const reads = ['Patient', ...app.types].map((type) => `patient/${type}.rs`);
  await registerApp(
    tx,
    { clock, random },
    {
      ...{ clientId, name, developer, category, description, dataUse },
      kind: 'patient',
      auth: 'none',
      apis: ['r4'],
      scope: `openid fhirUser launch/patient ${reads.join(' ')}`,
      redirectUris: [`${website}/callback`],
      metadata: { client_uri: website, ...(app.hasPolicy ? { policy_uri: `${website}/privacy` } : {}) },
      verifiedAt: app.verified ? clock.now() : null,
      listed: true,
      state: 'active',
    },
  );
  await saveAppLogo(tx, clientId, { type: 'image/png', bytes: drawLogo(app.drawing, app.color) });
}
