import pg from 'pg';

/**
 * Runs a statement on a separate connection.
 * @returns all values of all rows in one list
 */
export async function queryValues(config: pg.ClientConfig, sql: string): Promise<unknown[]> {
  const client = new pg.Client(config);
  // If the database dies, the statement fails. So this event needs no other handler.
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    return rows.flat();
  } finally {
    await client.end();
  }
}

/** Whether a database responds. Rejects if it can't be reached. */
export async function isResponding(config: pg.ClientConfig): Promise<boolean> {
  const [one] = await queryValues(config, 'select 1');
  return one === 1;
}
