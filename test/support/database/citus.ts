import { CLUSTER, joinNodes, serversOf } from './cluster.ts';
import { createDatabase, dropDatabase, randomName, urlOf } from './databases.ts';

export interface CitusDatabase {
  /** The database on the coordinator. */
  readonly url: string;
  /** The database of the same name on the first worker. */
  readonly workerUrl: string;
  /** Installs Citus in the database on all nodes, and makes them one cluster. */
  join(): Promise<void>;
  close(): Promise<void>;
}

/** Creates a database with a random name on all nodes of the cluster. It has no tables, and no extension. */
export async function citusDatabase(): Promise<CitusDatabase> {
  const admin = CLUSTER ?? '';
  const name = randomName();
  await createDatabase(admin, name, 'template0');
  const urls = (await serversOf(admin)).map((server) => urlOf(server, name));
  const [url = '', workerUrl = ''] = urls;
  return {
    url,
    workerUrl,
    join: () => joinNodes(urls),
    close: () => dropDatabase(admin, url),
  };
}
