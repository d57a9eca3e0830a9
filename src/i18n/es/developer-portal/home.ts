import type { WebMessages } from '../../en/web.ts';
import { counts } from '../counts.ts';
import { plural } from '../plural.ts';
import { terms } from '../terms.ts';

export const home: WebMessages['home'] = {
  landing: {
    title: 'Cree con los datos de los pacientes',
    lead: 'Los pacientes eligen su aplicación, y ella lee su expediente por FHIR R4 o DSTU2 con SMART on FHIR. Del registro a los primeros datos pasan unos cinco minutos.',
    steps: 'Tres pasos',
    one: {
      title: 'Regístrese con su dirección del trabajo',
      text: 'Abra el enlace que llega por correo y elija una contraseña o una llave de acceso.',
    },
    two: {
      title: 'Agregue su aplicación',
      text: 'Indique su nombre, la URL de retorno y lo que quiere leer. El identificador y el secreto aparecen de inmediato.',
    },
    three: {
      title: 'Lea los datos de un paciente de prueba',
      text: 'Inicie sesión como un paciente inventado, autorice su aplicación y copie las llamadas del explorador.',
    },
    later:
      'Los pacientes reales pueden conectar su aplicación cuando un administrador haya comprobado quién es usted. Verá para qué día debe estar hecho.',
    signUp: 'Registrarse',
    signIn: terms.signIn,
    look: 'Sin cuenta',
    lookText: 'Todo esto está abierto para cualquiera.',
    explorer: 'Probar la API en el explorador',
    patients: 'Ver los pacientes de prueba',
    docs: 'Leer la documentación',
    swagger: 'Abrir Swagger UI',
    addresses: 'Direcciones de este servidor',
    authorization: terms.authorizationServer,
    otherAccount: (name) =>
      `Inició sesión como ${name}, con una cuenta que no es de desarrollador. Regístrese para tener otra: puede tener la misma dirección.`,
  },
  start: {
    title: (name) => `Hola, ${name}`,
    lead: 'Lo que sigue:',
    waiting: {
      title: (organisation) => `A la espera de los administradores de ${organisation}`,
      text: (day) =>
        `El ${day} se les pidió que le dejen entrar, y usted recibirá un correo cuando respondan. Hasta entonces puede leer la documentación y usar el explorador.`,
      own: 'Crear una organización propia',
    },
    noOrganisation: {
      title: 'Usted no pertenece a ninguna organización',
      text: 'Las aplicaciones pertenecen a una organización: solo suya, o con sus colegas.',
      button: 'Elegir su organización',
    },
    next: 'Ahora',
    done: 'Hecho',
    account: { title: 'Ya tiene una cuenta', text: (organisation) => `Usted pertenece a ${organisation}.` },
    add: {
      title: 'Agregue su aplicación',
      text: 'El identificador y el secreto aparecen de inmediato. Funciona con pacientes de prueba desde el primer minuto.',
      button: 'Agregar aplicación',
      reader: 'Aquí usted solo puede leer: pida a un administrador de su organización la función de desarrollador.',
      done: (count) =>
        plural(count, {
          one: 'Hay una aplicación.',
          many: `Hay ${counts.apps(count)}.`,
          other: `Hay ${counts.apps(count)}.`,
        }),
      all: 'Todas las aplicaciones',
    },
    data: {
      title: 'Lea los datos de un paciente de prueba',
      text: 'Inicie sesión como un paciente inventado en el explorador, vea la respuesta en R4 y DSTU2 y copie la llamada.',
      own: (app) => `Inicie sesión como un paciente ficticio y vea lo que recibe ${app} en R4 y DSTU2.`,
      button: 'Abrir el explorador',
      run: (app) => `Probar ${app} aquí`,
      docs: 'Primeros pasos, uno por uno',
      done: 'Su aplicación leyó sus primeros datos.',
    },
    apps: 'Sus aplicaciones',
    requests: (count, organisation) =>
      plural(count, {
        one: `Una persona pide unirse a ${organisation}.`,
        many: `${counts.people(count)} piden unirse a ${organisation}.`,
        other: `${counts.people(count)} piden unirse a ${organisation}.`,
      }),
    answer: 'Responder',
    secondFactor: {
      title: 'Haga más segura su cuenta',
      text: 'Se abre solo con la contraseña. Agregue una llave de acceso o una aplicación de códigos: quien consiga su contraseña no pasará de ahí.',
      button: 'Agregar un segundo paso',
    },
  },
};
