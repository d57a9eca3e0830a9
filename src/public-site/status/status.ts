import type { Executor } from '../../database/index.ts';
import { type Clock, days, hours, later, minutes } from '../../kernel/index.ts';
import { COMPONENTS } from '../../portal-api/index.ts';
import type { ProbeResult, StatusComponent, StatusProbes } from './component.ts';
import { type Incident, incidentStatus, listIncidents } from './incidents.ts';
import { isSlotProbed, readHistory, saveProbeResults } from './store.ts';

/** Milliseconds between the starts of two rounds of probes. A round probes each component once. */
const PROBE_INTERVAL = minutes(5);
/**
 * Maximum age in milliseconds of a probe result that still determines the current state of its
 * component. Without such a result the state is `unknown`.
 */
const RESULT_LIFETIME = minutes(15);
/** Milliseconds after which a probe without a result counts as failed. */
const PROBE_TIMEOUT_MS = 10_000;
export const DAYS_SHOWN = 90;
/**
 * Maximum number of rounds of probes whose results are held in memory while the database is
 * unavailable. 144 rounds of five minutes are half a day.
 */
const MAX_UNSAVED = 144;

export interface StatusDeps {
  readonly db: Executor;
  readonly clock: Clock;
  readonly probes: StatusProbes;
  diskIsLow(): Promise<boolean>;
}

export interface ComponentStatus {
  readonly component: StatusComponent;
  readonly state: 'working' | 'failing' | 'unknown';
  readonly checkedAt: Date | undefined;
  readonly milliseconds: { readonly half: number; readonly most: number } | undefined;
  /** Uptime: share of successful probes over all days in `days`, from 0 to 1. undefined if there were no probes. */
  readonly uptime: number | undefined;
  /** Share of successful probes for each day, from 0 to 1, oldest day first. undefined for a day without probes. */
  readonly days: readonly { readonly day: string; readonly uptime: number | undefined }[];
}

export interface StatusReport {
  readonly overall: 'working' | 'partly' | 'failing' | 'unknown';
  readonly components: readonly ComponentStatus[];
  readonly incidents: readonly Incident[];
  /** Whether the disk is nearly full. A full disk stops the database. */
  readonly diskIsLow: boolean;
}

export interface StatusMonitor {
  /** Probes all components, unless this or another server has already done so in the current five-minute interval. */
  sample(): Promise<void>;
  report(): Promise<StatusReport>;
}

/** Creates the monitor that probes the components and reports their status. */
export function createStatusMonitor({ db, clock, probes, diskIsLow }: StatusDeps): StatusMonitor {
  const components = COMPONENTS.filter((component) => probes[component] !== undefined);
  let unsaved: { readonly at: Date; readonly samples: readonly ProbeResult[] }[] = [];
  let sampled = 0;
  let reading: Promise<StatusReport> | undefined;

  /**
   * Stores the results of a round of probes. Results that can't be stored, because the database is
   * unavailable, are stored after a later round.
   */
  async function saveResults(at: Date, samples: readonly ProbeResult[]): Promise<void> {
    unsaved = [...unsaved, { at, samples }].slice(-MAX_UNSAVED);
    for (const one of unsaved) {
      await saveProbeResults(db, one.at, one.samples);
      unsaved = unsaved.filter((other) => other !== one);
    }
  }

  async function read(): Promise<StatusReport> {
    const now = clock.now();
    const firstDay = dayOf(later(now, -days(DAYS_SHOWN - 1)));
    const history = await readHistory(db, firstDay, later(now, -RESULT_LIFETIME), later(now, -hours(24)));
    const displayedDays = Array.from({ length: DAYS_SHOWN }, (_, back) =>
      dayOf(later(now, -days(DAYS_SHOWN - 1 - back))),
    );
    const all = components.map((component) => toComponentStatus(component, history, displayedDays));
    const incidents = await listIncidents(db, later(now, -days(DAYS_SHOWN)));
    const isAnnounced = incidents.some((incident) => incidentStatus(incident, now) === 'open');
    return { overall: overallState(all, isAnnounced), components: all, incidents, diskIsLow: await diskIsLow() };
  }

  return {
    async sample() {
      const slot = new Date(Math.floor(clock.now().getTime() / PROBE_INTERVAL) * PROBE_INTERVAL);
      if (slot.getTime() === sampled) return;
      // If the database is unavailable, this server can't find out whether another server has
      // probed the components, so it probes them itself.
      const done = await isSlotProbed(db, slot).catch(() => false);
      sampled = slot.getTime();
      if (!done) await saveResults(slot, await probeAll(components, probes));
    },

    /**
     * Returns the status of all components. Concurrent callers share one read, because many people
     * open the page when something seems wrong.
     */
    report() {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return reading;
    },
  };
}

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

async function probeAll(components: readonly StatusComponent[], probes: StatusProbes): Promise<readonly ProbeResult[]> {
  const found: ProbeResult[] = [];
  // The probes run one after another, so that they don't slow each other down.
  for (const component of components) found.push(await probeOne(component, probes[component]));
  return found;
}

async function probeOne(component: StatusComponent, probe: (() => Promise<boolean>) | undefined): Promise<ProbeResult> {
  const began = performance.now();
  const ok = probe !== undefined && (await withTimeout(probe()).catch(() => false));
  return { component, ok, milliseconds: Math.max(1, Math.round(performance.now() - began)) };
}

async function withTimeout(looking: Promise<boolean>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), PROBE_TIMEOUT_MS);
  return Promise.race([looking, promise]).finally(() => clearTimeout(timer));
}

function toComponentStatus(
  component: StatusComponent,
  history: Awaited<ReturnType<typeof readHistory>>,
  displayedDays: readonly string[],
): ComponentStatus {
  const componentDays = history.days.filter((one) => one.component === component);
  const byDay = new Map(componentDays.map(({ day, good, samples }) => [day, good / samples]));
  const samples = componentDays.reduce((sum, day) => sum + day.samples, 0);
  const successes = componentDays.reduce((sum, day) => sum + day.good, 0);
  const last = history.last.get(component);
  return {
    component,
    state: last === undefined ? 'unknown' : last.ok ? 'working' : 'failing',
    checkedAt: last?.at,
    milliseconds: history.speed.get(component),
    uptime: samples === 0 ? undefined : successes / samples,
    days: displayedDays.map((day) => ({ day, uptime: byDay.get(day) })),
  };
}

/**
 * Returns the state of the whole service.
 * @param isAnnounced whether an administrator has announced an incident that is still open; the
 * state is then never `working`
 */
function overallState(components: readonly ComponentStatus[], isAnnounced: boolean): StatusReport['overall'] {
  const failing = components.filter(({ state }) => state === 'failing').length;
  if (failing === components.length) return 'failing';
  if (failing > 0 || isAnnounced) return 'partly';
  return components.some(({ state }) => state === 'unknown') ? 'unknown' : 'working';
}
