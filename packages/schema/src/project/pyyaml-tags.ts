import type { Tags } from 'yaml';

// confiture reads with PyYAML (resolver.py), in which fewer words are a boolean or a number than in this
// parser: these are text. Its dates differ too. All else is the same.
const TEXT = [
  '[yYnN]',
  '[-+]?0[0-9_]*[89][0-9_]*', // 08
  '[-+]?0[0-9_]*(?::[0-9]+)+', // 01:30
  '[-+]?[0-9_]*[eE].*', // 1e3
  '[-+]?[0-9_]*\\.[0-9_]*[eE][0-9]+', // 1.0e3
  '[-+]\\.[0-9_].*', // -.5
  '[-+]?\\.(?:[_eE].*)?', // .
];
const TIME = '(?:[Tt]|[ \\t]+)\\d\\d?:\\d\\d:\\d\\d(?:\\.\\d*)?(?:[ \\t]*(?:Z|[-+]\\d\\d?(?::\\d\\d)?))?';

/** The tags of YAML 1.1 that give plain text its type, as PyYAML has them. */
export function pyYamlTags(tags: Tags): Tags {
  const same = /:(?:map|seq|str|null|bool|int|float)$/;
  const text = new RegExp(`^(?:${TEXT.join('|')})$`);
  const date = new RegExp(`^(?:\\d{4}-\\d\\d-\\d\\d|\\d{4}-\\d\\d?-\\d\\d?${TIME})$`);
  return [
    { tag: 'tag:yaml.org,2002:str', default: true, test: text, resolve: (source) => source },
    { tag: 'tag:yaml.org,2002:timestamp', default: true, test: date, resolve: (source) => new Date(source) },
    ...tags.filter((tag) => typeof tag === 'object' && same.test(tag.tag)),
  ];
}
