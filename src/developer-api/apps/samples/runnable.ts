import type { SampleSettings } from './sample-settings.ts';
import { jsonString } from './string-literals.ts';

interface LocalCallback {
  readonly uri: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/**
 * Returns the redirect URI on the developer's own machine where a sample program can wait for the
 * authorization code. Returns undefined if the app has none. RFC 8252 §7.3
 */
function findLocalCallback({ redirectUris }: SampleSettings): LocalCallback | undefined {
  for (const uri of redirectUris) {
    if (!URL.canParse(uri)) continue;
    const { protocol, hostname, port, pathname } = new URL(uri);
    const isHere = protocol === 'http:' && (hostname === 'localhost' || hostname === '127.0.0.1');
    // Skips ports below 1024, because only an administrator of a machine can listen on them.
    if (isHere && Number(port) >= 1024) return { uri, host: hostname, port: Number(port), path: pathname };
  }
  return undefined;
}

/**
 * Returns the resource type that a sample program reads: Patient if the app may read it, otherwise
 * the first type in its scopes.
 */
function firstType({ scope }: SampleSettings): string {
  const types = [...scope.matchAll(/(?:^| )(?:patient|user)\/([A-Za-z]+|\*)\./g)].map(([, type]) => type);
  return types.includes('*') || types.includes('Patient') ? 'Patient' : (types[0] ?? 'Patient');
}

interface RunnableSettings extends Pick<SampleSettings, 'authorize' | 'token'> {
  readonly back: LocalCallback;
  readonly authorizationParameters: Readonly<Record<string, string>>;
  readonly form: Readonly<Record<string, string>>;
  readonly read: string;
}

/**
 * Builds sample programs that authorize and read data in one run. Returns undefined if an app needs
 * longer programs, because it uses keys or has no redirect URI on the developer's machine.
 */
export function runnableSamples(
  environment: SampleSettings,
): { readonly node: string; readonly python: string } | undefined {
  const { clientId, secret, scope, r4, dstu2, backend, simple } = environment;
  const back = findLocalCallback(environment);
  if (back === undefined || backend || !simple) return undefined;
  const aud = r4 ?? dstu2 ?? '';
  const redirect_uri = back.uri;
  const authorizationParameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri,
    scope,
    aud,
    code_challenge_method: 'S256',
  };
  const proof = { client_id: clientId, ...(secret === undefined ? {} : { client_secret: secret }) };
  const form = { grant_type: 'authorization_code', redirect_uri, ...proof };
  const facts = { ...environment, back, authorizationParameters, form, read: `${aud}/${firstType(environment)}` };
  return { node: nodeProgram(facts), python: pythonProgram(facts) };
}

/** Builds a program for Node 20 that needs no packages. */
const nodeProgram = ({
  authorize,
  token,
  back: { host, port, path },
  authorizationParameters,
  form,
  read,
}: RunnableSettings): string =>
  `node --input-type=module <<'EOF'
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

const [verifier, state] = [randomBytes(32).toString('base64url'), randomBytes(16).toString('base64url')];
const code_challenge = createHash('sha256').update(verifier).digest('base64url');
const asked = ${JSON.stringify(authorizationParameters)};

// Waits for the code.
const answer = await new Promise((come) => {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://here');
    if (pathname !== ${jsonString(path)} || searchParams.get('state') !== state) return response.writeHead(404).end();
    response.setHeader('connection', 'close').end('Done. Go back to the terminal.');
    come(Object.fromEntries(searchParams));
  });
  server.listen(${port}, ${jsonString(host)}, () => {
    console.error('Open this URL in a private window:');
    console.error(${jsonString(`${authorize}?`)} + new URLSearchParams({ ...asked, state, code_challenge }));
  });
});
if (answer.code === undefined) throw new Error(JSON.stringify(answer));

// The code for a token, and with it the data.
const form = ${JSON.stringify(form)};
const body = new URLSearchParams({ ...form, code: answer.code, code_verifier: verifier });
const tokens = await (await fetch(${jsonString(token)}, { method: 'POST', body })).json();
if (tokens.access_token === undefined) throw new Error(JSON.stringify(tokens));
const headers = { authorization: 'Bearer ' + tokens.access_token };
const data = await (await fetch(${jsonString(read)}, { headers })).json();
process.stdout.write(JSON.stringify(data, null, 2) + '\\n', () => process.exit());
EOF
`;

/** Builds a program for Python 3.8 that needs no packages. */
const pythonProgram = ({
  authorize,
  token,
  back: { host, port, path },
  authorizationParameters,
  form,
  read,
}: RunnableSettings): string =>
  `python3 - <<'EOF'
import base64, hashlib, json, secrets, sys, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import Request, urlopen

verifier, state = secrets.token_urlsafe(32), secrets.token_urlsafe(16)
challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
asked = ${JSON.stringify(authorizationParameters)}
answer = {}

class Back(BaseHTTPRequestHandler):
    def do_GET(self):
        address = urlsplit(self.path)
        given = dict(parse_qsl(address.query))
        if address.path != ${jsonString(path)} or given.get("state") != state:
            return self.send_error(404)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"Done. Go back to the terminal.")
        answer.update(given)
        threading.Thread(target=self.server.shutdown).start()
    def log_message(self, *args):
        pass

def call(request):
    try:
        with urlopen(request) as response:
            return json.load(response)
    except HTTPError as error:
        sys.exit(error.read().decode())

# Waits for the code.
server = ThreadingHTTPServer((${jsonString(host)}, ${port}), Back)
print("Open this URL in a private window:", file=sys.stderr)
print(${jsonString(`${authorize}?`)} + urlencode({**asked, "state": state, "code_challenge": challenge}), file=sys.stderr, flush=True)
server.serve_forever()
if "code" not in answer:
    sys.exit(json.dumps(answer))

# The code for a token, and with it the data.
form = ${JSON.stringify(form)}
tokens = call(Request(${jsonString(token)}, urlencode({**form, "code": answer["code"], "code_verifier": verifier}).encode()))
data = call(Request(${jsonString(read)}, headers={"Authorization": "Bearer " + tokens["access_token"]}))
print(json.dumps(data, indent=2))
EOF
`;
