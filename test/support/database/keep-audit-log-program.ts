// A program that seals, archives, verifies and drops the audit log as the server does at night, and that tests can kill.
// Arguments: <URL of the database> <folder of the archive>. It prints what the server would log as lines of JSON, and at
// its end the memory and CPU time that it needed.
import { keepAuditLog } from '../../../src/audit/archive/keep-audit-log.ts';
import { openDatabase } from '../../../src/database/index.ts';
import { systemClock as clock, systemRandom as random } from '../../../src/kernel/index.ts';

const [connectionString = '', folder] = process.argv.slice(2);
const db = openDatabase({ connectionString }, 2);
const print = (fields: object): void => void process.stdout.write(`${JSON.stringify(fields)}\n`);
const before = process.resourceUsage().maxRSS;
const log = { info: print, error: print };
const result = await keepAuditLog({ db, clock, random, folder, retentionYears: 6, isStopping: () => false, log });
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
print({
  result,
  growthMiB: Math.round((maxRSS - before) / 1024),
  cpuSeconds: Math.round((userCPUTime + systemCPUTime) / 1e6),
});
await db.close();
