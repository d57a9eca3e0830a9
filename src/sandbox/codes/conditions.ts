import { coding, conceptFromCodings, type SandboxConcept } from './coding.ts';

/** A condition: SNOMED CT code and display, ICD-10-CM code and display, and the plain name that patients use. */
type ConditionRow = readonly [snomed: string, display: string, icd10: string, icd10Display: string, plain: string];

// biome-ignore format: a table, one row a line
const ROWS = {
  diabetes: ['44054006', 'Diabetes mellitus type 2 (disorder)', 'E11.9', 'Type 2 diabetes mellitus without complications', 'Type 2 diabetes'],
  diabeticKidney: ['127013003', 'Disorder of kidney due to diabetes mellitus (disorder)', 'E11.22', 'Type 2 diabetes mellitus with diabetic chronic kidney disease', 'Kidney disease from diabetes'],
  prediabetes: ['714628002', 'Prediabetes (finding)', 'R73.03', 'Prediabetes', 'Prediabetes'],
  gestationalDiabetes: ['11687002', 'Gestational diabetes mellitus (disorder)', 'O24.410', 'Gestational diabetes mellitus in pregnancy, diet controlled', 'Diabetes in pregnancy'],
  kidneyStage3: ['433144002', 'Chronic kidney disease stage 3 (disorder)', 'N18.30', 'Chronic kidney disease, stage 3 unspecified', 'Chronic kidney disease, stage 3'],
  kidneyStage4: ['431857002', 'Chronic kidney disease stage 4 (disorder)', 'N18.4', 'Chronic kidney disease, stage 4 (severe)', 'Chronic kidney disease, stage 4'],
  kidneyFailure: ['46177005', 'End-stage renal disease (disorder)', 'N18.6', 'End stage renal disease', 'Kidney failure (end-stage renal disease)'],
  kidneyAnemia: ['707323002', 'Anemia in chronic kidney disease (disorder)', 'D63.1', 'Anemia in chronic kidney disease', 'Anemia from kidney disease'],
  hypertension: ['59621000', 'Essential hypertension (disorder)', 'I10', 'Essential (primary) hypertension', 'High blood pressure'],
  hyperlipidemia: ['55822004', 'Hyperlipidemia (disorder)', 'E78.5', 'Hyperlipidemia, unspecified', 'High cholesterol'],
  obesity: ['162864005', 'Body mass index 30+ - obesity (finding)', 'E66.9', 'Obesity, unspecified', 'Obesity'],
  hypothyroidism: ['40930008', 'Hypothyroidism (disorder)', 'E03.9', 'Hypothyroidism, unspecified', 'Underactive thyroid'],
  asthma: ['195967001', 'Asthma (disorder)', 'J45.909', 'Unspecified asthma, uncomplicated', 'Asthma'],
  copd: ['13645005', 'Chronic obstructive lung disease (disorder)', 'J44.9', 'Chronic obstructive pulmonary disease, unspecified', 'COPD'],
  pneumonia: ['233604007', 'Pneumonia (disorder)', 'J18.9', 'Pneumonia, unspecified organism', 'Pneumonia'],
  heartFailure: ['88805009', 'Chronic congestive heart failure (disorder)', 'I50.9', 'Heart failure, unspecified', 'Heart failure'],
  coronary: ['53741008', 'Coronary arteriosclerosis (disorder)', 'I25.10', 'Atherosclerotic heart disease of native coronary artery without angina pectoris', 'Coronary heart disease'],
  heartAttack: ['22298006', 'Myocardial infarction (disorder)', 'I21.9', 'Acute myocardial infarction, unspecified', 'Heart attack'],
  fibrillation: ['49436004', 'Atrial fibrillation (disorder)', 'I48.91', 'Unspecified atrial fibrillation', 'Atrial fibrillation'],
  depression: ['370143000', 'Major depressive disorder (disorder)', 'F32.9', 'Major depressive disorder, single episode, unspecified', 'Depression'],
  anxiety: ['21897009', 'Generalized anxiety disorder (disorder)', 'F41.1', 'Generalized anxiety disorder', 'Anxiety'],
  adhd: ['406506008', 'Attention deficit hyperactivity disorder (disorder)', 'F90.9', 'Attention-deficit hyperactivity disorder, unspecified type', 'ADHD'],
  migraine: ['37796009', 'Migraine (disorder)', 'G43.909', 'Migraine, unspecified, not intractable, without status migrainosus', 'Migraine'],
  alzheimer: ['26929004', "Alzheimer's disease (disorder)", 'G30.9', "Alzheimer's disease, unspecified", "Alzheimer's disease"],
  arthritis: ['69896004', 'Rheumatoid arthritis (disorder)', 'M06.9', 'Rheumatoid arthritis, unspecified', 'Rheumatoid arthritis'],
  kneeArthrosis: ['239873007', 'Osteoarthritis of knee (disorder)', 'M17.9', 'Osteoarthritis of knee, unspecified', 'Knee arthritis'],
  osteoporosis: ['64859006', 'Osteoporosis (disorder)', 'M81.0', 'Age-related osteoporosis without current pathological fracture', 'Osteoporosis'],
  gout: ['90560007', 'Gout (disorder)', 'M10.9', 'Gout, unspecified', 'Gout'],
  breastCancer: ['254837009', 'Malignant neoplasm of breast (disorder)', 'C50.912', 'Malignant neoplasm of unspecified site of left female breast', 'Breast cancer, left side'],
  ironDeficiency: ['87522002', 'Iron deficiency anemia (disorder)', 'D50.9', 'Iron deficiency anemia, unspecified', 'Anemia from low iron'],
  reflux: ['235595009', 'Gastroesophageal reflux disease (disorder)', 'K21.9', 'Gastro-esophageal reflux disease without esophagitis', 'Acid reflux'],
  rhinitis: ['367498001', 'Seasonal allergic rhinitis (disorder)', 'J30.2', 'Other seasonal allergic rhinitis', 'Hay fever'],
  eczema: ['24079001', 'Atopic dermatitis (disorder)', 'L20.9', 'Atopic dermatitis, unspecified', 'Eczema'],
  otitis: ['65363002', 'Otitis media (disorder)', 'H66.90', 'Otitis media, unspecified, unspecified ear', 'Ear infection'],
  strepThroat: ['43878008', 'Streptococcal sore throat (disorder)', 'J02.0', 'Streptococcal pharyngitis', 'Strep throat'],
  pharyngitis: ['195662009', 'Acute viral pharyngitis (disorder)', 'J02.9', 'Acute pharyngitis, unspecified', 'Sore throat'],
  bronchitis: ['10509002', 'Acute bronchitis (disorder)', 'J20.9', 'Acute bronchitis, unspecified', 'Bronchitis'],
  sinusitis: ['444814009', 'Viral sinusitis (disorder)', 'J01.90', 'Acute sinusitis, unspecified', 'Sinus infection'],
  urinaryInfection: ['301011002', 'Escherichia coli urinary tract infection (disorder)', 'N39.0', 'Urinary tract infection, site not specified', 'Urinary tract infection'],
  forearmFracture: ['65966004', 'Fracture of forearm (disorder)', 'S52.91XA', 'Unspecified fracture of right forearm, initial encounter for closed fracture', 'Broken right forearm'],
  ankleSprain: ['44465007', 'Sprain of ankle (disorder)', 'S93.409A', 'Sprain of unspecified ligament of unspecified ankle, initial encounter', 'Sprained ankle'],
  pregnancy: ['72892002', 'Normal pregnancy (finding)', 'Z34.90', 'Encounter for supervision of normal pregnancy, unspecified, unspecified trimester', 'Pregnancy'],
  foodInsecurity: ['733423003', 'Food insecurity (finding)', 'Z59.41', 'Food insecurity', 'Not always enough to eat'],
  livesAlone: ['105529008', 'Lives alone (finding)', 'Z60.2', 'Problems related to living alone', 'Lives alone'],
} satisfies Record<string, ConditionRow>;

export type ConditionKey = keyof typeof ROWS;

export const conditionConcept = (key: ConditionKey): SandboxConcept => {
  const [snomed, display, icd10, icd10Display, plain] = ROWS[key];
  return conceptFromCodings([coding('snomed', snomed, display), coding('icd10', icd10, icd10Display)], plain);
};

/** Returns the plain name of a condition that patients use. */
export const conditionName = (key: ConditionKey): string => ROWS[key][4];
