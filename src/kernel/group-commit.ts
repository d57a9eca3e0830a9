import { AsyncLocalStorage } from 'node:async_hooks';

export interface GroupCommitOptions<Item, Result> {
  /** Maximum number of items in one group. */
  readonly maxItems: number;
  /** Commits a group. Returns the results in the order of the items. */
  commit(items: readonly Item[]): Promise<readonly Result[]>;
  /**
   * Whether a single item can be the cause of an error. The items of the group that failed are then committed one by
   * one, so that only that item fails.
   */
  isCausedByItem(error: unknown): boolean;
  /** Items with equal keys are in different groups. By default, any items can be in one group. */
  keyOf?(item: Item): string;
}

interface WaitingItem<Item, Result> {
  readonly item: Item;
  readonly done: (result: Result) => void;
  readonly failed: (error: unknown) => void;
  /** Runs work as a part of the request that waits for this item, so that its statements are in that request's trace. */
  readonly inContext: <Work>(work: () => Work) => Work;
}

/**
 * Returns a function that commits an item together with others, because a commit costs more than an item. Items that
 * arrive while a group is being committed form the next group (group commit without a timer): an idle server commits
 * each item at once, a busy server commits larger groups.
 */
export function groupCommit<Item, Result>({
  maxItems,
  commit,
  isCausedByItem,
  keyOf,
}: GroupCommitOptions<Item, Result>): (item: Item) => Promise<Result> {
  type Waiting = WaitingItem<Item, Result>;
  let waiting: Waiting[] = [];
  let isCommitting = false;

  async function commitAll(): Promise<void> {
    if (isCommitting) return;
    isCommitting = true;
    while (waiting.length > 0) await commitGroup(takeGroup());
    isCommitting = false;
  }

  function takeGroup(): readonly Waiting[] {
    const [group, rest] = keyOf === undefined ? splitAt(waiting, maxItems) : splitByKey(waiting, maxItems, keyOf);
    waiting = rest;
    return group;
  }

  async function commitGroup(group: readonly Waiting[]): Promise<void> {
    const [first] = group;
    if (first === undefined) return;
    try {
      const results = await first.inContext(() => commit(group.map(({ item }) => item)));
      for (const [i, { done }] of group.entries()) done(results[i] as Result);
    } catch (error) {
      if (group.length > 1 && isCausedByItem(error)) for (const one of group) await commitGroup([one]);
      else for (const { failed } of group) failed(error);
    }
  }

  return (item) =>
    new Promise((done, failed) => {
      waiting.push({ item, done, failed, inContext: AsyncLocalStorage.snapshot() });
      void commitAll();
    });
}

const splitAt = <One>(all: readonly One[], count: number): readonly [One[], One[]] => [
  all.slice(0, count),
  all.slice(count),
];

function splitByKey<Item, One extends { readonly item: Item }>(
  all: readonly One[],
  count: number,
  keyOf: (item: Item) => string,
): readonly [One[], One[]] {
  const keys = new Set<string>();
  const [group, rest]: [One[], One[]] = [[], []];
  for (const one of all) {
    const key = keyOf(one.item);
    const fits = group.length < count && !keys.has(key);
    keys.add(key);
    (fits ? group : rest).push(one);
  }
  return [group, rest];
}
