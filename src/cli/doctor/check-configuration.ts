import { availableParallelism } from 'node:os';
import type { Config } from '../../config/index.ts';
import { type DoctorFinding, okFinding, warningFinding } from './finding.ts';

const LOCAL_HOST = /^(localhost|127\.|\[?::1)/;

/** Checks whether the settings fit together. Each setting has been parsed successfully by then. */
export function checkConfiguration(config: Config): readonly DoctorFinding[] {
  const { publicUrl, host, workers, sandbox, mail, trustProxy } = config;
  const cores = availableParallelism();
  const { protocol, hostname } = new URL(publicUrl);
  const isLocal = LOCAL_HOST.test(hostname);
  const findings = [
    ...(protocol === 'http:' && !isLocal
      ? [
          warningFinding(
            'configuration',
            `PUBLIC_URL is ${publicUrl}, without TLS.`,
            'Set PUBLIC_URL to the https address that people and apps use.',
          ),
        ]
      : []),
    ...(!LOCAL_HOST.test(host) && isLocal
      ? [
          warningFinding(
            'configuration',
            `HOST is ${host}, but PUBLIC_URL works only on this machine.`,
            'Set PUBLIC_URL to the address that people and apps use.',
          ),
        ]
      : []),
    ...(protocol === 'https:' && LOCAL_HOST.test(host) && trustProxy.length === 0
      ? [
          warningFinding(
            'configuration',
            'TRUST_PROXY isn’t set, so all sign-ins seem to come from the proxy’s address.',
            'Set TRUST_PROXY to the address of the proxy, or to loopback if it runs on this machine.',
          ),
        ]
      : []),
    ...(workers > cores
      ? [
          warningFinding(
            'configuration',
            `WORKERS is ${workers}, but this machine has ${cores} ${cores === 1 ? 'core' : 'cores'}.`,
            `Set WORKERS to ${cores} or less. More workers only use more memory and connections.`,
          ),
        ]
      : []),
    ...(!isLocal && sandbox
      ? [
          warningFinding(
            'configuration',
            'the sandbox is on, and its passwords are public.',
            'It has test patients only. To turn it off, set SANDBOX=off.',
          ),
        ]
      : []),
    ...(!isLocal && mail === undefined
      ? [
          warningFinding(
            'configuration',
            'no email server is set, so emails stay in the outbox.',
            'Set SMTP_URL and MAIL_FROM.',
          ),
        ]
      : []),
  ];
  return findings.length === 0 ? [okFinding('configuration', `served at ${publicUrl}`)] : findings;
}
