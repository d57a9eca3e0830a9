/** The texts of messages-en.js in Spanish. */
export const spanish = {
  page: {
    skip: 'Ir al contenido principal',
    fictional: 'Todas las personas y los datos son ficticios. El entorno de prueba no tiene datos reales de pacientes.',
    source: 'Ver el código fuente',
  },
  opening: 'Abriendo el expediente…',
  start: {
    title: 'Abra esta aplicación desde un expediente',
    lead: 'Visit Prep muestra al personal clínico una página antes de una visita: alergias, problemas, medicinas, resultados recientes de laboratorio y lo que cambió desde la última visita. Se abre desde el expediente de un paciente, así que sabe de qué paciente y de qué visita se trata.',
    launcher: 'Elegir un paciente y una visita',
    hint: 'Inicie sesión como personal de prueba',
    username: 'Nombre de usuario',
    password: 'Contraseña',
    how: 'Cómo funciona',
    steps: [
      'En la página «Abrir una aplicación», usted elige un paciente, la visita y esta aplicación.',
      'La aplicación pide abrir el expediente y usted lo permite. La aplicación nunca ve su contraseña.',
      'La aplicación lee el expediente durante una hora como máximo, hasta que usted lo cierra. No guarda nada.',
    ],
  },
  closed: {
    title: 'El expediente está cerrado',
    happened: 'La aplicación ya no puede leer el expediente. Los datos se borraron de esta pestaña.',
    next: 'Para volver a ver un expediente aquí, abra la aplicación desde el expediente.',
  },
  otherServer:
    'La aplicación se abrió desde un servidor que no conoce, así que no envió nada. Ábrala desde el expediente.',
  otherPatient:
    'El servidor envió datos que no son del paciente de este expediente, así que la aplicación no los muestra. Cierre el expediente y abra la aplicación otra vez.',
  noPatient: 'El servidor no indicó de qué paciente es el expediente. Abra la aplicación otra vez desde el expediente.',
  notOpened: (reason) =>
    `La aplicación no se abrió. Ábrala otra vez desde el expediente del paciente. El motivo del servidor: ${reason}`,
  ended: 'El acceso de la aplicación al expediente terminó. Abra la aplicación otra vez desde el expediente.',
  notRevoked: (reason) =>
    `Los datos se borraron de esta pestaña, pero el acceso de la aplicación no ha terminado. Terminará en menos de una hora. ${reason}`,
  bar: {
    title: 'Preparación de la visita',
    openedBy: (name) => `Abierto por ${name}`,
    unlisted: 'Abierto por un miembro del personal que no figura en el directorio del consultorio',
    close: 'Cerrar expediente',
    print: 'Imprimir',
    details: 'Detalles del inicio',
    facts: {
      patient: 'Paciente',
      encounter: 'Visita',
      banner: 'Datos del paciente',
      style: 'Estilo',
      user: 'Usuario',
      scopes: 'Permisos (scopes)',
      server: 'Servidor FHIR',
      expires: 'El token vence',
    },
  },
  sections: {
    visit: 'Esta visita',
    allergies: 'Alergias',
    problems: 'Problemas de salud',
    medicines: 'Medicinas',
    labs: 'Resultados recientes de laboratorio',
    changes: 'Cambios desde la última visita',
    immunizations: 'Vacunas',
    procedures: 'Procedimientos',
    visits: 'Otras visitas',
  },
  noVisit: 'La aplicación se abrió sin una visita. Para ver una aquí, elija una visita al abrir la aplicación.',
  enteredInError:
    'El expediente dice que esta visita se registró por error. Abra la aplicación otra vez con otra visita.',
  labs: {
    rule: (day) => `Son recientes los últimos resultados de los 12 meses hasta el ${day}.`,
    more: 'Más resultados recientes sin indicador',
    flagged: 'Resultados anteriores con indicador',
    older: 'Resultados anteriores sin indicador',
    note: 'Los indicadores y los rangos vienen del laboratorio o del consultorio. Esta aplicación no juzga los valores. Un resultado sin indicador también puede ser serio.',
    new: 'Resultados de laboratorio',
    unflagged: 'Resultados de laboratorio sin indicador',
  },
  lastVisit: (name, day) => `Última visita: ${name}, ${day}.`,
  noLastVisit: 'No hay registro de una visita anterior que se haya realizado, así que no hay con qué comparar.',
  noChanges: 'Ninguna anotación tiene una fecha posterior a la última visita. Aun así, puede haber cambios.',
  limits:
    'Esta lista se basa en las fechas de las anotaciones. No incluye un cambio sin fecha, como una receta que se suspendió.',
  changed: {
    recorded: 'Fecha de registro',
    since: 'Desde',
    until: 'Hasta',
    reaction: 'Última reacción',
  },
  atVisit: 'Diagnóstico de una visita',
  notExact: 'Día exacto no registrado',
};
