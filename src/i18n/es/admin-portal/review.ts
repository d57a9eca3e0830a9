import type { AdminWebMessages } from '../../en/admin-web.ts';
import { counts } from '../counts.ts';
import { formatNumber, plural } from '../plural.ts';
import { reviewDeadline } from '../review-deadline.ts';
import { terms } from '../terms.ts';

const revokedTokens = (count: number): string =>
  `${plural(count, { one: 'Se revocó', many: 'Se revocaron', other: 'Se revocaron' })} ${counts.tokens(count)}`;

export const review: AdminWebMessages['review'] = {
  madeUp: {
    title: 'Todo aquí es ficticio',
    text: 'Estas aplicaciones, organizaciones, consultorios y personas no existen. Solo este navegador ve lo que usted decide y publica, y no se envía ningún correo. Sus cambios se borran después de un día sin uso. El registro de auditoría, las claves y la configuración no forman parte del entorno de pruebas.',
    startOver: 'Empezar de nuevo',
    startOverQuestion: '¿Borrar sus cambios y recibir nuevas aplicaciones y consultorios ficticios?',
    startedOver: 'Sus cambios se borraron.',
    notInSandbox: {
      title: terms.notInSandbox,
      text: 'Esta cuenta de prueba solo revisa aplicaciones, organizaciones y consultorios ficticios. Inicie sesión con su propia cuenta de administrador.',
    },
  },
  queue: {
    title: 'Cola de revisión',
    lead: 'Aplicaciones que esperan una decisión.',
    automatic:
      'El servidor aprueba automáticamente las aplicaciones para pacientes de organizaciones verificadas (PATIENT_APP_REVIEW=automatic). Esta lista muestra las aplicaciones que necesitan su revisión.',
    empty: {
      title: 'No hay nada que revisar',
      text: 'Los envíos nuevos aparecen aquí. Le avisamos por correo antes de que venza un plazo.',
    },
    noMatch: { title: 'Ninguna aplicación coincide', text: 'Quite un filtro para ver más.' },
    clear: 'Quitar los filtros',
    counts: {
      waiting: reviewDeadline.steps.verify,
      verified: reviewDeadline.steps.enable,
      asked: 'Con pregunta hecha',
      soon: 'Vencen pronto',
      late: 'Atrasadas',
    },
    app: terms.app,
    organisation: 'Organización',
    appKind: 'Tipo',
    deadline: 'Plazo',
    change: 'Cambio',
    first: 'Primera versión',
    onlyChanges: 'Solo cambios',
    table: 'Aplicaciones que esperan una decisión',
  },
  filters: {
    textHint: 'Nombre, organización o client_id',
    kind: terms.kind,
    state: 'Estado',
    organisation: 'Organización',
    registeredBy: 'Registrada por',
  },
  states: {
    provisional: 'Aún no aprobada',
    active: terms.appStates.active,
    rejected: terms.appStates.rejected,
    suspended: terms.appStates.suspended,
    retired: terms.appStates.retired,
  },
  badges: {
    two: 'Necesita dos aprobaciones',
    oneOfTwo: '1 de 2 aprobaciones',
    asked: 'Con pregunta hecha',
  },
  registrars: {
    developer: 'Desarrollador',
    itself: 'La propia aplicación',
    operator: 'Operador',
    server: 'Este servidor',
  },
  noOrganisation: {
    developer: 'Sin organización',
    itself: 'Sin organización (la aplicación se registró sola)',
    operator: 'Sin organización (la registró un operador)',
    server: 'Sin organización (incluida con este servidor)',
  },
  apps: {
    title: 'Todas las aplicaciones',
    lead: 'Todas las aplicaciones registradas.',
    empty: {
      title: 'Ninguna aplicación coincide',
      text: 'Aquí aparecen las aplicaciones que registran desarrolladores, operadores o programas.',
    },
    pending: 'En espera de revisión',
    created: (day) => `Registrada el ${day}`,
    count: counts.apps,
  },
  app: {
    lead: (kind, organisation) => `${kind} de ${organisation}`,
    leadWithoutOrganisation: (kind, by) => `${kind}. ${by}.`,
    toDecision: 'Ir a la decisión',
    facts: 'Datos de la aplicación',
    clientId: 'client_id',
    version: (version) => `Versión ${version}`,
    submitted: (who, at) => `La envió ${who} el ${at}`,
    submitters: {
      developer: 'alguien que ya no es miembro',
      itself: 'la propia aplicación',
      operator: 'un operador',
      server: 'este servidor',
    },
    connected: 'Personas que la conectaron',
    registered: 'Registrada',
    developer: 'Desarrollador, como lo ven los pacientes',
    noDeveloper: 'No indicado. Los pacientes ven que el desarrollador no está verificado.',
    how: 'Cómo se registró',
    origins: {
      developer: 'La registró un desarrollador en el portal de desarrolladores.',
      itself:
        'Un programa la registró en el punto de registro (RFC 7591), sin cuenta. No se guarda su dirección de red. Los datos de su desarrollador vienen solo de la aplicación y no están verificados.',
      operator: 'Un operador de este servidor la registró en la línea de comandos.',
      server: 'Está incluida con este servidor para el entorno de prueba y no necesita revisión.',
    },
    identity: {
      verified: (day) => `Un administrador verificó la identidad de la organización el ${day}.`,
      unverified: 'Ningún administrador ha verificado la identidad de la organización.',
      meaning:
        'Los pacientes lo ven en la página de consentimiento. El paso 1 es aparte: confirma quién envió esta versión.',
    },
    domain: 'Dominio',
    noDomain: 'Ninguno (proveedor público de correo)',
    people: 'Personas',
    nothingPending: 'Esta aplicación no tiene nada en espera de una decisión.',
    question: 'Pregunta sin respuesta',
    dataUse: {
      title: 'Cómo usa la aplicación los datos de salud',
      lead: 'Las respuestas del desarrollador, como las ven los pacientes en la página de permisos. No están verificadas.',
      none: 'El desarrollador no dio respuestas.',
      unanswered: 'Sin respuesta',
    },
    terms: { title: 'Registro', changed: 'Versión por aprobar', empty: 'Nada' },
    differences: {
      title: 'Cambios propuestos',
      lead: 'Comparados con la versión aprobada, que sigue funcionando hasta que usted decida.',
      before: 'Aprobado',
      after: 'Propuesto',
      added: 'Agregado',
      removed: 'Quitado',
      none: 'Vacío',
    },
    history: {
      title: 'Historial',
      empty: 'Todavía no hay historial.',
      sides: { developer: 'Desarrollador', operator: 'Administrador', server: 'Servidor' },
      kinds: {
        registered: 'Registrada',
        submitted: 'Enviada a revisión',
        verified: 'Paso 1 terminado: desarrollador de esta versión verificado',
        asked: 'Pregunta hecha',
        answered: 'Pregunta respondida',
        approved: 'Aprobada',
        'approved-first': 'Primera aprobación de dos',
        rejected: 'Rechazada',
        withdrawn: 'Retirada de la revisión',
        suspended: 'Suspendida',
        resumed: 'Reanudada',
        retired: 'Retirada',
        'secret-made': 'Secreto de cliente creado',
        'secret-ended': 'Secreto de cliente terminado',
        changed: 'Cambiada',
      },
    },
    notes: {
      title: 'Notas',
      lead: 'Solo los administradores pueden ver estas notas.',
      label: 'Nota nueva',
      add: 'Agregar nota',
      done: 'Nota agregada.',
      empty: 'Todavía no hay notas.',
    },
    requestLimit: {
      title: 'Límite de solicitudes',
      lead: 'Cuántas solicitudes puede enviar la aplicación a las API de FHIR, sumadas las de todos sus usuarios.',
      standard: (perMinute) => `${formatNumber(perMinute)} por minuto, el valor predeterminado de este servidor.`,
      own: (perMinute) => `${formatNumber(perMinute)} por minuto, fijado para esta aplicación.`,
      change: 'Cambiar límite…',
      changeOf: (app) => `Cambiar límite de solicitudes: ${app}`,
      label: 'Solicitudes por minuto',
      hint: (standard) =>
        `De 1 a 1,000,000. Déjelo vacío para usar el valor predeterminado, ${formatNumber(standard)}. Cada proceso del servidor cuenta por su lado. El cambio se aplica en un segundo.`,
      save: 'Guardar límite',
      done: 'Límite de solicitudes guardado.',
    },
    practices: {
      title: 'Consultorios',
      lead: 'Los consultorios a cuyos datos tendrá acceso la aplicación después de la aprobación. La segunda aprobación vale para los mismos consultorios.',
      kinds: { sandbox: 'de prueba', live: 'real' },
    },
  },
  checks: {
    title: 'Comprobaciones',
    lead: 'Comprueba desde este servidor las direcciones y las claves de la aplicación. Los resultados son orientativos.',
    run: 'Ejecutar comprobaciones',
    again: 'Ejecutar de nuevo',
    done: (good, wrong, look) => `${good} correctas, ${wrong} con problemas, ${look} por comprobar manualmente`,
    results: { yes: 'Correcto', no: 'Con problemas', look: 'Requiere comprobación manual' },
    names: {
      domain: 'Dominio',
      redirect: 'URI de redirección',
      policy: 'Política de privacidad',
      website: terms.website,
      keys: 'Claves',
    },
    findings: {
      'same-domain': ({ its }) => `La dirección está bajo ${its}, el dominio de correo de la organización.`,
      'other-domain': ({ its, ofOrganisation }) =>
        `La dirección está bajo ${its}, pero el dominio de correo de la organización es ${ofOrganisation}. Compruebe que los dos sean del mismo desarrollador.`,
      'no-domain': 'La organización no tiene dominio propio. Verifique su identidad de otra manera.',
      'rules-kept': 'Dirección https exacta.',
      'rules-broken': 'La URI de redirección no cumple las reglas.',
      loopback:
        'La URI de redirección lleva a la computadora del propio paciente, donde puede escuchar cualquier programa.',
      'own-scheme': 'La URI de redirección usa un esquema propio. Otra aplicación del teléfono también podría usarlo.',
      answers: 'La página responde.',
      'does-not-answer': 'La página no responde.',
      'cannot-tell': 'Este servidor no pudo comprobar la página. Ábrala usted.',
      'not-given': 'El desarrollador no indicó ninguna.',
      'keys-usable': 'Al menos una clave sirve para firmar.',
      'keys-unusable': 'Ninguna clave sirve para firmar.',
    },
  },
  decide: {
    title: 'Decisión',
    patientRule:
      'Los pacientes eligen sus aplicaciones, así que no juzgue los méritos de la aplicación. Usted solo puede rechazarla si no puede confirmar la identidad del desarrollador o por un riesgo de seguridad documentado.',
    localOnly:
      'Todas las URI de redirección de esta aplicación están en localhost. Solo funciona para un paciente que la ejecuta en su propia computadora y no aparecerá en la galería de aplicaciones. Antes de aprobarla, pida al desarrollador una URI de redirección pública.',
    twoRule:
      'Esta aplicación pide datos de consultorios enteros (permisos system/), así que deben aprobarla dos administradores.',
    firstByYou: 'Usted dio la primera aprobación. Otro administrador debe dar la segunda.',
    firstBy: (who) => `${who} dio la primera aprobación. Con la aprobación de usted se activa la aplicación.`,
    nothingToDecide: 'Esta aplicación está retirada. No hay nada que decidir.',
    actions: {
      verify: 'Verificar al desarrollador',
      approve: 'Aprobar versión',
      reject: 'Rechazar versión…',
      ask: 'Hacer una pregunta…',
      suspend: 'Suspender aplicación…',
      resume: 'Reanudar aplicación…',
      retire: 'Retirar aplicación…',
    },
    buttons: {
      verify: 'Verificar al desarrollador',
      approve: 'Aprobar versión',
      reject: 'Rechazar versión',
      ask: 'Enviar pregunta',
      suspend: 'Suspender aplicación',
      resume: 'Reanudar aplicación',
      retire: 'Retirar aplicación para siempre',
    },
    consequences: {
      verify:
        'Usted confirma la identidad del desarrollador. Termina el plazo de verificación. A partir de entonces tiene 5 días hábiles para activar la aplicación para pacientes reales.',
      approve:
        'La aplicación funciona de inmediato con los consultorios reales. Usted la aprueba tal como la muestra esta página. Su aprobación también confirma que usted verificó al desarrollador.',
      approveChange:
        'Los cambios propuestos en esta página reemplazan de inmediato la versión aprobada. Su aprobación también confirma que usted verificó al desarrollador.',
      approveFirst:
        'Su aprobación queda registrada. Nada cambia para la aplicación hasta que otro administrador también la apruebe.',
      reject: 'La aplicación deja de funcionar, también en el entorno de prueba, hasta que se envíe una versión nueva.',
      rejectChange: 'El cambio se rechaza. La versión aprobada sigue funcionando.',
      ask: 'El plazo no cambia. Sigue corriendo mientras espera la respuesta y mientras la revisa.',
      suspend:
        'Nadie puede iniciar sesión con la aplicación y todos sus tokens dejan de funcionar en un segundo. Se conservan los permisos de los pacientes.',
      resume:
        'La aplicación funciona de nuevo. Los tokens que no han vencido y los permisos de los pacientes vuelven a ser válidos.',
      retire:
        'La aplicación se retira para siempre y no podrá volver a funcionar. Todos sus tokens dejan de funcionar en un segundo.',
    },
    verifiedOrganisation: (day) =>
      `La identidad de la organización se verificó el ${day}. Aun así, cada versión necesita el paso 1: confirme que esta versión viene de la organización.`,
    notifications: {
      developer: {
        plain: 'Se avisa a los desarrolladores por correo.',
        why: 'Los desarrolladores reciben el motivo por correo.',
        ask: 'Los desarrolladores reciben su pregunta por correo y la responden en el portal de desarrolladores.',
      },
      madeUp: {
        plain: 'En un servidor real, los desarrolladores reciben un correo.',
        why: 'En un servidor real, los desarrolladores reciben el motivo por correo.',
        ask: 'En un servidor real, los desarrolladores reciben su pregunta por correo y la responden en el portal de desarrolladores.',
      },
      itself: {
        plain:
          'No se envía ningún correo. La aplicación encuentra la decisión en la dirección donde administra su registro (RFC 7592).',
        why: 'No se envía ningún correo. La aplicación encuentra su texto en la dirección donde administra su registro (RFC 7592).',
        ask: 'No se envía ningún correo. La aplicación encuentra su pregunta en la dirección donde administra su registro (RFC 7592) y responde enviando una versión nueva.',
      },
      nobody:
        'No se envía ningún correo, porque ningún desarrollador tiene cuenta para esta aplicación. Comuníquese usted con el desarrollador.',
    },
    organisation: (name) => `Confirmé la identidad de ${name}. Verificar también la organización.`,
    ground: 'Motivo',
    grounds: {
      authenticity: {
        name: 'Autenticidad sin confirmar',
        text: 'El desarrollador no es quien dice ser, o no se puede confirmar.',
      },
      'security-risk': {
        name: 'Riesgo de seguridad documentado',
        text: 'La aplicación pondría en riesgo la seguridad de este sistema. Describa el riesgo y las pruebas que tiene.',
      },
      'terms-broken': { name: 'No cumple las condiciones', text: 'La aplicación no cumple las condiciones acordadas.' },
      'asked-by-developer': { name: 'Lo pidió el desarrollador', text: 'Diga cuándo y cómo lo pidió.' },
      other: { name: 'Otro motivo', text: 'Solo para aplicaciones del personal y aplicaciones de servidor.' },
    },
    text: 'Mensaje para los desarrolladores',
    textKept: 'Explicación (se guarda en el historial)',
    textHint: 'Diga qué está mal y cómo corregirlo.',
    question: 'Pregunta',
    done: {
      verified:
        'El paso 1 está terminado: el desarrollador de esta versión está verificado. Empezó el plazo del paso 2.',
      'approved-first': 'Su aprobación queda registrada. Otro administrador también debe aprobar la aplicación.',
      approved: 'Versión aprobada. Ya funciona.',
      rejected: 'Versión rechazada.',
      asked: 'Pregunta enviada.',
      resumed: 'Aplicación reanudada. Funciona de nuevo.',
      requested: 'Otro administrador debe aprobarlo. Todavía no cambió nada.',
    },
    identityOpen: (organisation) =>
      `La identidad de ${organisation} todavía no está verificada, y los pacientes lo ven en la página de consentimiento.`,
    verifyIdentity: 'Verificar la identidad',
    nextApp: (app) => `Siguiente aplicación: ${app}`,
    backToQueue: 'Volver a la cola',
    nothingLeft: 'Ninguna otra aplicación espera una decisión.',
    suspended: (count) => `Aplicación suspendida. ${revokedTokens(count)}.`,
    retired: (count) => `Aplicación retirada. ${revokedTokens(count)}.`,
  },
  organisations: {
    title: 'Organizaciones',
    lead: 'Organizaciones que desarrollan aplicaciones. En la página de permisos, los pacientes ven si un administrador verificó la identidad de la organización. Aun así, cada versión que envía necesita su propia revisión.',
    empty: {
      title: 'Ninguna organización coincide',
      text: 'Una organización se crea cuando alguien se registra como desarrollador.',
    },
    verified: 'Identidad verificada',
    unverified: 'Identidad sin verificar',
    verifiedBy: (who, at) => `${who} verificó la identidad el ${at}`,
    verifiedOn: (at) => `La identidad se verificó el ${at}`,
    toDo: 'Pendiente',
    nothingToDo: 'Nada pendiente: ninguna versión espera revisión.',
    toVerify: (count) =>
      plural(count, {
        one: 'verificar al desarrollador de 1 versión',
        many: `verificar al desarrollador de ${formatNumber(count)} de versiones`,
        other: `verificar al desarrollador de ${formatNumber(count)} versiones`,
      }),
    toEnable: (count) =>
      plural(count, {
        one: 'decidir sobre 1 versión',
        many: `decidir sobre ${formatNumber(count)} de versiones`,
        other: `decidir sobre ${formatNumber(count)} versiones`,
      }),
    since: (at) => `Desde el ${at}`,
    people: counts.people,
    apps: counts.apps,
    verify: 'Verificar la identidad',
    unverify: 'Quitar la verificación',
    verifyOf: (name) => `Verificar la identidad de ${name}`,
    unverifyOf: (name) => `Quitar la verificación de ${name}`,
    verifyConsequence:
      'Usted confirma la identidad de esta organización. Los pacientes lo ven en la página de permisos de todas sus aplicaciones.',
    unverifyConsequence: 'Sus aplicaciones siguen funcionando. Los pacientes las ven como «no verificadas».',
    doneVerify: 'Organización verificada.',
    doneUnverify: 'Verificación retirada.',
  },
};
