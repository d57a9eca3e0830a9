import { describe, expect, it } from 'vitest';
import { later } from './clock.ts';
import { recent } from './recent.ts';

const START = new Date('2026-05-01T10:00:00Z');

/** A memory of a table that changes, with the questions it asked. */
function memoryOf(table: Record<string, string>, most?: number) {
  const asked: string[] = [];
  let now = START;
  const look = async (key: string) => {
    asked.push(key);
    return table[key];
  };
  const move = (milliseconds: number) => {
    now = later(now, milliseconds);
  };
  return { memory: recent({ now: () => now }, look, most), asked, move };
}

describe('what was looked up', () => {
  it('is remembered for less than a second', async () => {
    const table = { a: 'old' };
    const { memory, asked, move } = memoryOf(table);
    expect(await memory.find('a')).toBe('old');
    table.a = 'new';
    move(999);
    expect(await memory.find('a')).toBe('old');
    move(1);
    expect(memory.remembered('a')).toBeUndefined();
    expect(await memory.find('a')).toBe('new');
    expect(asked).toEqual(['a', 'a']);
  });
  it('is a second old from when it was asked for, however long the answer took', async () => {
    let now = START;
    const slow = recent({ now: () => now }, async () => {
      now = later(now, 1000);
      return 'late';
    });
    expect(await slow.find('a')).toBe('late');
    expect(slow.remembered('a')).toBeUndefined();
  });
  it('and was not found is asked for each time', async () => {
    const table: Record<string, string> = {};
    const { memory, asked } = memoryOf(table);
    expect(await memory.find('a')).toBeUndefined();
    table['a'] = 'here';
    expect(await memory.find('a')).toBe('here');
    expect(asked).toEqual(['a', 'a']);
  });
  it('is not fresh when the clock was set back', async () => {
    const table = { a: 'old' };
    const { memory, move } = memoryOf(table);
    await memory.find('a');
    table.a = 'new';
    move(-1);
    expect(await memory.find('a')).toBe('new');
    expect(memory.remembered('a')).toBe('new');
  });
  it('is replaced when it is asked for as it is now', async () => {
    const table: Record<string, string> = { a: 'old' };
    const { memory } = memoryOf(table);
    await memory.find('a');
    table['a'] = 'new';
    expect(await memory.ask('a')).toBe('new');
    expect(memory.remembered('a')).toBe('new');
    delete table['a'];
    expect(await memory.ask('a')).toBeUndefined();
    expect(memory.remembered('a')).toBeUndefined();
  });
  it('a look-up that fails is remembered as nothing', async () => {
    let up = false;
    const memory = recent({ now: () => START }, async () => {
      if (!up) throw new Error('the database is gone');
      return 'back';
    });
    await expect(memory.find('a')).rejects.toThrow('gone');
    up = true;
    expect(await memory.find('a')).toBe('back');
  });
});

describe('what is forgotten', () => {
  it('is asked for again, and nothing else is', async () => {
    const { memory, asked } = memoryOf({ a: '1', b: '2' });
    await memory.find('a');
    await memory.find('b');
    memory.forget((key) => key === 'a');
    expect({ a: memory.remembered('a'), b: memory.remembered('b') }).toEqual({ a: undefined, b: '2' });
    await memory.find('a');
    expect(asked).toEqual(['a', 'b', 'a']);
  });
  it('while it is being asked for, is not remembered from the answer', async () => {
    const answers: ((value: string) => void)[] = [];
    const memory = recent({ now: () => START }, () => new Promise<string>((resolve) => answers.push(resolve)));
    const finding = memory.find('a');
    memory.forget((key) => key === 'a');
    answers[0]?.('from before');
    expect(await finding).toBe('from before');
    expect(memory.remembered('a')).toBeUndefined();
  });
});

describe('the memory is bounded', () => {
  it('beyond its number the oldest go', async () => {
    const { memory } = memoryOf({ a: '1', b: '2', c: '3' }, 2);
    for (const key of ['a', 'b', 'a', 'c']) await memory.ask(key);
    expect(['a', 'b', 'c'].map(memory.remembered)).toEqual(['1', undefined, '3']);
  });
  it('what is stale goes as new ones come: the clock going back does not bring it to life', async () => {
    const { memory, move } = memoryOf({ old: '1', new: '2' });
    await memory.find('old');
    move(1000);
    await memory.find('new');
    move(-1000);
    expect(memory.remembered('old')).toBeUndefined();
  });
});
