import type { Executor } from '../../../database/index.ts';
import { type Clock, days, hours, later, minutes } from '../../../kernel/index.ts';
import { COMPONENTS } from '../../contract/public.ts';
import type { Component, Probes, Sample } from './component.ts';
import { type Incident, listIncidents, standingOf } from './incidents.ts';
import { isTaken, keepSamples, readHistory } from './store.ts';

/** How often the server looks at itself. */
const EVERY = minutes(5);
/** What was found longer ago says nothing of now. */
const GOOD_FOR = minutes(15);
/** A part that does not answer in this time does not work. */
const PATIENCE = 10_000;
export const DAYS_SHOWN = 90;
/** Samples that could not be kept: half a day of them. */
const MOST_UNKEPT = 144;

export interface StatusDeps {
  readonly db: Executor;
  readonly clock: Clock;
  readonly probes: Probes;
  diskIsLow(): Promise<boolean>;
}

export interface ComponentStatus {
  readonly component: Component;
  readonly state: 'working' | 'failing' | 'unknown';
  readonly checkedAt: Date | undefined;
  readonly milliseconds: { readonly half: number; readonly most: number } | undefined;
  /** 0 to 1; undefined: nobody has looked. */
  readonly good: number | undefined;
  /** The oldest first. */
  readonly days: readonly { readonly day: string; readonly good: number | undefined }[];
}

export interface StatusReport {
  readonly overall: 'working' | 'partly' | 'failing' | 'unknown';
  readonly components: readonly ComponentStatus[];
  readonly incidents: readonly Incident[];
  /** A full disk stops the database. */
  readonly diskIsLow: boolean;
}

export interface Status {
  /** Looks at every part, unless this or another server has done so in these five minutes. */
  sample(): Promise<void>;
  report(): Promise<StatusReport>;
}

export function openStatus({ db, clock, probes, diskIsLow }: StatusDeps): Status {
  const components = COMPONENTS.filter((component) => probes[component] !== undefined);
  let unkept: { readonly at: Date; readonly samples: readonly Sample[] }[] = [];
  let sampled = 0;
  let reading: Promise<StatusReport> | undefined;

  /** What happened while the database was away is told once it is back. */
  async function keep(at: Date, samples: readonly Sample[]): Promise<void> {
    unkept = [...unkept, { at, samples }].slice(-MOST_UNKEPT);
    for (const one of unkept) {
      await keepSamples(db, one.at, one.samples);
      unkept = unkept.filter((other) => other !== one);
    }
  }

  async function read(): Promise<StatusReport> {
    const now = clock.now();
    const firstDay = dayOf(later(now, -days(DAYS_SHOWN - 1)));
    const history = await readHistory(db, firstDay, later(now, -GOOD_FOR), later(now, -hours(24)));
    const shown = Array.from({ length: DAYS_SHOWN }, (_, back) => dayOf(later(now, -days(DAYS_SHOWN - 1 - back))));
    const all = components.map((component) => statusOf(component, history, shown));
    const incidents = await listIncidents(db, later(now, -days(DAYS_SHOWN)));
    const told = incidents.some((incident) => standingOf(incident, now) === 'open');
    return { overall: overallOf(all, told), components: all, incidents, diskIsLow: await diskIsLow() };
  }

  return {
    async sample() {
      const slot = new Date(Math.floor(clock.now().getTime() / EVERY) * EVERY);
      if (slot.getTime() === sampled) return;
      // Whether another server has looked can't be asked of a database that is away: then this one looks.
      const done = await isTaken(db, slot).catch(() => false);
      sampled = slot.getTime();
      if (!done) await keep(slot, await lookAtAll(components, probes));
    },

    /** Everybody looks when something seems wrong: a crowd shares one reading. */
    report() {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return reading;
    },
  };
}

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

async function lookAtAll(components: readonly Component[], probes: Probes): Promise<readonly Sample[]> {
  const found: Sample[] = [];
  // One after the other: they are to measure the parts, not each other.
  for (const component of components) found.push(await lookAt(component, probes[component]));
  return found;
}

async function lookAt(component: Component, probe: (() => Promise<boolean>) | undefined): Promise<Sample> {
  const began = performance.now();
  const ok = probe !== undefined && (await inTime(probe()).catch(() => false));
  return { component, ok, milliseconds: Math.max(1, Math.round(performance.now() - began)) };
}

async function inTime(looking: Promise<boolean>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), PATIENCE);
  return Promise.race([looking, promise]).finally(() => clearTimeout(timer));
}

function statusOf(
  component: Component,
  history: Awaited<ReturnType<typeof readHistory>>,
  shown: readonly string[],
): ComponentStatus {
  const own = history.days.filter((one) => one.component === component);
  const byDay = new Map(own.map(({ day, good, samples }) => [day, good / samples]));
  const samples = own.reduce((sum, day) => sum + day.samples, 0);
  const good = own.reduce((sum, day) => sum + day.good, 0);
  const last = history.last.get(component);
  return {
    component,
    state: last === undefined ? 'unknown' : last.ok ? 'working' : 'failing',
    checkedAt: last?.at,
    milliseconds: history.speed.get(component),
    good: samples === 0 ? undefined : good / samples,
    days: shown.map((day) => ({ day, good: byDay.get(day) })),
  };
}

/** @param told that something is wrong by an administrator, who knows more than the server does of itself */
function overallOf(components: readonly ComponentStatus[], told: boolean): StatusReport['overall'] {
  const failing = components.filter(({ state }) => state === 'failing').length;
  if (failing === components.length) return 'failing';
  if (failing > 0 || told) return 'partly';
  return components.some(({ state }) => state === 'unknown') ? 'unknown' : 'working';
}
