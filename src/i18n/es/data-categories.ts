import type { Messages } from '../en/index.ts';
import { terms } from './terms.ts';

export const dataCategories: Messages['dataCategories'] = {
  groups: {
    person: terms.dataGroups.person,
    medicines: 'Medicamentos, alergias y vacunas',
    problems: 'Problemas de salud',
    results: terms.dataGroups.results,
    care: 'Consultas y tratamiento',
    documents: 'Notas, documentos y formularios',
    money: 'Seguro y facturas',
  },
  types: {
    Patient: {
      label: 'Datos personales',
      detail: 'Nombre, fecha de nacimiento, dirección, teléfono, idioma, raza y origen étnico.',
    },
    MedicationRequest: { label: 'Medicinas', detail: 'Qué se recetó, cómo se toma y cuándo.' },
    AllergyIntolerance: { label: 'Alergias', detail: 'Qué causa una reacción y qué tipo de reacción.' },
    Immunization: { label: 'Vacunas', detail: 'Qué vacunas se pusieron y cuándo.' },
    Encounter: { label: 'Visitas', detail: 'Visitas y estancias en el hospital: cuándo, dónde y por qué.' },
    DocumentReference: { label: 'Notas y documentos', detail: 'Notas de las visitas y cartas, con su texto.' },
    RelatedPerson: { label: 'Familia y cuidadores', detail: 'Quiénes son y cómo comunicarse con ellos.' },
    Location: { label: 'Lugares de atención', detail: 'Clínicas, salas y otros lugares que se mencionan.' },
    MedicationDispense: {
      label: 'Medicinas entregadas',
      detail: 'Lo que entregó una farmacia o el consultorio, cuánto y cuándo.',
    },
    MedicationStatement: {
      label: 'Medicinas que se toman',
      detail: 'Lo que se toma, según se dijo en el consultorio.',
    },
    MedicationAdministration: {
      label: 'Medicinas administradas',
      detail: 'Lo que se administró en una visita o en el hospital, y cuándo.',
    },
    Medication: { label: 'Nombres de medicinas', detail: 'Cómo se llaman, su forma y qué contienen.' },
    DiagnosticReport: {
      label: 'Informes de pruebas',
      detail: 'Informes de laboratorio, radiografías y otras imágenes, y lo que dicen.',
    },
    Procedure: { label: 'Procedimientos', detail: 'Operaciones, tratamientos y exámenes: qué se hizo y cuándo.' },
    CarePlan: { label: 'Planes de atención', detail: 'Lo que se planea para el tratamiento, y cómo ha de seguir.' },
    Goal: { label: 'Metas', detail: 'Lo que el tratamiento ha de lograr, y para cuándo.' },
    CareTeam: { label: 'Equipo de atención', detail: 'Quién se ocupa de qué.' },
    ServiceRequest: {
      label: 'Órdenes y referencias',
      detail: 'Lo que se ordenó: pruebas, tratamientos, otros profesionales.',
    },
    Device: { label: 'Implantes y dispositivos', detail: 'Como un marcapasos o una prótesis, con su número.' },
    Specimen: { label: 'Muestras', detail: 'De sangre y otras: qué se tomó y cuándo.' },
    Media: { label: 'Imágenes y grabaciones', detail: 'Fotos, dibujos y grabaciones del expediente.' },
    QuestionnaireResponse: {
      label: 'Respuestas a cuestionarios',
      detail: 'Cada pregunta de un formulario, con su respuesta.',
    },
    Coverage: { label: 'Seguro', detail: 'Quién paga, con el plan y el número de miembro.' },
    ExplanationOfBenefit: { label: 'Facturas y pagos', detail: 'Lo que se facturó al seguro, y lo que pagó.' },
    Appointment: { label: 'Citas', detail: 'Lo acordado: cuándo, dónde y con quién.' },
    FamilyMemberHistory: {
      label: 'Antecedentes familiares',
      detail: 'Enfermedades de los familiares: quién tuvo qué y a qué edad.',
    },
    Condition: {
      label: 'Problemas de salud',
      detail: 'Diagnósticos, la lista de problemas y las preocupaciones de salud.',
    },
    Observation: {
      label: 'Resultados y mediciones',
      detail: 'Resultados de laboratorio, presión arterial, peso y respuestas sobre el tabaco o la vivienda.',
    },
  },
  parts: {
    Condition: {
      'problem-list-item': {
        label: 'Lista de problemas',
        detail: 'Enfermedades y problemas de salud que el consultorio sigue de cerca.',
      },
      'encounter-diagnosis': {
        label: 'Diagnósticos de las visitas',
        detail: 'Lo que se encontró o se trató en una cita o en el hospital.',
      },
      'health-concern': {
        label: 'Preocupaciones de salud',
        detail: 'Inquietudes y riesgos, como dificultades con la comida o la vivienda.',
      },
    },
    Observation: {
      laboratory: { label: 'Resultados de laboratorio', detail: 'Sangre, orina y otras muestras.' },
      'vital-signs': { label: 'Signos vitales', detail: 'Presión arterial, pulso, temperatura, estatura y peso.' },
      'clinical-test': {
        label: 'Exámenes y otras pruebas',
        detail: 'Por ejemplo, del corazón o de los ojos, radiografías y otras imágenes.',
      },
      'social-history': {
        label: 'Vida personal',
        detail: 'Tabaco, alcohol, ejercicio, trabajo, embarazo, orientación sexual.',
      },
      sdoh: { label: 'Situación de vida', detail: 'Comida, vivienda, dinero, transporte y seguridad en el hogar.' },
      survey: {
        label: 'Cuestionarios y evaluaciones',
        detail: 'Respuestas dadas, cómo va la vida diaria y deseos sobre la atención.',
      },
    },
  },
  supporting: {
    Practitioner: 'Médicos y otros profesionales',
    Organization: 'Consultorios y otras organizaciones',
    Provenance: 'De dónde vienen los datos',
    PractitionerRole: 'Qué hacen los profesionales y dónde',
    HealthcareService: 'Servicios de los consultorios',
    Endpoint: 'Direcciones de sistemas',
    Questionnaire: 'Cuestionarios',
    ValueSet: 'Listas de códigos',
  },
  partialLabel: (label) => `Una parte de: ${label.toLowerCase()}`,
  partialDetail: 'Solo los que la aplicación indica, no todos.',
};
