import type { EnvironmentAnswer } from '../contract/apps.ts';
import type { Environment } from './environment-facts.ts';
import { kotlinText, swiftText } from './environment-phones.ts';
import { runTexts } from './environment-run.ts';
import { curlText, javascriptText, pythonText } from './environment-scripts.ts';
import { quoted } from './shell-words.ts';

/** Returns the settings of an app as code samples for languages and tools. */
export function environmentAnswer(environment: Environment): EnvironmentAnswer {
  const blocks: EnvironmentAnswer['blocks'] = [
    { format: 'env', title: '.env', text: envText(environment) },
    { format: 'json', title: 'JSON', text: `${JSON.stringify(membersOf(environment), undefined, 2)}\n` },
    { format: 'curl', title: 'curl', text: curlText(environment) },
  ];
  if (environment.backend) return { blocks };
  const run = runTexts(environment);
  return {
    blocks: [
      ...blocks,
      ...(run === undefined ? [] : runBlocks(run)),
      { format: 'javascript', title: 'JavaScript', text: javascriptText(environment) },
      { format: 'python', title: 'Python', text: pythonText(environment) },
      { format: 'swift', title: 'Swift', text: swiftText(environment) },
      { format: 'kotlin', title: 'Kotlin', text: kotlinText(environment) },
    ],
  };
}

const runBlocks = ({ node, python }: NonNullable<ReturnType<typeof runTexts>>): EnvironmentAnswer['blocks'] => [
  { format: 'run-node', title: 'Terminal: Node', text: node },
  { format: 'run-python', title: 'Terminal: Python', text: python },
];

function membersOf({
  clientId,
  secret,
  redirectUri,
  scope,
  issuer,
  authorize,
  token,
  r4,
  dstu2,
  backend,
}: Environment) {
  return {
    client_id: clientId,
    ...(secret === undefined ? {} : { client_secret: secret }),
    ...(backend ? {} : { redirect_uri: redirectUri }),
    scope,
    issuer,
    ...(backend ? {} : { authorization_endpoint: authorize }),
    token_endpoint: token,
    ...(r4 === undefined ? {} : { fhir_r4: r4 }),
    ...(dstu2 === undefined ? {} : { fhir_dstu2: dstu2 }),
  };
}

const envText = (environment: Environment): string =>
  Object.entries(membersOf(environment))
    .map(([name, value]) => `${name.toUpperCase()}=${quoted(value)}\n`)
    .join('');
