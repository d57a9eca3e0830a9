import { fhirBase, type SampleSettings } from './sample-settings.ts';
import { kotlinString, swiftString } from './string-literals.ts';

const NO_SECRET =
  '// A secret can’t be kept on a phone: exchange the code on your server, or register the app as public.\n';

export function swiftSample(environment: SampleSettings): string {
  const { clientId, secret, redirectUri, scope, authorize, token } = environment;
  return `import AuthenticationServices
import CryptoKit

${secret === undefined ? '' : NO_SECRET}let clientID = ${swiftString(clientId)}
let redirectURI = ${swiftString(redirectUri)}
let scope = ${swiftString(scope)}
let base = ${swiftString(fhirBase(environment))}

func base64url(_ data: Data) -> String {
  data.base64EncodedString().replacingOccurrences(of: "+", with: "-")
    .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
}
func random(_ count: Int) -> String { base64url(Data((0..<count).map { _ in UInt8.random(in: .min ... .max) })) }

// 1. Open this with ASWebAuthenticationSession. Keep verifier and state until it comes back.
let verifier = random(32)
let state = random(16)
var url = URLComponents(string: ${swiftString(authorize)})!
url.queryItems = [
  "response_type": "code", "client_id": clientID, "redirect_uri": redirectURI, "scope": scope, "state": state,
  "aud": base, "code_challenge": base64url(Data(SHA256.hash(data: Data(verifier.utf8)))), "code_challenge_method": "S256",
].map { URLQueryItem(name: $0.key, value: $0.value) }

// 2. It comes back with code and state: check the state, then exchange the code.
func exchange(code: String) async throws -> Data {
  var form = URLComponents()
  form.queryItems = [
    "grant_type": "authorization_code", "code": code, "redirect_uri": redirectURI, "code_verifier": verifier,
    "client_id": clientID,
  ].map { URLQueryItem(name: $0.key, value: $0.value) }
  var request = URLRequest(url: URL(string: ${swiftString(token)})!)
  request.httpMethod = "POST"
  request.setValue("application/x-www-form-urlencoded", forHTTPHeaderField: "Content-Type")
  request.httpBody = form.percentEncodedQuery?.replacingOccurrences(of: "+", with: "%2B").data(using: .utf8)
  return try await URLSession.shared.data(for: request).0
}

// 3. Read.
func read(_ path: String, accessToken: String) async throws -> Data {
  var request = URLRequest(url: URL(string: "\\(base)/\\(path)")!)
  request.setValue("Bearer \\(accessToken)", forHTTPHeaderField: "Authorization")
  return try await URLSession.shared.data(for: request).0
}
`;
}

export function kotlinSample(environment: SampleSettings): string {
  const { clientId, secret, redirectUri, scope, authorize, token } = environment;
  return `import java.net.URI
import java.net.URLEncoder
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse.BodyHandlers
import java.security.MessageDigest
import java.security.SecureRandom
import java.util.Base64

const val CLIENT_ID = ${kotlinString(clientId)}
${secret === undefined ? '' : `const val CLIENT_SECRET = ${kotlinString(secret)} // on a server only\n`}const val REDIRECT_URI = ${kotlinString(redirectUri)}
const val SCOPE = ${kotlinString(scope)}
const val BASE = ${kotlinString(fhirBase(environment))}

fun base64url(bytes: ByteArray): String = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)
fun random(count: Int): String = base64url(ByteArray(count).also { SecureRandom().nextBytes(it) })
fun form(vararg fields: Pair<String, String>): String =
    fields.joinToString("&") { (name, value) -> name + "=" + URLEncoder.encode(value, Charsets.UTF_8) }

// 1. Send the person here. Keep verifier and state until they come back.
val verifier = random(32)
val state = random(16)
val authorizeUrl = ${kotlinString(`${authorize}?`)} + form(
    "response_type" to "code", "client_id" to CLIENT_ID, "redirect_uri" to REDIRECT_URI, "scope" to SCOPE,
    "state" to state, "aud" to BASE, "code_challenge_method" to "S256",
    "code_challenge" to base64url(MessageDigest.getInstance("SHA-256").digest(verifier.toByteArray())),
)

fun send(request: HttpRequest): String = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body()

// 2. They come back with code and state: check the state, then exchange the code.
fun exchange(code: String): String = send(
    HttpRequest.newBuilder(URI.create(${kotlinString(token)}))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(form(
            "grant_type" to "authorization_code", "code" to code, "redirect_uri" to REDIRECT_URI,
            "code_verifier" to verifier, "client_id" to CLIENT_ID,${secret === undefined ? '' : ' "client_secret" to CLIENT_SECRET,'}
        ))).build()
)

// 3. Read.
fun read(accessToken: String, path: String = "Patient"): String = send(
    HttpRequest.newBuilder(URI.create(BASE + "/" + path)).header("Authorization", "Bearer " + accessToken).build()
)
`;
}
