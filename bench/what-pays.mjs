// Sentences, made from the figures, that say where an engine or a format pays and where it does not.
import { contestantOf, ratioOf } from './goals.mjs';
import { seconds } from './table.mjs';

const WHOLE_READS = {
  'rkyv, one field': 'one field out of rkyv, check included',
  'rkyv, all': 'the whole document out of rkyv',
  'json, one field': 'one field out of json with Tandem, which checks the whole text',
};

/** @returns {string[]} only about what was measured */
export function whatPays(works) {
  return [...fewFiles(works), ...forms(works), ...fields(works)];
}

function fewFiles(works) {
  const sizes = works.filter(({ work }) => work === 'validate, few files');
  return sizes.flatMap((work) => {
    const [typescript, native] = ['typescript', 'native'].map((name) => contestantOf(work, name));
    if (typescript === undefined || native === undefined) {
      return [];
    }
    const times = `${seconds(typescript.wall.median)} in TypeScript, ${seconds(native.wall.median)} native`;
    const verdict = native.ratio.median > 0.9 ? ': the native engine does not pay' : '';
    return [`validate of ${work.files.toLocaleString('en')} files, start included: ${times}${verdict}.`];
  });
}

function forms(works) {
  return works
    .filter(({ work }) => work.includes('by format'))
    .map((work) => {
      const parts = ['bin', 'rkyv']
        .filter((form) => ratioOf(work, form) !== null)
        .map((form) => `.${form} takes ${times(ratioOf(work, form))}`);
      return `${work.work}: ${parts.join(', ')} of what .json takes.`;
    });
}

function fields(works) {
  return works
    .filter(({ work }) => work === 'one field, in process')
    .flatMap((work) =>
      work.contestants
        .filter(({ name }) => name in WHOLE_READS)
        .map(({ name, ratio, microseconds }) => {
          const took = `${microseconds.median.toFixed(1)} us`;
          const whole = name.endsWith('all') ? contestantOf(work, 'JSON.parse, all') : null;
          const share = whole === null ? ratio.median : microseconds.median / whole.microseconds.median;
          return `In memory, ${work.label}: ${WHOLE_READS[name]} takes ${took}, ${times(share)} of JSON.parse.`;
        }),
    );
}

function times(value) {
  return value >= 1 ? `${value.toFixed(2)} times` : `${(value * 100).toFixed(0)} %`;
}
