import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Executor, withSavepoints } from '../../src/database/index.ts';
import { type EmptyDatabase, emptyDatabase } from '../support/database/empty-database.ts';
import { testDatabase } from '../support/database/test-database.ts';

let made: EmptyDatabase;
beforeAll(async () => {
  made = await emptyDatabase(testDatabase());
  await made.db.queryText('create table written (n int primary key)', []);
});
afterEach(() => made.db.queryText('delete from written', []));
afterAll(() => made.close());

const write = (db: Executor, n: number) => db.queryText('insert into written values ($1)', [n]);
const fail = (db: Executor) => db.queryText('select 1/0', []);
const written = async () =>
  (await made.db.queryText<{ n: number }>('select n from written order by n', [])).map(({ n }) => n);
const ROLLED_BACK = 'the transaction was rolled back';
const OVER = 'after the end';

describe('a transaction in which a statement failed', () => {
  it('doesn’t report success, even if the error was caught and the work continued', async () => {
    const outcome = made.db.transaction(async (tx) => {
      await write(tx, 1);
      await fail(tx).catch(() => {});
      return 'done';
    });
    await expect(outcome).rejects.toThrow(ROLLED_BACK);
    expect(await written()).toEqual([]);
  });

  it('doesn’t report success, even if nothing awaited the statement', async () => {
    const outcome = made.db.transaction(async (tx) => {
      await write(tx, 1);
      fail(tx).catch(() => {});
      return 'done';
    });
    await expect(outcome).rejects.toThrow(ROLLED_BACK);
    expect(await written()).toEqual([]);
  });

  it('runs none of the later statements', async () => {
    let own: Executor | undefined;
    const outcome = made.db.transaction((tx) => {
      own = tx;
      return Promise.all([write(tx, 1), fail(tx)]);
    });
    await expect(outcome).rejects.toMatchObject({ code: '22012' });
    await expect(write(own as Executor, 2)).rejects.toThrow(OVER);
    expect(await written()).toEqual([]);
  });

  it('returns its connection, as one that was cut does', async () => {
    for (let turn = 0; turn < 10; turn += 1) {
      const caught = made.db.transaction((tx) => fail(tx).catch(() => {}));
      await expect(caught).rejects.toThrow(ROLLED_BACK);
      const cut = made.db.transaction((tx) => tx.queryText('select pg_terminate_backend(pg_backend_pid())', []));
      await expect(cut).rejects.toThrow();
    }
    await made.db.transaction((tx) => write(tx, 1));
    expect(await written()).toEqual([1]);
  });
});

describe('a nested transaction', () => {
  it('that failed writes nothing, nor do its later statements, and the outer one continues', async () => {
    await made.db.transaction(async (tx) => {
      await write(tx, 1);
      let own: Executor | undefined;
      const part = withSavepoints(tx).transaction((inner) => {
        own = inner;
        return Promise.all([write(inner, 2), fail(inner)]);
      });
      await expect(part).rejects.toMatchObject({ code: '22012' });
      await expect(write(own as Executor, 3)).rejects.toThrow(OVER);
      await write(tx, 4);
    });
    expect(await written()).toEqual([1, 4]);
  });

  it('waits for its pending statements before it is rolled back', async () => {
    await made.db.transaction(async (tx) => {
      const part = withSavepoints(tx).transaction((own) => {
        own.queryText('select pg_sleep(0.1)', []).catch(() => {});
        write(own, 1).catch(() => {});
        return Promise.reject(new Error('given up'));
      });
      await expect(part).rejects.toThrow('given up');
      await write(tx, 2);
    });
    expect(await written()).toEqual([2]);
  });

  it('doesn’t report success if an error in it was caught', async () => {
    await made.db.transaction(async (tx) => {
      const part = withSavepoints(tx).transaction(async (own) => {
        await write(own, 1);
        await fail(own).catch(() => {});
      });
      await expect(part).rejects.toMatchObject({ code: '25P02' });
      await write(tx, 2);
    });
    expect(await written()).toEqual([2]);
  });

  it('that has ended runs nothing more with its executor', async () => {
    await made.db.transaction(async (tx) => {
      const own = await withSavepoints(tx).transaction(async (part) => ({ part }));
      await expect(write(own.part, 1)).rejects.toThrow(OVER);
    });
    expect(await written()).toEqual([]);
  });
});
