import type { Executor } from '../database/index.ts';
import type { Clock, Random } from '../kernel/index.ts';
import { foldAddress, type Letter, requireLetter } from './letter.ts';
import { keepMail } from './store.ts';

export interface Post {
  /** The mail goes out if, and only if, the transaction is committed. Throws `bad-request` for what is no address. */
  queueWithin(tx: Executor, letter: Letter): Promise<void>;
}

export interface OpenPost extends Post {
  /** Whether there is a mail server; without one all mail stays in the outbox. */
  readonly sends: boolean;
}

export function openPost({ clock, random, sends }: { clock: Clock; random: Random; sends: boolean }): OpenPost {
  return {
    sends,
    async queueWithin(tx, letter) {
      requireLetter(letter);
      const outbox = !sends || letter.sandbox;
      const mail = { ...letter, to: foldAddress(letter.to), mailId: random.uuid(), outbox, now: clock.now() };
      await keepMail(tx, mail);
    },
  };
}
