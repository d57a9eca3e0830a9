/**
 * Normalized words that common passwords are made of. NIST SP 800-63B-4 §3.1.1.2 asks for a blocklist of likely
 * passwords. With a minimum of fifteen characters, likely passwords are these words in a row, with digits around them.
 */
export const COMMON_WORDS: readonly string[] = [
  ...['password', 'passwort', 'passw0rd', 'p@ssw0rd', 'passphrase', 'contrasena', 'contraseña', 'clave', 'secret'],
  ...['qwertyuiop', 'qwerty', 'qwertz', 'azerty', 'asdfghjkl', 'asdfgh', 'zxcvbnm', 'zxcvbn', '1q2w3e4r5t', '1q2w3e4r'],
  ...['1qaz2wsx3edc', '1qaz2wsx', 'qazwsxedc', 'qazwsx', 'q1w2e3r4t5', 'qwer1234', 'abcdefghijklmnopqrstuvwxyz'],
  ...['abcdefgh', 'abcdef', 'abcd', 'abc123', 'abc', 'iloveyou', 'teamo', 'welcome', 'bienvenido', 'letmein', 'login'],
  ...['changeme', 'trustno1', 'monkey', 'dragon', 'sunshine', 'princess', 'football', 'baseball', 'superman', 'batman'],
  ...['master', 'shadow', 'michael', 'jennifer', 'whatever', 'starwars', 'pokemon', 'computer', 'internet', 'google'],
  ...['admin', 'administrator', 'guest', 'user', 'test', 'default', 'temporary', 'temp', 'love', 'hello', 'hola'],
  ...['patient', 'paciente', 'doctor', 'medical', 'medico', 'health', 'salud', 'record', 'portal', 'access', 'acceso'],
  ...['summer', 'winter', 'spring', 'autumn', 'verano', 'invierno', 'america', 'mexico'],
];
