import { fhirBase, type SampleSettings } from './sample-settings.ts';
import { jsonString, shellQuote } from './string-literals.ts';

/** Builds two curl commands: one exchanges the authorization code for tokens, the other reads data. */
export function curlSample(environment: SampleSettings): string {
  const { token, clientId, secret, redirectUri, backend, scope } = environment;
  const base = fhirBase(environment);
  const read = `# ACCESS_TOKEN: the access_token of that answer
curl -s ${shellQuote(`${base}/Patient`)} -H "Authorization: Bearer $ACCESS_TOKEN"\n`;
  if (backend) {
    return `# CLIENT_ASSERTION: a JWT that your key signed (RS384 or ES384), for ${token}
curl -s ${shellQuote(token)} \\
  -d grant_type=client_credentials \\
  --data-urlencode ${shellQuote(`scope=${scope}`)} \\
  -d client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer \\
  --data-urlencode "client_assertion=$CLIENT_ASSERTION"

${read}`;
  }
  return `# CODE: from the address that the person came back to; CODE_VERIFIER: what the code_challenge was made of
curl -s ${shellQuote(token)} \\
${secret === undefined ? `  -d ${shellQuote(`client_id=${clientId}`)} \\\n` : `  -u ${shellQuote(`${clientId}:${secret}`)} \\\n`}  -d grant_type=authorization_code \\
  --data-urlencode ${shellQuote(`redirect_uri=${redirectUri}`)} \\
  --data-urlencode "code=$CODE" \\
  --data-urlencode "code_verifier=$CODE_VERIFIER"

${read}`;
}

/** Builds JavaScript for Node 20 or a browser. A sample with a client secret is for a server only. */
export function javascriptSample(environment: SampleSettings): string {
  const { clientId, secret, redirectUri, scope, authorize, token } = environment;
  const base = fhirBase(environment);
  return `const config = {
  clientId: ${jsonString(clientId)},${secret === undefined ? '' : `\n  clientSecret: ${jsonString(secret)}, // on a server only`}
  redirectUri: ${jsonString(redirectUri)},
  scope: ${jsonString(scope)},
};
const base64url = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/[+]/g, '-').replace(/[/]/g, '_').replace(/=+$/, '');

// 1. Send the person here. Keep verifier and state until they come back.
const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
const state = base64url(crypto.getRandomValues(new Uint8Array(16)));
async function authorizeUrl() {
  const challenge = base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)));
  return ${jsonString(`${authorize}?`)} + new URLSearchParams({
    response_type: 'code', client_id: config.clientId, redirect_uri: config.redirectUri, scope: config.scope,
    state, aud: ${jsonString(base)}, code_challenge: challenge, code_challenge_method: 'S256',
  });
}

// 2. They come back with ?code=…&state=…: check the state, then exchange the code.
async function exchange(code) {
  const answer = await fetch(${jsonString(token)}, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code', code, redirect_uri: config.redirectUri, code_verifier: verifier,
      client_id: config.clientId,${secret === undefined ? '' : ' client_secret: config.clientSecret,'}
    }),
  });
  return answer.json();
}

// 3. Read.
async function read(accessToken, path = 'Patient') {
  const answer = await fetch(${jsonString(`${base}/`)} + path, { headers: { authorization: 'Bearer ' + accessToken } });
  return answer.json();
}
`;
}

/** Builds Python code that needs no packages. */
export function pythonSample(environment: SampleSettings): string {
  const { clientId, secret, redirectUri, scope, authorize, token } = environment;
  const base = fhirBase(environment);
  return `import base64, hashlib, json, secrets
from urllib.parse import urlencode
from urllib.request import Request, urlopen

CLIENT_ID = ${jsonString(clientId)}
${secret === undefined ? '' : `CLIENT_SECRET = ${jsonString(secret)}\n`}REDIRECT_URI = ${jsonString(redirectUri)}
SCOPE = ${jsonString(scope)}
BASE = ${jsonString(base)}

# 1. Send the person here. Keep verifier and state until they come back.
verifier = secrets.token_urlsafe(32)
state = secrets.token_urlsafe(16)
challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
authorize_url = ${jsonString(`${authorize}?`)} + urlencode({
    "response_type": "code", "client_id": CLIENT_ID, "redirect_uri": REDIRECT_URI, "scope": SCOPE,
    "state": state, "aud": BASE, "code_challenge": challenge, "code_challenge_method": "S256",
})

# 2. They come back with ?code=...&state=...: check the state, then exchange the code.
def exchange(code):
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI, "code_verifier": verifier,
        "client_id": CLIENT_ID,${secret === undefined ? '' : ' "client_secret": CLIENT_SECRET,'}
    }
    with urlopen(Request(${jsonString(token)}, urlencode(form).encode())) as answer:
        return json.load(answer)

# 3. Read.
def read(access_token, path="Patient"):
    with urlopen(Request(f"{BASE}/{path}", headers={"Authorization": f"Bearer {access_token}"})) as answer:
        return json.load(answer)
`;
}
