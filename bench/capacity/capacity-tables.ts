import constants from './constants.json' with { type: 'json' };

type Part = 'server' | 'database';

const PAGE_BYTES = 8192;
const SECONDS_PER_DAY = 86_400;
const DAYS_PER_YEAR = 365;
const { microseconds, buffers, searchesPerSync } = constants;
/** Audit events of a sync: one for the refresh, the read and each search. */
export const EVENTS_PER_SYNC = 2 + searchesPerSync;

/** CPU time of a sync in microseconds: a refresh, a Patient read, and searches. */
const syncCpu = (part: Part): number =>
  microseconds.refresh[part] + microseconds.read[part] + searchesPerSync * microseconds.search[part];

const SYNC = {
  auditBytes: EVENTS_PER_SYNC * constants.bytesPerAuditEvent,
  buffers: buffers.refresh + buffers.read + searchesPerSync * buffers.search,
};

const PATIENT_BYTES = constants.resourcesPerPatient * constants.bytesPerResource;
const YEARLY_RECORD_BYTES = constants.newResourcesPerYear * constants.bytesPerResource;
const SYNCS_PER_YEAR = constants.syncsPerDay * DAYS_PER_YEAR;

interface Installation {
  readonly patients: number;
  readonly atStart: number;
  /** Bytes of the contents of records after a number of years, and of the audit log. */
  readonly contentsAfter: (years: number) => number;
  readonly auditAfter: (years: number) => number;
  readonly syncsPerSecond: number;
  readonly cores: Readonly<Record<Part, number>>;
  readonly walPerDay: number;
  /** Pages that are read from the disk in a second of the busiest hour, if a patient is read from the disk once a sync. */
  readonly readsPerSecond: number;
}

export function planInstallation(patients: number): Installation {
  const users = patients * constants.shareWithApp;
  const syncsPerSecond = (users * constants.syncsPerDay * constants.peakFactor) / SECONDS_PER_DAY;
  const cores = (part: Part): number => (syncsPerSecond * syncCpu(part)) / 1e6 / constants.targetLoad;
  const newResourcesPerDay = (patients * constants.newResourcesPerYear) / DAYS_PER_YEAR;
  const auditBytesPerDay = users * constants.syncsPerDay * SYNC.auditBytes;
  const atStart = patients * PATIENT_BYTES;
  return {
    patients,
    atStart,
    contentsAfter: (years) => atStart + years * patients * YEARLY_RECORD_BYTES,
    auditAfter: (years) => Math.min(years, constants.auditYears) * users * SYNCS_PER_YEAR * SYNC.auditBytes,
    syncsPerSecond,
    cores: { server: cores('server'), database: cores('database') },
    walPerDay: newResourcesPerDay * constants.walBytesPerResource + 2 * auditBytesPerDay,
    readsPerSecond: (syncsPerSecond * PATIENT_BYTES) / PAGE_BYTES,
  };
}

/** The tables of docs/capacity.md, by the name of their place in it. */
export function makeCapacityTables(): Readonly<Record<string, string>> {
  const plans = constants.sizes.map(planInstallation);
  return {
    constants: table(
      ['constant', 'value'],
      [
        ['resources of a patient at the start', count(constants.resourcesPerPatient)],
        ['new resources of a patient in a year', count(constants.newResourcesPerYear)],
        ['bytes of a resource, with its indexes', count(constants.bytesPerResource)],
        ['bytes of WAL for a new resource', count(constants.walBytesPerResource)],
        ['bytes of an audit event, with its indexes', count(constants.bytesPerAuditEvent)],
        ['patients with an app', `${count(100 * constants.shareWithApp)} %`],
        ['syncs of such a patient in a day', count(constants.syncsPerDay)],
        ['requests of a sync', `1 refresh, 1 Patient read, ${searchesPerSync} searches of 50`],
        ['load in the busiest hour, compared with the mean', `${constants.peakFactor} times`],
        ['share of a core that is used at that time', `${count(100 * constants.targetLoad)} %`],
      ],
    ),
    units: table(
      ['', 'bytes on disk', 'server CPU', 'database CPU', 'pages of 8 kB'],
      [
        [
          'one patient at the start',
          bytes(PATIENT_BYTES),
          seconds(constants.resourcesPerPatient * microseconds.loadResource.server),
          seconds(constants.resourcesPerPatient * microseconds.loadResource.database),
          '',
        ],
        ['one sync', bytes(SYNC.auditBytes), milliseconds('server'), milliseconds('database'), count(SYNC.buffers)],
        [
          'one patient in a year, without an app',
          bytes(YEARLY_RECORD_BYTES),
          seconds(constants.newResourcesPerYear * microseconds.loadResource.server),
          seconds(constants.newResourcesPerYear * microseconds.loadResource.database),
          '',
        ],
        [
          'the syncs of one patient in a year',
          bytes(SYNCS_PER_YEAR * SYNC.auditBytes),
          seconds(SYNCS_PER_YEAR * syncCpu('server')),
          seconds(SYNCS_PER_YEAR * syncCpu('database')),
          count(SYNCS_PER_YEAR * SYNC.buffers),
        ],
      ],
    ),
    sizes: table(
      ['', ...plans.map(({ patients }) => `${count(patients)} patients`)],
      [
        ['disk at the start', ...plans.map(({ atStart }) => bytes(atStart))],
        ['disk after 1 year', ...plans.map((plan) => bytes(plan.contentsAfter(1) + plan.auditAfter(1)))],
        ['disk after 5 years', ...plans.map((plan) => bytes(plan.contentsAfter(5) + plan.auditAfter(5)))],
        ['WAL in a day', ...plans.map(({ walPerDay }) => bytes(walPerDay))],
        ['syncs per second in the busiest hour', ...plans.map(({ syncsPerSecond }) => decimal(syncsPerSecond))],
        [
          'random reads per second then, if nothing is in memory',
          ...plans.map(({ readsPerSecond }) => decimal(readsPerSecond)),
        ],
        ['cores for servers', ...plans.map(({ cores }) => decimal(cores.server))],
        ['cores for PostgreSQL', ...plans.map(({ cores }) => decimal(cores.database))],
        [
          'first load, with one process',
          ...plans.map(({ patients }) => hours(patients * constants.resourcesPerPatient * loadMicroseconds())),
        ],
      ],
    ),
  };
}

/** The loader waits for the database, so the times of both add up. */
const loadMicroseconds = (): number => microseconds.loadResource.server + microseconds.loadResource.database;

export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), `|${'---|'.repeat(header.length)}`, ...rows.map(line)].join('\n');
}

export const count = (value: number): string => Math.round(value).toLocaleString('en');
export const decimal = (value: number): string =>
  value < 0.1 ? 'below 0.1' : value < 10 ? value.toFixed(1) : count(value);
const seconds = (microseconds: number): string => `${(microseconds / 1e6).toFixed(2)} s`;
const milliseconds = (part: Part): string => `${(syncCpu(part) / 1000).toFixed(1)} ms`;
const hours = (microseconds: number): string => {
  const all = microseconds / 3.6e9;
  return all < 48 ? `${decimal(all)} hours` : `${decimal(all / 24)} days`;
};

export function bytes(value: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  return `${decimal(value / 1000 ** power)} ${units[power]}`;
}
