// Words that our own texts don't use, and what to write instead. check-modules.mjs applies the list to comments, to
// strings (pages, emails, errors, commands, API descriptions), to names of tests and to the documentation.
//
// A word is on the list only if it is wrong in every sense that our texts need. Words from records, code systems and
// specifications aren't ours, so the check skips sandbox patients, test data, and code in documents (own-texts.mjs).

/**
 * @param pattern whole words, outside addresses such as https://here.example/apps. A space in the pattern stands for any
 *   white space, line breaks included
 * @param use what to write instead
 */
const rule = ({ source }, use) => ({ pattern: source.replaceAll(' ', '\\s+'), use });

const ENGLISH = [
  rule(/mend(?:s|ed|ing)?/, 'fix'),
  rule(/(?:put|puts|putting) (?:(?:it|them|this|that) )?right/, 'fix or correct'),
  rule(/an? mail(?! (?:server|program))/, 'an email'),
  rule(/mails/, 'emails, or send'),
  rule(/somebody|nobody here/, 'the name of the actor, or someone'),
  rule(/whoever/, 'the name of the actor, or anyone who'),
  rule(/no one[’']s/, 'the name of the actor, or “not verified”'),
  rule(/made sure (?:of|who|that|it)/, 'verified or confirmed'),
  rule(/anew/, 'again or new'),
  rule(/(?:hand|hands|handed|handing) in(?! hand)/, 'submit'),
  rule(/good (?:until|once|no more|for (?:an?|one|two|another|less|at most|\d+))/, 'valid, one-time or expired'),
  rule(
    /(?<!there )(?:is|are|was|were) no (?!longer|more|less|better|other|one|different|\p{L}+er than)\p{L}+/u,
    'isn’t a',
  ),
  rule(/untick(?:s|ed)?|(?:tick|ticks|ticked) (?:the|this|it|them|an?|all|each|every|any)/, 'check, select or clear'),
  rule(/carers?/, 'caregiver'),
  rule(/heart tracings?/, 'ECG'),
  rule(/(?:take|takes|took|taken|taking) back/, 'cancel, withdraw or revoke'),
  rule(/(?:let|lets|letting) in/, 'approve or accept'),
  rule(/written down/, 'recorded, or on record'),
  rule(/what (?:waits|is waiting)/, 'pending'),
  rule(/(?:look|looks|looked|looking) (?:over|into)/, 'check or review'),
  rule(/show (?:once more )?that it is you/, 'confirm it’s you'),
  rule(/(?:hand|hands|handed) out/, 'dispense or issue'),
  rule(/(?:go|goes|went) on with/, 'continue'),
  rule(/(?:tell|tells|told) of/, 'reveal or report'),
  rule(/(?:see|sees|saw) to it/, 'ensure'),
  rule(/redirect (?:urls?|addresse?s?)/, 'redirect URI'),
];

/** Words that Spanish speakers in the United States don't use: words of Spain, anglicisms, and the informal "tú". */
const SPANISH = [
  rule(/ordenador(?:es)?/, 'computadora'),
  rule(/móvil(?:es)?/, 'teléfono'),
  rule(/ficheros?/, 'archivo'),
  rule(/pinchar|pinche|clicar|clique|cliquear|clickear/, 'elegir, o hacer clic'),
  rule(/(?<!columna )e-?mails?/, 'correo electrónico'),
  rule(/login|logout|loguearse/, 'iniciar sesión, cerrar sesión'),
  rule(/password/, 'contraseña'),
  rule(/links?/, 'enlace'),
  rule(/website/, 'sitio web'),
  rule(/(?:url|direcci[oó]n|direcciones) de redirección/, 'URI de redirección'),
  rule(/apps?/, 'aplicación'),
  rule(/chequear|chequee/, 'revisar'),
  rule(/resetear|resetee/, 'restablecer'),
  rule(/accesar/, 'tener acceso'),
  rule(/vosotr[oa]s|vuestr[oa]s?|tú|tus?|contigo/, 'usted, ustedes, su'),
];

const RULES = { en: ENGLISH, es: SPANISH };

/** One expression for all words of a language, with a group for each rule. It is several times as fast as one for each. */
const allWords = (rules) =>
  new RegExp(
    `(?<![\\p{L}\\p{N}_/.:@])(?:${rules.map(({ pattern }) => `(${pattern})`).join('|')})(?![\\p{L}\\p{N}_/@])`,
    'giu',
  );
const WORDS = { en: allWords(ENGLISH), es: allWords(SPANISH) };

/** A sentence that begins with one of these words has no subject. `\0` separates texts. */
const FRAGMENT = /(?<=(?:^|\0|[.!?]\s)[\s"'“`]*)(?:Of(?! course)|By which|What of|Whose(?=[^?.!\0]*[.!]))\s/gu;

/**
 * Finds unwanted words.
 * @param text a text in which `\0` replaces what isn't ours
 * @returns the position of each, and what to write instead
 */
export function unwantedWords(text, language) {
  const words = [...text.matchAll(WORDS[language])].map(({ 0: word, index, ...groups }) => {
    const { use } = RULES[language].find((_rule, at) => groups[at + 1] !== undefined);
    return { index, message: `'${word.replaceAll(/\s+/g, ' ')}': write ${use}` };
  });
  const fragments = [...text.matchAll(FRAGMENT)].map(({ 0: word, index }) => ({
    index,
    message: `a sentence that begins with '${word.trim()}' has no subject`,
  }));
  return [...words, ...(language === 'en' ? fragments : [])];
}
