import type { Executor } from '../database/index.ts';
import type { Clock, Random } from '../kernel/index.ts';
import { foldAddress, type Letter, requireLetter } from './letter.ts';
import { keepMail } from './store.ts';

export interface Post {
  /** Queues an email that is sent only if the transaction commits. Throws `bad-request` for an invalid address. */
  queueWithin(tx: Executor, letter: Letter): Promise<void>;
}

export interface OpenPost extends Post {
  /** True if a mail server is configured. Otherwise all email stays in the outbox. */
  readonly sends: boolean;
}

/** Creates the email queue. `sends` tells whether a mail server is configured. */
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
