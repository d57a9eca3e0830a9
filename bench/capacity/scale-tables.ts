import { bytes, count, decimal, EVENTS_PER_SYNC, planInstallation, table } from './capacity-tables.ts';
import constants from './constants.json' with { type: 'json' };

type Part = 'server' | 'coordinator' | 'workers';

const { cluster, searchesPerSync, targetLoad } = constants;
const { node, server } = cluster;
const YEARS = 5;

/** Machines, disks and cores of a cluster after five years. All numbers of machines are for the busiest hour, without standbys. */
interface ClusterPlan {
  readonly patients: number;
  readonly requestsPerSecond: number;
  readonly cores: Readonly<Record<Part, number>>;
  readonly readsPerSecond: number;
  readonly contents: number;
  readonly audit: number;
  readonly workersForDisk: number;
  readonly workersForCores: number;
  readonly workers: number;
  readonly servers: number;
}

function planCluster(patients: number): ClusterPlan {
  const { syncsPerSecond, readsPerSecond, contentsAfter, auditAfter } = planInstallation(patients);
  const { refresh, read, search } = cluster.microseconds;
  const cores = (part: Part): number =>
    (syncsPerSecond * (refresh[part] + read[part] + searchesPerSync * search[part])) / 1e6 / targetLoad;
  const contents = contentsAfter(YEARS);
  const workersForDisk = Math.ceil(contents / (node.diskTerabytes * 1e12 * node.diskUsed));
  const workersForCores = Math.ceil(cores('workers') / node.cores);
  return {
    patients,
    requestsPerSecond: syncsPerSecond * EVENTS_PER_SYNC,
    cores: { server: cores('server'), coordinator: cores('coordinator'), workers: cores('workers') },
    readsPerSecond,
    contents,
    audit: auditAfter(YEARS),
    workersForDisk,
    workersForCores,
    workers: Math.max(2, workersForDisk, workersForCores),
    servers: Math.max(2, Math.ceil(cores('server') / server.cores)),
  };
}

/** Returns the first resource that is used up. */
function limitOf({ cores, audit, workers, patients }: ClusterPlan): string {
  const disk = node.diskTerabytes * 1e12 * node.diskUsed;
  if (audit > disk) return `the disk of the coordinator, after ${decimal(yearsUntilFull(patients, disk))} years`;
  if (cores.coordinator > node.cores) return 'the cores of the coordinator';
  return workers > 2 ? 'nothing: the disk of the workers, then add one' : 'nothing';
}

const yearsUntilFull = (patients: number, disk: number): number => disk / planInstallation(patients).auditAfter(1);

/** The tables of docs/scale.md, by the name of their place in it. */
export function makeScaleTables(): Readonly<Record<string, string>> {
  const plans = cluster.sizes.map(planCluster);
  const row = (name: string, of: (plan: ClusterPlan) => string): readonly string[] => [name, ...plans.map(of)];
  const { refresh, read, search } = cluster.microseconds;
  const cpu = (name: string, one: Readonly<Record<Part, number>>) => [
    name,
    ...[one.server, one.coordinator, one.workers].map((time) => `${count(time)} µs`),
  ];
  return {
    requests: table(
      ['CPU time of a request', 'server', 'coordinator', 'workers'],
      [cpu('refresh', refresh), cpu('Patient read', read), cpu('search of 50', search)],
    ),
    inputs: table(
      ['input', 'coordinator and worker', 'server'],
      [
        ['cores', count(node.cores), count(server.cores)],
        ['memory', `${count(node.memoryGigabytes)} GB`, `${count(server.memoryGigabytes)} GB`],
        ['disk', `${count(node.diskTerabytes)} TB, of which ${count(100 * node.diskUsed)} % are used`, ''],
        ['price in a year', count(node.pricePerYear), count(server.pricePerYear)],
      ],
    ),
    sizes: table(
      ['after 5 years', ...plans.map(({ patients }) => `${count(patients)} patients`)],
      [
        row('requests per second in the busiest hour', (plan) => count(plan.requestsPerSecond)),
        row('contents of records, on the workers', (plan) => bytes(plan.contents)),
        row('audit log, on the coordinator', (plan) => bytes(plan.audit)),
        row('cores of servers, coordinator and workers', ({ cores }) =>
          [cores.server, cores.coordinator, cores.workers].map(decimal).join(', '),
        ),
        row('servers', (plan) => count(plan.servers)),
        row('workers for the disk, and for the cores', (plan) =>
          [plan.workersForDisk, plan.workersForCores].map(count).join(', '),
        ),
        row('workers', (plan) => count(plan.workers)),
        row('memory of all workers', (plan) => bytes(plan.workers * node.memoryGigabytes * 1e9)),
        row('random reads per second of a worker, if nothing is in memory', (plan) =>
          decimal(plan.readsPerSecond / plan.workers),
        ),
        row('price in a year, each node with a standby', (plan) =>
          count(2 * (plan.workers + 1) * node.pricePerYear + plan.servers * server.pricePerYear),
        ),
        row('breaks first', limitOf),
      ],
    ),
  };
}
