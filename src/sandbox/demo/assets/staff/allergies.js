// Sorts what the record says about allergies: allergies, and statements that none are known.
import { allWords, codesOf, listOf, valid } from '../shared/elements.js';
import { allergy } from '../shared/entries.js';
import { clinical, fact, noteFact } from '../shared/entry.js';
import { day } from '../shared/format.js';
import { messages } from './messages.js';

/** SNOMED CT: no known allergy; no known drug, environmental, food and insect allergy. */
const NONE_KNOWN = ['716186003', '409137002', '428607008', '429625007', '428197003'];

const isNoneKnown = ({ code }) => codesOf(code).some((each) => NONE_KNOWN.includes(each));

/**
 * Returns the statements that no allergies are known, the allergies to heed (with those whose status isn't clear, and
 * those of high criticality first), and the past ones.
 */
export function allergiesOf({ AllergyIntolerance }) {
  const entries = valid(AllergyIntolerance).map((given) => ({
    ...allergy(given),
    isNoneKnown: isNoneKnown(given),
    isHigh: given.criticality === 'high',
    heed: heedOf(given),
  }));
  const isCurrent = ({ group }) => group === 'current';
  return {
    noneKnown: entries.filter((each) => each.isNoneKnown && isCurrent(each)),
    heeded: entries
      .filter((each) => !each.isNoneKnown && each.group !== 'past')
      .toSorted(
        (one, other) => Number(isCurrent(other)) - Number(isCurrent(one)) || Number(other.isHigh) - Number(one.isHigh),
      ),
    past: entries.filter((each) => each.group === 'past' || (each.isNoneKnown && !isCurrent(each))),
  };
}

/** Returns the facts about an allergy that a clinician needs. A missing value is named as missing. */
function heedOf(given) {
  const text = messages.allergies;
  const reactions = listOf(given.reaction).map(({ manifestation, severity }) => {
    const words = allWords(manifestation) ?? text.notRecorded;
    return messages.severities[severity] ? `${words} (${messages.severities[severity].toLowerCase()})` : words;
  });
  return {
    marks: clinical(given).marks,
    facts: [
      [text.reaction, reactions.join('; ') || text.notRecorded],
      [text.criticality, text.criticalities[given.criticality] ?? text.notRecorded],
    ],
    lines: [fact('since', day(given.onsetDateTime)), noteFact(given)].filter(Boolean),
  };
}
