import type { WebMessages } from '../../en/web.ts';
import { counts } from '../counts.ts';
import { formatNumber, plural } from '../plural.ts';
import { terms } from '../terms.ts';

const endedTokens = (count: number): string =>
  `${plural(count, { one: 'terminó', many: 'terminaron', other: 'terminaron' })} ${counts.tokens(count)}`;

export const review: WebMessages['review'] = {
  queue: {
    title: 'Cola de revisión',
    lead: 'Lo que enviaron los desarrolladores y nadie ha decidido todavía; arriba, lo que vence primero.',
    automatic:
      'Las aplicaciones para pacientes de organizaciones verificadas las admite el propio servidor (PATIENT_APP_REVIEW=automatic). Aquí está lo que necesita a una persona.',
    empty: {
      title: 'No hay nada pendiente',
      text: 'Lo que envían los desarrolladores aparece aquí. Usted recibe un correo antes de que se atrase.',
    },
    more: (shown, found) =>
      `Se muestran las primeras ${formatNumber(shown)} de ${formatNumber(found)}. Los filtros encuentran las demás.`,
    noMatch: { title: 'Nada coincide con estos filtros', text: 'Quite alguno para ver más.' },
    clear: 'Quitar los filtros',
    counts: {
      waiting: 'Desarrollador por verificar',
      verified: 'Por habilitar',
      asked: 'Con pregunta hecha',
      soon: 'Vencen pronto',
      late: 'Atrasadas',
    },
    app: terms.app,
    organisation: 'Organización',
    appKind: 'Qué es',
    deadline: 'Plazo',
    change: 'Cambio',
    first: 'Primera versión',
    onlyChanges: 'Solo cambios',
    table: 'Lo que espera una decisión',
  },
  filters: {
    label: 'Filtros',
    text: terms.search,
    textHint: 'Nombre, organización o client_id',
    kind: terms.kind,
    state: 'Estado',
    any: 'Todos',
    organisation: 'Organización',
    registeredBy: 'Registrada por',
  },
  deadline: {
    verify: 'Verificar al desarrollador',
    enable: 'Habilitar la aplicación',
    states: { 'in-time': 'A tiempo', soon: 'Vence pronto', late: 'Atrasada' },
    left: (count) =>
      count === 0
        ? 'termina hoy'
        : `${plural(count, { one: 'queda', many: 'quedan', other: 'quedan' })} ${counts.businessDays(count)}`,
    late: (count) => (count === 0 ? 'terminó' : `atrasada ${counts.businessDays(count)}`),
    due: (day) => `hasta el ${day}`,
    elapsed: (passed, all) =>
      `${plural(passed, { one: 'Ha', many: 'Han', other: 'Han' })} pasado ${formatNumber(passed)} de ${counts.businessDays(all)}`,
  },
  states: {
    provisional: 'Aún no aprobada',
    active: terms.appStates.active,
    rejected: terms.appStates.rejected,
    suspended: terms.appStates.suspended,
    retired: terms.appStates.retired,
  },
  badges: {
    two: 'Dos administradores',
    oneOfTwo: 'Aprobó uno de dos',
    asked: 'Con pregunta hecha',
    verified: terms.verified,
    unverified: 'Sin verificar',
  },
  registrars: {
    developer: 'Un desarrollador de una organización',
    itself: 'Ella misma',
    operator: 'Un operador',
    server: 'Este servidor',
  },
  noOrganisation: {
    developer: 'Sin organización',
    itself: 'Sin organización: se registró sola',
    operator: 'Sin organización: la registró un operador',
    server: 'Sin organización: viene con este servidor',
  },
  apps: {
    title: 'Todas las aplicaciones',
    lead: 'Todo lo que puede pedir tokens aquí, lo más nuevo primero.',
    empty: {
      title: 'Ninguna aplicación coincide',
      text: 'Aquí están las aplicaciones que registran desarrolladores, operadores o programas.',
    },
    pending: 'Espera revisión',
    created: (day) => `Registrada el ${day}`,
    count: counts.apps,
  },
  app: {
    lead: (kind, organisation) => `${kind} de ${organisation}`,
    leadWithoutOrganisation: (kind, by) => `${kind}. ${by}.`,
    toDecision: 'A la decisión',
    facts: 'Datos',
    clientId: 'client_id',
    version: (version) => `Versión ${version}`,
    submitted: (who, at) => `La envió ${who} el ${at}`,
    submitters: {
      developer: 'alguien que ya no está',
      itself: 'la propia aplicación',
      operator: 'un operador',
      server: 'este servidor',
    },
    connected: 'Personas que le permiten leer',
    registered: 'Registrada',
    developer: 'Quién la hace, como se dice a los pacientes',
    noDeveloper: 'No consta: los pacientes ven que nadie comprobó quién la hace',
    how: 'Cómo se registró',
    origins: {
      developer: 'Un desarrollador, en el portal.',
      itself:
        'Un programa la registró en el punto de registro (RFC 7591), sin cuenta. No se guarda desde qué red; quién la hace solo se sabe por lo que ella dice de sí misma.',
      operator: 'Un operador de este servidor la registró en la línea de comandos.',
      server: 'Viene con este servidor y es para el entorno de prueba: no espera revisión.',
    },
    domain: 'Dominio',
    noDomain: 'Ninguno (proveedor público de correo)',
    people: 'Personas',
    nothingPending: 'Nada de esta aplicación espera una decisión.',
    question: 'Pregunta hecha y aún sin respuesta',
    dataUse: {
      title: 'Qué dice que hace con los datos de salud',
      lead: 'Las respuestas del desarrollador, como las ven los pacientes al dar su permiso. Aquí nadie las garantiza.',
      none: 'No dio respuestas.',
      unanswered: 'No respondió',
    },
    terms: { title: 'Lo que registró', changed: 'Lo que hay que aprobar', empty: 'Nada' },
    differences: {
      title: 'Qué cambiaría',
      lead: 'Frente a la versión aprobada, que sigue funcionando hasta que se decida esto.',
      before: 'Aprobado',
      after: 'Deseado',
      added: 'Nuevo',
      removed: 'Quitado',
      none: 'Vacío',
    },
    history: {
      title: 'Historial',
      empty: 'Todavía no pasó nada.',
      sides: { developer: 'Desarrollador', operator: 'Administrador', server: 'Servidor' },
      kinds: {
        registered: 'Registrada',
        submitted: 'Enviada a revisión',
        verified: 'Desarrollador verificado',
        asked: 'Pregunta hecha',
        answered: 'Pregunta respondida',
        approved: 'Aprobada',
        'approved-first': 'Aprobada por el primero de dos',
        rejected: 'Rechazada',
        withdrawn: 'Retirada de la revisión',
        suspended: 'Suspendida',
        resumed: 'Reanudada',
        retired: 'Retirada',
        'secret-made': 'Secreto creado',
        'secret-ended': 'Secreto terminado',
        changed: 'Cambiada',
      },
    },
    notes: {
      title: 'Notas',
      lead: 'Solo las ven los administradores.',
      label: 'Nota nueva',
      add: 'Agregar nota',
      empty: 'Todavía no hay notas.',
    },
    practices: {
      title: 'Consultorios',
      lead: 'De quiénes podrá tener los datos cuando esté aprobada. La segunda aprobación vale para los mismos.',
      kinds: { sandbox: 'de prueba', live: 'real' },
    },
  },
  checks: {
    title: 'Comprobaciones',
    lead: 'Este servidor mira ahora las direcciones y las claves. Ayudan a decidir; ninguna decide por sí sola.',
    run: 'Hacer las comprobaciones',
    again: 'Hacerlas de nuevo',
    done: (good, wrong, look) => `${good} en orden, ${wrong} con problemas, ${look} para que usted las mire`,
    results: { yes: 'En orden', no: 'Con problemas', look: 'Mírelo usted' },
    names: {
      domain: 'Dominio',
      redirect: 'Dirección de retorno',
      policy: 'Política de privacidad',
      website: terms.website,
      keys: 'Claves',
    },
    findings: {
      'same-domain': ({ its }) => `Está bajo ${its}, como las direcciones de correo de la organización.`,
      'other-domain': ({ its, ofOrganisation }) =>
        `Está bajo ${its}, y la organización es ${ofOrganisation}: averigüe si los dos son del mismo desarrollador.`,
      'no-domain': 'La organización no tiene dominio propio. Compruebe de otra manera quién es.',
      'rules-kept': 'Una sola dirección https exacta.',
      'rules-broken': 'No cumple las reglas de las direcciones de retorno.',
      loopback: 'Lleva a la computadora del propio paciente, donde puede escuchar cualquier programa.',
      'own-scheme': 'Un esquema propio de la aplicación: otra aplicación del teléfono también puede reclamarlo.',
      answers: 'Responde.',
      'does-not-answer': 'No responde.',
      'cannot-tell': 'Este servidor no puede saberlo. Ábralo usted.',
      'not-given': 'El desarrollador no dio ninguna.',
      'keys-usable': 'Hay una clave que puede firmar.',
      'keys-unusable': 'No hay ninguna clave que se pueda usar.',
    },
  },
  decide: {
    title: 'Decidir',
    patientRule:
      'Qué aplicación usa un paciente lo elige el paciente: no se juzga su mérito. Usted solo puede rechazarla si el desarrollador no es quien dice ser o por un riesgo de seguridad documentado.',
    localOnly:
      'Todas las direcciones de retorno de esta aplicación están en localhost. Solo funciona para un paciente que la ejecuta en su propia computadora y no aparecerá en la galería. Antes de aprobarla, pida al desarrollador una dirección de retorno pública.',
    twoRule: 'Pide datos de consultorios enteros (permisos system/): tienen que aprobarla dos administradores.',
    firstByYou: 'Usted la aprobó primero. Ahora tiene que aprobarla otro administrador.',
    firstBy: (who) => `${who} la aprobó primero. Con la aprobación de usted queda admitida.`,
    nothingToDecide: 'No hay nada que decidir: esta aplicación está retirada.',
    actions: {
      verify: 'Verificar al desarrollador',
      approve: 'Aprobar',
      reject: 'Rechazar…',
      ask: 'Hacer una pregunta…',
      suspend: 'Suspender…',
      resume: 'Reanudar…',
      retire: 'Retirar…',
    },
    buttons: {
      verify: 'Verificar',
      approve: 'Aprobar',
      reject: 'Rechazar',
      ask: 'Enviar la pregunta',
      suspend: 'Suspender',
      resume: 'Reanudar',
      retire: 'Retirar para siempre',
    },
    consequences: {
      verify:
        'Usted dice que comprobó quién hace esta aplicación. El primer plazo se detiene; desde ahora hay 5 días hábiles para habilitarla.',
      approve:
        'La aplicación funciona desde ahora con los consultorios reales. Se aprueba lo que usted ve en esta página.',
      approveChange:
        'Lo que cambiaría, tal como lo ve en esta página, vale desde ahora en lugar de la versión aprobada antes.',
      approveFirst:
        'Su aprobación queda guardada. Nada cambia para la aplicación hasta que la apruebe también otro administrador.',
      reject: 'La aplicación ya no hace nada, tampoco en el entorno de prueba, hasta que se envíe otra versión.',
      rejectChange: 'El cambio se rechaza y la versión aprobada antes sigue funcionando.',
      ask: 'El plazo sigue corriendo hasta que se responda la pregunta y mientras usted lee la respuesta.',
      suspend:
        'La aplicación no puede iniciar la sesión de nadie y todos sus tokens se rechazan en un segundo. Lo que permitieron los pacientes se conserva.',
      resume:
        'La aplicación funciona de nuevo. Los tokens que no han vencido y lo que permitieron los pacientes valen otra vez.',
      retire:
        'La aplicación termina para siempre: no podrá volver a funcionar y todos sus tokens se rechazan en un segundo.',
    },
    notifications: {
      developer: {
        plain: 'Se avisa a los desarrolladores por correo.',
        why: 'Se explica a los desarrolladores por correo.',
        ask: 'Los desarrolladores reciben su pregunta por correo y la responden en el portal.',
      },
      itself: {
        plain:
          'No se envía ningún correo. La aplicación encuentra la decisión donde administra su registro (RFC 7592).',
        why: 'No se envía ningún correo. La aplicación encuentra lo que usted escribe donde administra su registro (RFC 7592).',
        ask: 'No se envía ningún correo. La aplicación encuentra su pregunta donde administra su registro (RFC 7592) y responde enviando otra versión.',
      },
      nobody:
        'No se envía ningún correo: ningún desarrollador tiene cuenta para esta aplicación. Avise usted a quien la hace.',
    },
    organisation: (name) => `Comprobé quién es ${name}: verificar también la organización`,
    ground: 'Motivo',
    grounds: {
      authenticity: {
        name: 'Autenticidad sin confirmar',
        text: 'El desarrollador no es quien dice ser, o no se puede demostrar que lo sea.',
      },
      'security-risk': {
        name: 'Riesgo de seguridad documentado',
        text: 'La aplicación pondría en riesgo la seguridad de este sistema. Diga qué riesgo y cómo lo sabe.',
      },
      'terms-broken': { name: 'No cumple las condiciones', text: 'No cumple lo acordado.' },
      'asked-by-developer': { name: 'Lo pidió el desarrollador', text: 'Diga cuándo y cómo.' },
      other: { name: 'Otro motivo', text: 'Solo para aplicaciones del personal y de los consultorios.' },
    },
    text: 'Lo que leen los desarrolladores',
    textKept: 'Motivo en palabras, que queda en el historial',
    textHint: 'Diga qué está mal y cómo corregirlo.',
    question: 'Pregunta',
    done: {
      verified: 'Verificado. Corre el plazo para habilitarla.',
      'approved-first': 'Su aprobación queda guardada. También tiene que aprobarla otro administrador.',
      approved: 'Aprobada. Funciona desde ahora.',
      rejected: 'Rechazada.',
      asked: 'Pregunta enviada.',
      resumed: 'Reanudada. Funciona de nuevo.',
    },
    suspended: (count) => `Suspendida: ${endedTokens(count)}.`,
    retired: (count) => `Retirada: ${endedTokens(count)}.`,
  },
  organisations: {
    title: 'Organizaciones',
    lead: 'Quién hace aplicaciones y de quién comprobó la identidad un administrador. Los pacientes lo ven al dar su permiso.',
    empty: {
      title: 'Ninguna organización coincide',
      text: 'Una organización se crea cuando alguien se registra como desarrollador.',
    },
    verified: terms.verified,
    unverified: 'Sin verificar',
    verifiedBy: (who, at) => `La verificó ${who} el ${at}`,
    verifiedOn: (at) => `Verificada el ${at}`,
    since: (at) => `Desde el ${at}`,
    people: counts.people,
    apps: counts.apps,
    verify: 'Verificar',
    unverify: 'Quitar',
    verifyOf: (name) => `Verificar ${name}`,
    unverifyOf: (name) => `Quitar la verificación de ${name}`,
    verifyConsequence:
      'Usted dice que comprobó quién es esta organización. Los pacientes lo ven al dar su permiso, en todas sus aplicaciones.',
    unverifyConsequence: 'Sus aplicaciones siguen igual. Los pacientes ya no ven que alguien comprobó quién las hace.',
    doneVerify: 'La organización está verificada.',
    doneUnverify: 'Se quitó la verificación.',
  },
  rules: {
    title: 'Qué mira la revisión y cuánto tarda',
    deadlines:
      'En 10 días hábiles comprobamos que ustedes son quienes dicen ser. En 5 días hábiles más su aplicación funciona con los consultorios reales. No cuentan los feriados federales de EE. UU. ni los fines de semana. (45 CFR 170.404(b)(1))',
    patient:
      'De una aplicación que los pacientes eligen para sí no se juzga el mérito. Se rechaza solo si no podemos confirmar quiénes son ustedes, o por un riesgo de seguridad que documentamos y les explicamos.',
    others:
      'Las aplicaciones para el personal y para los sistemas de los consultorios se miran junto con los consultorios que las usan.',
    two: 'Las aplicaciones con permisos system/ necesitan el acuerdo de dos de nuestros administradores.',
    meanwhile:
      'Hasta entonces su aplicación funciona con los consultorios de prueba, con el mismo identificador y las mismas credenciales.',
    helps:
      'Va más rápido si las direcciones de retorno, la política de privacidad y el sitio web están bajo el dominio de su dirección de correo, y si las direcciones responden.',
    changes:
      'Otra dirección de retorno, más permisos, otro nombre u otra política se miran de nuevo; mientras tanto sigue funcionando la versión aprobada.',
    question: 'Si les preguntamos algo, el plazo sigue corriendo: respondan pronto.',
  },
};
