import { emptyHtml, type Html, html } from '../../kernel/index.ts';
import type { Messages } from '../en/index.ts';

const data = (whose: string | undefined): string => (whose === undefined ? 'sus datos' : `los datos de ${whose}`);
const record = (whose: string | undefined): string =>
  whose === undefined ? 'su expediente' : `el expediente de ${whose}`;
const joinList = (items: readonly string[]): string => new Intl.ListFormat('es-US').format(items);

/**
 * Spanish texts of the consent page. A change of any text needs a new `CONSENT_WORDING_VERSION`
 * (oauth/consent/wording-version.ts), whether the text is in this file or in the English one.
 */
export const consent: Messages['consent'] = {
  title: (app) => `¿Compartir con ${app}?`,
  heading: (app, whose) =>
    whose === undefined
      ? `¿Compartir su expediente médico con ${app}?`
      : `¿Compartir el expediente médico de ${whose} con ${app}?`,
  headingWithoutData: (app) => `¿Permitir que ${app} sepa quién es usted?`,
  hiHtml: (name) => html`Hola, <b>${name}</b>.`,
  provisional: 'Esta aplicación todavía no está aprobada: solo puede ver pacientes inventados, de prueba.',
  changed: 'Algo de esta página acaba de cambiar. Todavía no se compartió nada: revísela otra vez, por favor.',
  app: {
    about: (app) => `Acerca de ${app}`,
    verifiedHtml: (developer, day) =>
      html`La hace <b>${developer}</b>. Quienes administran este servicio lo comprobaron el ${day}.`,
    claimedHtml: (developer) => html`Dice que la hace <b>${developer}</b>. Aquí nadie lo ha comprobado.`,
    unknownDeveloper: 'No dice quién la hace, y aquí nadie lo ha comprobado.',
    addressHtml: (address, whose) => html`Lleva ${data(whose)} a <b>${address}</b>.`,
    deviceHtml: (address, whose) => html`Lleva ${data(whose)} a un programa de este dispositivo: <b>${address}</b>.`,
    selfRegisteredHtml: (address) =>
      html`<b>Esta aplicación se inscribió aquí por su cuenta.</b> Cualquiera puede ponerle cualquier nombre a una aplicación. Lo único seguro es su dirección: <b>${address}</b>. Siga solo si conoce esa dirección.`,
    policy: (host) => `Lea su política de privacidad en ${host}`,
    noPolicy: 'No dice dónde está su política de privacidad.',
    newTab: '(se abre en otra pestaña)',
  },
  dataUse: {
    summary: (claims, whose) => `Dice sobre ${data(whose)}: ${claims.join('; ')}.`,
    unanswered: (missing, all) => {
      if (missing === 0) return `Respondió a nuestras ${all} preguntas.`;
      return missing === all
        ? `No respondió a ninguna de nuestras ${all} preguntas sobre lo que hace con los datos de salud.`
        : `No respondió a ${missing} de ${all} preguntas.`;
    },
    more: (whose) => `Lo que dice que hace con ${data(whose)}`,
    unchecked: 'Son las respuestas de la propia aplicación. Aquí nadie las ha comprobado.',
    notAnswered: 'No respondió.',
    questions: {
      sold: (whose) => `¿Vende ${data(whose)}?`,
      shared: (whose) => `¿Deja que alguien más vea ${data(whose)}, como otras empresas?`,
      'other-uses': (whose) => `¿Usa ${data(whose)} para algo más, como publicidad o investigación?`,
      deletion: (whose) => `¿Borra ${data(whose)} si usted lo pide?`,
      kept: (whose) => `¿Guarda ${data(whose)} después de que usted deja de usarla?`,
      place: (whose) => `¿Dónde guarda ${data(whose)}?`,
      encrypted: (whose) => `¿Guarda ${data(whose)} bajo clave (cifrados)?`,
      changes: () => '¿Le avisa antes de cambiar sus condiciones?',
    },
    answers: {
      yes: 'Sí',
      no: 'No',
      'with-consent': 'Solo si usted lo acepta antes',
      device: 'Solo en su propio dispositivo',
      'united-states': 'En los Estados Unidos',
      elsewhere: 'Fuera de los Estados Unidos',
    },
    claims: {
      sold: { no: 'no los vende', 'with-consent': 'los vende solo si usted lo acepta', yes: 'los vende' },
      shared: {
        no: 'no los comparte con nadie',
        'with-consent': 'los comparte solo si usted lo acepta',
        yes: 'los comparte con otros',
      },
      'other-uses': {
        no: 'no los usa para publicidad ni investigación',
        'with-consent': 'los usa para publicidad o investigación solo si usted lo acepta',
        yes: 'los usa para publicidad o investigación',
      },
    },
  },
  record: {
    askedHtml: (person, born, practice) =>
      html`La aplicación pide el expediente de <b>${person}</b>${birthDateHtml(born)} en <b>${practice}</b>.`,
    askedForHtml: (person, born, practice) =>
      html`Usted actúa en nombre de <b>${person}</b>${birthDateHtml(born)}. La aplicación pide su expediente en <b>${practice}</b>.`,
    wrong: 'Si ese no es el expediente correcto, regrese y elija otro.',
  },
  items: {
    legend: (app) => `Elija lo que ${app} puede ver`,
    none: (whose) => `La aplicación no ve datos de salud${whose === undefined ? '' : ` de ${whose}`}.`,
    identity: {
      details: (whose) =>
        whose === undefined
          ? 'Sabe quién es usted: su nombre, fecha de nacimiento, dirección, teléfono, idioma, raza y origen étnico.'
          : `Sabe quién es usted y que actúa en nombre de ${whose}: su nombre y cómo comunicarse con usted.`,
      name: () => 'Sabe su nombre.',
    },
    locked: 'Siempre se comparte, para que la aplicación sepa de quién son los datos.',
    isNew: 'Nuevo',
    several: 'Algunos datos son de varios tipos. Se comparten si marca cualquiera de ellos.',
    supporting: 'También ve qué profesionales y consultorios se mencionan allí, y de dónde vienen los datos.',
  },
  sensitive: {
    legend: 'Necesita su permiso aparte',
    hint: (whose) =>
      `La ley protege más esta información. No se comparte si usted no la marca, aunque sea parte de algo de arriba. Aparece aquí tenga o no ${record(whose)} información de este tipo.`,
    basis: (basis) => `La protege: ${basis}.`,
  },
  duration: {
    legend: (app) => `¿Por cuánto tiempo puede tener acceso ${app}?`,
    choices: { '': 'Hasta que yo lo detenga', P1D: 'Un día', P30D: '30 días', P90D: '90 días', P1Y: 'Un año' },
  },
  term: {
    lengths: { hour: 'durante una hora', session: 'hasta que usted cierre la sesión aquí, y 12 horas como máximo' },
    only: (app, length) => `${app} tiene acceso ${length}. Después tiene que volver a pedirle permiso.`,
    unchecked: (app, length) => `Si no marca esta casilla, ${app} tiene acceso ${length}.`,
  },
  offline: {
    legend: 'Cuando usted no la está usando',
    label: 'Mantener el acceso cuando no estoy',
    hint: (app, days) =>
      `${app} puede traer datos nuevos sin usted, mientras regrese al menos una vez cada ${days} días.`,
    otherwise: (days) => `Sin esta marca también puede, pero solo si regresa al menos una vez cada ${days} días.`,
  },
  stop: {
    before: 'Puede detenerlo en cualquier momento en',
    link: 'Su cuenta → Aplicaciones conectadas',
  },
  earlierGrant: {
    legend: (app) => `El acceso que ${app} ya tiene`,
    given: (app, whose, day, kinds, until) =>
      `El ${day} usted permitió que ${app} viera ${record(whose)}: ${joinList(kinds)}, ${until === undefined ? 'hasta que usted lo detenga' : `hasta el ${until}`}.`,
    noData: 'ningún dato de salud',
    label: 'Usar esta decisión también para eso',
    hint: (app) =>
      `Márquelo para quitarle lo que ahora no permite y para que termine cuando termine esto. Si no, queda como está. Su decisión no cambia nada para otras aplicaciones, solo para ${app}.`,
  },
  decision: {
    allow: 'Permitir',
    deny: 'No permitir',
    denied: (app) => `Si elige “No permitir”, no se comparte nada y regresa a ${app}.`,
    deniedAgain: (app) =>
      `Si elige “No permitir”, no se comparte nada nuevo y regresa a ${app}. El acceso que ya tiene queda como está.`,
    leavesHtml: (address, whose) =>
      html`Su respuesta lo lleva a <b>${address}</b>. Lo que la aplicación haga con ${data(whose)} es entre usted y la aplicación: el consultorio no puede recuperar lo que se compartió.`,
  },
  recordChoice: {
    heading: (app) => `¿De quién es el expediente que quiere compartir con ${app}?`,
    legend: 'Elija un expediente',
    hint: (app) => `En la página siguiente elige lo que ${app} puede ver. Antes de eso no se comparte nada.`,
    noChoice: 'Elija de quién es el expediente.',
    born: (day) => `fecha de nacimiento: ${day}`,
    self: 'Su propio expediente',
    representative: 'Usted actúa en nombre de esta persona',
    go: 'Continuar',
  },
  receipt: {
    subject: (app, whose) => `Usted conectó ${app} con ${record(whose)}`,
    app: 'Aplicación',
    address: 'Adónde van los datos',
    developer: 'La hace',
    verified: (developer, day) => `${developer} (comprobado el ${day})`,
    claimed: (developer) => `${developer}, según dice (aquí nadie lo ha comprobado)`,
    selfRegistered: 'La aplicación se inscribió aquí por su cuenta',
    yes: 'sí',
    no: 'no',
    unknown: 'no lo dijo',
    record: 'De quién es el expediente',
    at: (person, practice) => `${person}, en ${practice}`,
    actingFor: (person) => `Usted actúa en nombre de ${person}.`,
    allowed: 'Usted permitió que vea',
    leftOut: 'Usted dejó fuera',
    nothing: 'nada',
    sensitive: 'Necesita su permiso aparte',
    allowedItem: (label, basis) => `${label} (${basis}): permitido`,
    deniedItem: (label, basis) => `${label} (${basis}): no permitido`,
    until: 'Por cuánto tiempo',
    untilStopped: 'hasta que usted lo detenga',
    untilTime: (at) => `hasta el ${at}`,
    away: 'Mantiene el acceso cuando usted no está',
    comesBack: (days) => `sí, mientras regrese al menos una vez cada ${days} días`,
    earlier: 'Esta decisión vale también para lo que la aplicación tenía permitido antes.',
    stop: (address) =>
      `Para detenerlo: abra ${address} y elija allí la aplicación. La aplicación puede conservar lo que ya recibió.`,
    agreed: 'Acordado el',
    wording: 'Versión de estas palabras',
    number: 'Número de este acuerdo',
    technical: 'Para personal técnico',
  },
  problems: {
    tooLong: (most) =>
      `La solicitud de la aplicación es demasiado larga. Quien la desarrolla debe usar como máximo ${most} caracteres en total o enviarla antes (RFC 9126).`,
    unknownApp:
      'Este servidor no conoce la aplicación que lo envió aquí. Quien la desarrolla debe enviar el client_id que recibió al registrarla.',
    backendApp: (app) =>
      `Nadie inicia sesión en la aplicación "${app}": es una aplicación de servidor, que pide sus permisos sola, con client_credentials.`,
    unusableApp: (app) => `La aplicación "${app}" no se puede usar por ahora. No se compartió nada con ella.`,
    expiredRequest: (app) =>
      `La solicitud de la aplicación "${app}" caducó o nunca se hizo. Regrese a la aplicación y empiece de nuevo.`,
    noReturnAddress: (app) =>
      `La aplicación "${app}" no dijo adónde regresar. Quien la desarrolla debe enviar un redirect_uri.`,
    wrongReturnAddress: (app, uri) =>
      `La aplicación "${app}" pidió regresar a una dirección que no tiene registrada: ${uri} . Quien la desarrolla debe enviar una dirección registrada, letra por letra.`,
    forStaff: (app) =>
      `La aplicación "${app}" es para el personal, y usted inició sesión como paciente. Cierre la sesión, abra la aplicación otra vez e inicie sesión con la cuenta correcta.`,
    forPatients: (app) =>
      `La aplicación "${app}" es para pacientes, y usted inició sesión como personal. Cierre la sesión, abra la aplicación otra vez e inicie sesión con la cuenta correcta.`,
    launchedByAnother: (app) =>
      `Otra persona abrió la aplicación "${app}". Inicie sesión como quien la abrió, o ábrala usted.`,
    noDuration: 'Elija de la lista por cuánto tiempo y vuelva a permitirlo.',
    recordGone: 'El expediente de esta página ya no se puede compartir. Regrese a la aplicación y empiece de nuevo.',
    untrusted: (app, reason) =>
      `La aplicación "${app}" pidió algo que no se puede hacer, y no se compartió nada con ella. Para quien la desarrolla: ${reason}`,
    formExpired:
      'Esta página estuvo abierta demasiado tiempo, o las cookies están desactivadas. Regrese, cargue la página otra vez e inténtelo de nuevo.',
  },
};

function birthDateHtml(born: string | undefined): Html {
  return born === undefined ? emptyHtml : html` (nacimiento: <span class="date">${born}</span>)`;
}
