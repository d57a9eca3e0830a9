import type { Config } from '../../config/index.ts';
import { type Finding, fine, look } from './checkup.ts';

const LOCAL = /^(localhost|127\.|\[?::1)/;

/** Checks the settings by themselves. They have been parsed successfully by then. */
export function checkConfiguration({ publicUrl, host, sandbox, mail, trustProxy }: Config): readonly Finding[] {
  const { protocol, hostname } = new URL(publicUrl);
  const isLocal = LOCAL.test(hostname);
  const findings = [
    ...(protocol === 'http:' && !isLocal
      ? [
          look(
            'configuration',
            `PUBLIC_URL is ${publicUrl}, without TLS.`,
            'Set PUBLIC_URL to the https address that people type.',
          ),
        ]
      : []),
    ...(!LOCAL.test(host) && isLocal
      ? [
          look(
            'configuration',
            `HOST is ${host}, and PUBLIC_URL is of this machine alone.`,
            'Set PUBLIC_URL to what people and apps type.',
          ),
        ]
      : []),
    ...(protocol === 'https:' && LOCAL.test(host) && trustProxy.length === 0
      ? [
          look(
            'configuration',
            'a proxy is in front, and TRUST_PROXY is not set: all sign-ins seem to come from one address.',
            'Set TRUST_PROXY to the address of the proxy, or to loopback.',
          ),
        ]
      : []),
    ...(!isLocal && sandbox
      ? [
          look(
            'configuration',
            'the sandbox is on: its passwords are published.',
            'It holds no real patient. SANDBOX=off leaves it out.',
          ),
        ]
      : []),
    ...(!isLocal && mail === undefined
      ? [look('configuration', 'there is no mail server: mail stays in the outbox.', 'Set SMTP_URL and MAIL_FROM.')]
      : []),
  ];
  return findings.length === 0 ? [fine('configuration', `served at ${publicUrl}`)] : findings;
}
