import pg from 'pg';

/** All values of a statement's answer, over a connection of its own. */
export async function ask(config: pg.ClientConfig, sql: string): Promise<unknown[]> {
  const client = new pg.Client(config);
  // a database that dies is an answer too: the statement fails
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    return rows.flat();
  } finally {
    await client.end();
  }
}

/** Whether a database answers; fails when it can't be reached. */
export async function answers(config: pg.ClientConfig): Promise<boolean> {
  const [one] = await ask(config, 'select 1');
  return one === 1;
}
