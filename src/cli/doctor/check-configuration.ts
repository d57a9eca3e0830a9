import type { Config } from '../../config/index.ts';
import { type DoctorFinding, okFinding, warningFinding } from './finding.ts';

const LOCAL_HOST = /^(localhost|127\.|\[?::1)/;

/** Checks whether the settings fit together. Each setting has been parsed successfully by then. */
export function checkConfiguration({ publicUrl, host, sandbox, mail, trustProxy }: Config): readonly DoctorFinding[] {
  const { protocol, hostname } = new URL(publicUrl);
  const isLocal = LOCAL_HOST.test(hostname);
  const findings = [
    ...(protocol === 'http:' && !isLocal
      ? [
          warningFinding(
            'configuration',
            `PUBLIC_URL is ${publicUrl}, without TLS.`,
            'Set PUBLIC_URL to the https address that people type.',
          ),
        ]
      : []),
    ...(!LOCAL_HOST.test(host) && isLocal
      ? [
          warningFinding(
            'configuration',
            `HOST is ${host}, and PUBLIC_URL is of this machine alone.`,
            'Set PUBLIC_URL to what people and apps type.',
          ),
        ]
      : []),
    ...(protocol === 'https:' && LOCAL_HOST.test(host) && trustProxy.length === 0
      ? [
          warningFinding(
            'configuration',
            'a proxy is in front, and TRUST_PROXY is not set: all sign-ins seem to come from one address.',
            'Set TRUST_PROXY to the address of the proxy, or to loopback.',
          ),
        ]
      : []),
    ...(!isLocal && sandbox
      ? [
          warningFinding(
            'configuration',
            'the sandbox is on: its passwords are published.',
            'It holds no real patient. SANDBOX=off leaves it out.',
          ),
        ]
      : []),
    ...(!isLocal && mail === undefined
      ? [
          warningFinding(
            'configuration',
            'there is no mail server: mail stays in the outbox.',
            'Set SMTP_URL and MAIL_FROM.',
          ),
        ]
      : []),
  ];
  return findings.length === 0 ? [okFinding('configuration', `served at ${publicUrl}`)] : findings;
}
