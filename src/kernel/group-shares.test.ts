import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fairQueue } from './fair-queue.ts';
import { createGroupShares } from './group-shares.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/**
 * Creates two queues, `x` and `y`, that share a server. A task `xa1` is one of group a in queue x. Tasks run until they
 * are ended.
 */
function twoQueues({ concurrencyPerGroup = 4 } = {}) {
  const limits = { maxWaitingPerMember: 100, maxWaiting: 100, createFullError: () => new Error('full') };
  const shares = createGroupShares();
  const createQueue = () => fairQueue({ concurrency: 4, concurrencyPerGroup, shares, ...limits });
  const queues = new Map([
    ['x', createQueue()],
    ['y', createQueue()],
  ]);
  const running = new Map<string, () => void>();
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {
    running: () => [...running.keys()].join(' '),
    async arrive(names: string) {
      for (const name of names.split(' ')) {
        const group = name.charAt(1);
        const work = async () => {
          const { promise, resolve } = Promise.withResolvers<void>();
          running.set(name, resolve);
          await promise;
          running.delete(name);
        };
        void queues.get(name.charAt(0))?.run({ group, member: group }, work);
      }
      await turn();
    },
    async end(names: string) {
      for (const name of names.split(' ')) running.get(name)?.();
      await turn();
    },
    async pass(milliseconds: number) {
      vi.advanceTimersByTime(milliseconds);
      await turn();
    },
    state: () => [...queues.values()].map((queue) => queue.state()),
  };
}

describe('queues that several groups share', () => {
  it('give a group all slots as long as it is alone', async () => {
    const { arrive, running } = twoQueues();
    await arrive('xa1 xa2 xa3 xa4 xa5 ya1');
    expect(running()).toBe('xa1 xa2 xa3 xa4 ya1');
  });

  it('begin the tasks of a large group one after the other, with turns for each queue', async () => {
    const { arrive, end, running, state } = twoQueues();
    await arrive('xb1 xa1 xa2 xa3 xa4 ya5 ya6');
    expect(running(), 'two tasks are not more than twice as many as one').toBe('xb1 xa1 xa2');
    await end('xa1');
    expect(running()).toBe('xb1 xa2');
    await end('xa2 xb1');
    const begun: string[] = [];
    for (let last = running(); last !== ''; last = running()) {
      begun.push(last);
      await end(last);
    }
    expect(begun).toEqual(['ya5', 'xa3', 'ya6', 'xa4']);
    expect(state()).toEqual([
      { running: 0, waiting: 0 },
      { running: 0, waiting: 0 },
    ]);
  });

  it('let a group with many tasks wait while a task of a group with few runs or waits', async () => {
    const { arrive, end, running } = twoQueues();
    await arrive('xa1 xb1 xb2 xb3 xb4 yb5 yb6');
    await end('xb1 xb2');
    expect(running(), 'group b has four tasks, group a has one').toBe('xa1');
    await end('xa1');
    expect(running()).toMatch(/^.b\d$/);
    await arrive('ya2');
    await end(running().split(' ')[0] ?? '');
    expect(running(), 'group a has another one').toBe('ya2');
  });

  it('hold up no group if all have about as many tasks', async () => {
    const { arrive, end, running } = twoQueues();
    await arrive('xa1 xa2 xa3 xb1 xb2 xb3 xb4');
    expect(running()).toBe('xa1 xa2 xa3 xb1');
    await end('xa1');
    expect(running()).toBe('xa2 xa3 xb1 xb2');
    await arrive('xa4');
    await end('xb1');
    expect(running()).toBe('xa2 xa3 xb2 xb3');
    await end('xb2');
    expect(running()).toBe('xa2 xa3 xb3 xa4');
  });

  it('don’t let a task that takes long hold up others', async () => {
    const { arrive, running, pass } = twoQueues();
    await arrive('xb1 xa1 ya2 ya3 xa4');
    expect(running()).toBe('xb1 xa1 ya2');
    await pass(99);
    expect(running()).toBe('xb1 xa1 ya2');
    await pass(1);
    expect(running()).toBe('xb1 xa1 ya2 ya3');
    await pass(100);
    expect(running()).toBe('xb1 xa1 ya2 ya3 xa4');
  });

  it('begin a task of each group at least every 100 ms, however many tasks of smaller groups come', async () => {
    const { arrive, end, running, pass } = twoQueues();
    await arrive(`xa0 ${Array.from({ length: 15 }, (_, at) => `xb${at + 1}`).join(' ')}`);
    await end('xb1 xb2');
    for (let number = 0; number < 4; number += 1) {
      expect(running()).toBe(`xa${number}`);
      await pass(50);
      await arrive(`xa${number + 1}`);
      await end(`xa${number}`);
      expect(running()).toBe(`xa${number + 1}`);
      await pass(50);
      expect(running()).toBe(`xa${number + 1} xb${number + 3}`);
      await end(`xb${number + 3}`);
    }
  });

  it('keep some slots of a queue free for another group, even from tasks that take long', async () => {
    const { arrive, end, running, pass } = twoQueues({ concurrencyPerGroup: 2 });
    await arrive('xa0 xb1 xb2 xb3 yb4');
    await end('xa0');
    await pass(500);
    expect(running()).toBe('xb1 xb2 yb4');
    await arrive('xa1');
    expect(running()).toBe('xb1 xb2 yb4 xa1');
  });

  it('give a group all slots again about a second after the last task of another group', async () => {
    const { arrive, end, running, pass } = twoQueues({ concurrencyPerGroup: 1 });
    await arrive('xa1 xb1 xb2 xb3');
    await end('xa1');
    await pass(999);
    await arrive('yb4');
    expect(running()).toBe('xb1 yb4');
    await pass(100);
    await end('yb4');
    expect(running()).toBe('xb1 xb2 xb3');
  });

  it('give a group all slots again a second after another group, also if nothing arrives or ends meanwhile', async () => {
    const { arrive, end, running, pass } = twoQueues({ concurrencyPerGroup: 1 });
    await arrive('xa1 xb1 xb2 xb3');
    await end('xa1');
    for (let passed = 0; passed < 1200; passed += 100) await pass(100);
    expect(running()).toBe('xb1 xb2 xb3');
  });
});
