import { attach, connectionTo, detach, type Share } from './attach.ts';
import { binariesFor } from './binaries.ts';
import { openDataDir } from './data-dir.ts';
import type { Place } from './launch.ts';
import type { Connection } from './locks.ts';
import { databasePassword } from './password.ts';

export interface EmbeddedOptions {
  readonly dataDir: string;
  /** True for the server, of which a data folder has one; false for a command, which runs beside a server or alone. */
  readonly serving: boolean;
  /** Called when the database was lost and can't be had again. Without it only failing queries tell. */
  readonly onLost?: (reason: unknown) => void;
}

export interface EmbeddedPostgres {
  readonly connection: Connection;
  /** The database ran already: a server's beside this command, or one left behind by a killed server. */
  readonly adopted: boolean;
  /** Leaves the database, and stops it if nobody else uses it. */
  stop(): Promise<void>;
}

/** Runs the real PostgreSQL of a data folder, or joins it where it runs. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const dataDir = openDataDir(options.dataDir);
  const place: Place = { dataDir, bin: binariesFor(dataDir), password: databasePassword(dataDir) };
  const share = await attach(place, options.serving);
  return {
    connection: connectionTo(place, share.postmaster),
    adopted: share.adopted,
    stop: keep(place, share, options),
  };
}

/**
 * Keeps our share: when its connection is lost (the database crashed, and took all locks with it) it is taken again,
 * and the database is started again at the same port if need be, where the pool finds it.
 */
function keep(place: Place, first: Share, { serving, onLost }: EmbeddedOptions): () => Promise<void> {
  let share = Promise.resolve(first);
  let stopping: Promise<void> | undefined;
  const watch = ({ client }: Share): void => {
    client.once('end', () => {
      if (stopping !== undefined) return;
      share = attach(place, serving, first.postmaster.port);
      share.then(watch, onLost ?? (() => {}));
    });
  };
  watch(first);
  const leaveAsIs = (): undefined => undefined;
  return () => {
    stopping ??= share.then((held) => detach(place, held), leaveAsIs);
    return stopping;
  };
}
