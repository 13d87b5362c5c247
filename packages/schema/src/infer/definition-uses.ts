import { list, nameList, type Tree, typeText } from '../parse/node-fields.ts';
import type { Space } from './space.ts';
import type { Surroundings, UsedObjects } from './used-objects.ts';

type Meanings = Readonly<Record<string, Space>>;

function meanings(space: Space, names: string): Meanings {
  return Object.fromEntries(names.split(' ').map((name) => [name, space] as const));
}

/** What the options of CREATE AGGREGATE, OPERATOR, TYPE and their kind name. A commutator or negator may come later. */
const MEANINGS: Readonly<Record<string, Meanings>> = {
  OBJECT_AGGREGATE: {
    ...meanings(
      'function',
      'sfunc sfunc1 finalfunc combinefunc serialfunc deserialfunc msfunc minvfunc mfinalfunc',
    ),
    ...meanings('type', 'stype stype1 mstype basetype'),
    sortop: 'operator',
  },
  OBJECT_OPERATOR: {
    ...meanings('function', 'function procedure restrict join'),
    ...meanings('type', 'leftarg rightarg'),
  },
  OBJECT_TYPE: {
    ...meanings('function', 'input output receive send typmod_in typmod_out analyze subscript'),
    ...meanings('type', 'like element'),
  },
  OBJECT_COLLATION: { from: 'collation' },
  OBJECT_TSCONFIGURATION: { copy: 'text search configuration', parser: 'text search parser' },
  OBJECT_TSDICTIONARY: { template: 'text search template' },
  OBJECT_TSPARSER: meanings('function', 'start gettoken end lextypes headline'),
  OBJECT_TSTEMPLATE: meanings('function', 'init lexize'),
  RANGE: {
    ...meanings('function', 'canonical subtype_diff'),
    subtype: 'type',
    subtype_opclass: 'operator class',
    collation: 'collation',
  },
};

/** @param kind an objtype of DefineStmt, or RANGE */
export function definitionUses(
  kind: unknown,
  definition: unknown,
  at: number,
  around: Surroundings,
  used: UsedObjects,
): void {
  const meaning = MEANINGS[String(kind)] ?? {};
  const said = options(definition);
  const typeOf = (option: string): string[] => {
    const [, value] = said.find(([name]) => name === option) ?? [];
    const { TypeName } = (value ?? {}) as { TypeName?: Tree };
    return TypeName === undefined ? [] : [typeText(TypeName)];
  };
  for (const [option, value, location] of said) {
    const space = meaning[option];
    const {
      TypeName,
      List,
      String: text,
    } = (value ?? {}) as {
      TypeName?: Tree;
      List?: Tree;
      String?: { sval?: string };
    };
    const name = text === undefined ? nameList(TypeName?.['names'] ?? List?.['items']) : [text.sval ?? ''];
    if (space === undefined || name.length === 0) continue;
    const isOperators = option === 'function' || option === 'procedure';
    const args = isOperators ? { types: [...typeOf('leftarg'), ...typeOf('rightarg')] } : null;
    used.add(space, name, location < 0 ? at : location, around, { args, isDoubtful: space === 'operator' });
  }
}

/** The DefElems of a list: name in small letters, value and location. */
export function options(elements: unknown): (readonly [name: string, value: unknown, location: number])[] {
  return list(elements).map((each) => {
    const { defname, arg, location } = (each as { DefElem?: Tree }).DefElem ?? {};
    return [String(defname).toLowerCase(), arg, typeof location === 'number' ? location : -1];
  });
}
