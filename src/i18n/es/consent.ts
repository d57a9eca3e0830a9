import { emptyHtml, type Html, html } from '../../kernel/index.ts';
import type { Messages } from '../en/index.ts';

const data = (whose: string | undefined): string => (whose === undefined ? 'sus datos' : `los datos de ${whose}`);
const record = (whose: string | undefined): string =>
  whose === undefined ? 'su expediente' : `el expediente de ${whose}`;
const joinList = (items: readonly string[]): string => new Intl.ListFormat('es-US').format(items);

const inSentence = ([first = '', ...others]: readonly string[]): readonly string[] => [
  first,
  ...others.map((label) => label.charAt(0).toLowerCase() + label.slice(1)),
];

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
  provisional: 'Esta aplicación todavía no está aprobada. Solo puede ver pacientes de prueba, no reales.',
  changed: 'Algo de esta página acaba de cambiar. Todavía no se compartió nada. Revise la página de nuevo.',
  app: {
    about: (app) => `Acerca de ${app}`,
    verifiedHtml: (developer, day) =>
      html`La hace <b>${developer}</b>. Quienes administran este servicio lo verificaron el ${day}.`,
    claimedHtml: (developer) => html`Dice que la hace <b>${developer}</b>.`,
    unknownDeveloper: 'No dice quién la hace.',
    verified: 'Verificado',
    notVerified: 'Sin verificar',
    addressHtml: (address, whose) => html`Envía ${data(whose)} a <b>${address}</b>.`,
    deviceHtml: (address, whose) => html`Envía ${data(whose)} a un programa de este dispositivo: <b>${address}</b>.`,
    selfRegisteredHtml: (address) =>
      html`<b>Esta aplicación se registró aquí por su cuenta.</b> Cualquiera puede ponerle cualquier nombre a una aplicación. Lo único seguro es su dirección: <b>${address}</b>. Continúe solo si conoce esa dirección.`,
    policy: (host) => `Lea su política de privacidad en ${host}`,
    noPolicy: 'No tiene un enlace a una política de privacidad.',
    newTab: '(se abre en otra pestaña)',
  },
  dataUse: {
    heading: (whose) => `Qué pasa con ${data(whose)}`,
    says: 'La aplicación dice:',
    unanswered: (missing, all) => {
      if (missing === 0) return `Respondió a nuestras ${all} preguntas.`;
      return missing === all
        ? `No respondió a ninguna de nuestras ${all} preguntas sobre cómo usa los datos de salud.`
        : `No respondió a ${missing} de nuestras ${all} preguntas.`;
    },
    more: 'Política de privacidad y respuestas',
    unchecked: 'Estas son las respuestas de la propia aplicación. No se han verificado.',
    notAnswered: 'No respondió.',
    questions: {
      sold: (whose) => `¿Vende ${data(whose)}?`,
      shared: (whose) => `¿Comparte ${data(whose)} con alguien más, como otras empresas?`,
      'other-uses': (whose) => `¿Usa ${data(whose)} para algo más, como publicidad o investigación?`,
      deletion: (whose) => `¿Borra ${data(whose)} si usted lo pide?`,
      kept: (whose) => `¿Conserva ${data(whose)} después de que usted deja de usarla?`,
      place: (whose) => `¿Dónde guarda ${data(whose)}?`,
      encrypted: (whose) => `¿Cifra ${data(whose)}?`,
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
      sold: {
        no: (whose) => `No vende ${data(whose)}.`,
        'with-consent': (whose) => `Vende ${data(whose)} solo si usted lo acepta.`,
        yes: (whose) => `Vende ${data(whose)}.`,
      },
      shared: {
        no: (whose) => `No comparte ${data(whose)} con nadie más.`,
        'with-consent': (whose) => `Comparte ${data(whose)} con otros solo si usted lo acepta.`,
        yes: (whose) => `Comparte ${data(whose)} con otros.`,
      },
      'other-uses': {
        no: (whose) => `No usa ${data(whose)} para publicidad ni para investigación.`,
        'with-consent': (whose) => `Usa ${data(whose)} para publicidad o investigación solo si usted lo acepta.`,
        yes: (whose) => `Usa ${data(whose)} para publicidad o investigación.`,
      },
      deletion: { no: (whose) => `No borra ${data(whose)}, aunque usted lo pida.` },
      kept: { yes: (whose) => `Conserva ${data(whose)} después de que usted deja de usar la aplicación.` },
      place: { elsewhere: (whose) => `Guarda ${data(whose)} fuera de los Estados Unidos.` },
      encrypted: { no: (whose) => `No cifra ${data(whose)}.` },
      changes: { no: () => 'Puede cambiar sus condiciones sin avisarle antes a usted.' },
    },
  },
  record: {
    askedHtml: (person, born, practice) =>
      html`La aplicación pide el expediente de <b>${person}</b>${birthDateHtml(born)} en <b>${practice}</b>.`,
    askedForHtml: (person, born, practice) =>
      html`Usted actúa en nombre de <b>${person}</b>${birthDateHtml(born)}. La aplicación pide su expediente en <b>${practice}</b>.`,
    wrong: 'Si este no es el expediente correcto, regrese y elija otro.',
  },
  items: {
    legend: (app) => `Elija lo que ${app} puede ver`,
    none: (whose) => `La aplicación no puede ver ningún dato de salud${whose === undefined ? '' : ` de ${whose}`}.`,
    identity: {
      details: (whose) =>
        whose === undefined
          ? 'La aplicación sabrá quién es usted: su nombre, fecha de nacimiento, dirección, teléfono, idioma, raza y origen étnico.'
          : `La aplicación sabrá quién es usted y que actúa en nombre de ${whose}: su nombre y cómo comunicarse con usted.`,
      name: () => 'La aplicación sabrá su nombre.',
    },
    always: 'Siempre se comparte',
    along: 'profesionales y consultorios que se mencionan en los datos',
    locked: 'Siempre se comparten, para que la aplicación sepa de quién son los datos.',
    isNew: 'Nuevo',
    hint: 'Desactive lo que no quiere compartir.',
    counted: (entries) => `: ${entries}`,
    inGroup: (labels, more) => joinList([...inSentence(labels), ...(more === 0 ? [] : [`${more} más`])]),
    groupIsOff: 'No se comparte nada de este grupo mientras esté desactivado.',
    stillShared: 'Los datos que también están en otra categoría marcada se siguen compartiendo.',
    stillSharedIn: (group) =>
      `Los datos que también pertenecen a «${group}» se siguen compartiendo si están marcados allí.`,
    several:
      'Algunos datos pertenecen a más de una categoría. Se comparten si cualquiera de esas categorías está marcada.',
    supporting: 'También ve qué profesionales y consultorios se mencionan en estos datos, y de dónde vienen los datos.',
  },
  sensitive: {
    legend: 'Necesita su permiso por separado',
    hint: (whose) =>
      `Esto tiene protección legal adicional. Se mantiene privado si usted no lo activa, también dentro de otros grupos. Se muestra tenga o no ${record(whose)} datos de este tipo.`,
    more: (count) => `Elegir entre ${count} tipos`,
    basis: (basis) => `La protege: ${basis}.`,
  },
  duration: {
    heading: 'Cuánto dura el acceso',
    away: 'También cuando no estoy',
    choices: { '': 'Hasta que yo lo detenga', P1D: 'Un día', P30D: '30 días', P90D: '90 días', P1Y: 'Un año' },
  },
  term: {
    lengths: { hour: 'durante una hora', session: 'hasta que usted cierre la sesión aquí, 12 horas como máximo' },
    only: (app, length) => `${app} tiene acceso ${length}. Después debe pedirle permiso de nuevo.`,
    unchecked: (length) => `Si esto está desactivado, el acceso dura ${length}.`,
  },
  offline: {
    label: 'Mantener el acceso cuando no estoy',
    hint: (days) =>
      `Puede obtener datos nuevos sin usted, siempre que se vuelva a conectar al menos cada ${days} días.`,
    otherwise: (days) =>
      `Si esto está desactivado, también puede hacerlo, pero solo si se vuelve a conectar al menos cada ${days} días.`,
  },
  stop: {
    before: 'Puede detenerlo cuando quiera en',
    link: 'Su cuenta → Aplicaciones conectadas',
  },
  earlierGrant: {
    legend: (app) => `Acceso que ${app} ya tiene`,
    given: (app, whose, day, kinds, until) =>
      `El ${day}, usted permitió que ${app} viera ${record(whose)}: ${joinList(kinds)}, ${until === undefined ? 'hasta que usted lo detenga' : `hasta el ${until}`}.`,
    noData: 'ningún dato de salud',
    label: 'Aplicar también lo que elijo hoy a ese acceso',
    hint: (app) =>
      `Si marca esta casilla, ${app} también pierde el acceso anterior a lo que usted no permite ahora. Su acceso anterior termina además cuando termine el nuevo. Si no la marca, el acceso anterior queda igual. Otras aplicaciones que no sean ${app} no se ven afectadas.`,
  },
  decision: {
    allow: 'Permitir',
    deny: 'No permitir',
    denied: (app) => `Si elige «No permitir», no se comparte nada y usted regresa a ${app}.`,
    deniedAgain: (app) =>
      `Si elige «No permitir», no se comparte nada nuevo y usted regresa a ${app}. El acceso que ya tiene queda igual.`,
    leavesHtml: (address, whose) =>
      html`Después de responder, usted irá a <b>${address}</b>. Lo que la aplicación haga con ${data(whose)} es un asunto entre usted y la aplicación. El consultorio no puede recuperar los datos que se compartieron.`,
    notShared: 'No se comparte:',
    everything: 'Todo lo que pide la aplicación está activado.',
    partly: (group) => `Partes de ${group}`,
    sensitive: 'Información delicada',
    partlySensitive: 'Parte de la información delicada',
    goTo: 'Ir a la decisión',
  },
  recordChoice: {
    heading: (app) => `¿De quién es el expediente que quiere compartir con ${app}?`,
    legend: 'Elija un expediente',
    hint: (app) => `En la página siguiente, usted elige lo que ${app} puede ver. Antes de eso no se comparte nada.`,
    noChoice: 'Elija un expediente.',
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
    verified: (developer, day) => `${developer} (verificado el ${day})`,
    claimed: (developer) => `${developer} (según la aplicación, sin verificar)`,
    selfRegistered: 'La aplicación se registró aquí por su cuenta',
    yes: 'sí',
    no: 'no',
    unknown: 'la aplicación no lo dijo',
    record: 'De quién es el expediente',
    at: (person, practice) => `${person}, en ${practice}`,
    actingFor: (person) => `Usted actúa en nombre de ${person}.`,
    allowed: 'Usted permitió que vea',
    leftOut: 'Usted dejó fuera',
    nothing: 'nada',
    sensitive: 'Necesita su permiso por separado',
    allowedItem: (label, basis) => `${label} (${basis}): permitido`,
    deniedItem: (label, basis) => `${label} (${basis}): no permitido`,
    until: 'Duración del acceso',
    untilStopped: 'hasta que usted lo detenga',
    untilTime: (at) => `hasta el ${at}`,
    away: 'Mantiene el acceso cuando usted no está',
    comesBack: (days) => `sí, siempre que se vuelva a conectar al menos cada ${days} días`,
    earlier: 'Esta decisión también se aplica al acceso que la aplicación ya tenía.',
    stop: (address) =>
      `Para detener este acceso, abra ${address} y elija la aplicación. La aplicación puede conservar los datos que ya recibió.`,
    agreed: 'Aceptado el',
    wording: 'Versión del texto',
    number: 'Número de acuerdo',
    technical: 'Datos técnicos',
  },
  problems: {
    tooLong: (most) =>
      `La solicitud de la aplicación es demasiado larga. Su desarrollador debe usar como máximo ${most} caracteres en total o enviar los parámetros por adelantado (RFC 9126).`,
    unknownApp:
      'Este servidor no reconoce la aplicación que le envió aquí. Su desarrollador debe enviar el client_id del registro.',
    backendApp: (app) =>
      `Las personas no pueden iniciar sesión en la aplicación "${app}". Es una aplicación de servidor y solicita sus propios tokens con client_credentials.`,
    unusableApp: (app) => `La aplicación "${app}" no se puede usar en este momento. No se compartió nada con ella.`,
    expiredRequest: (app) =>
      `La solicitud de la aplicación "${app}" venció o no existe. Regrese a la aplicación y empiece de nuevo.`,
    noReturnAddress: (app) =>
      `La aplicación "${app}" no dijo adónde regresar. Su desarrollador debe enviar un redirect_uri.`,
    wrongReturnAddress: (app, uri) =>
      `La aplicación "${app}" pidió regresar a una dirección que no tiene registrada: ${uri} . Su desarrollador debe enviar un redirect_uri exactamente como está registrado.`,
    forStaff: (app) =>
      `La aplicación "${app}" es para el personal, pero usted inició sesión como paciente. Cierre la sesión, abra la aplicación de nuevo e inicie sesión con la cuenta correcta.`,
    forPatients: (app) =>
      `La aplicación "${app}" es para pacientes, pero usted inició sesión como personal. Cierre la sesión, abra la aplicación de nuevo e inicie sesión con la cuenta correcta.`,
    launchedByAnother: (app) =>
      `Otra persona abrió la aplicación "${app}". Inicie sesión como esa persona o abra la aplicación usted.`,
    noDuration: 'Elija un plazo de la lista y después elija «Permitir» de nuevo.',
    recordGone: 'Este expediente ya no se puede compartir. Regrese a la aplicación y empiece de nuevo.',
    untrusted: (app, reason) =>
      `La aplicación "${app}" envió una solicitud que no se puede completar. No se compartió nada con ella. Para su desarrollador: ${reason}`,
    formExpired:
      'Pasó mucho tiempo desde que abrió esta página, o su navegador no acepta cookies. Regrese, cargue la página de nuevo e inténtelo otra vez.',
  },
};

function birthDateHtml(born: string | undefined): Html {
  return born === undefined ? emptyHtml : html` (nacimiento: <span class="date">${born}</span>)`;
}
